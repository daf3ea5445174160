import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { EscalatorError } from '../../shared/errors.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Source } from '../../shared/trail/entry.ts';
import type { TellPorts } from '../support/tell.ts';
import { answerError } from '../support/http-errors.ts';
import { type ExportCommand, exportGroup } from './record-export.ts';
import { acknowledged } from './record-acknowledgement.ts';
import { noted } from './record-note.ts';
import { gamedayAsked } from './record-gameday.ts';
import { ordered } from './record-order.ts';
import { silenced } from './record-silence.ts';
import { type Redrive, redriven, takenId } from './redrive.ts';

export type CommandPorts = {
  telling: TellPorts;
  trail: Trail;
  source: Source;
  redrive: Redrive;
  /** who the request is from: on AWS the signer of the request, on one machine whoever they say */
  actorOf: (context: Context, said: string) => Actor;
  /** the ladders there are, as `production/shop` */
  ladders: string[];
  /** asks for a seal soon, where one need not be waited for */
  seal: () => void;
};

/** Text of a length, without spaces around it. */
const words = (atMost: number, empty?: string, long?: string) =>
  z.string().check(z.trim(), z.minLength(1, empty), z.maxLength(atMost, long));
const text = (atMost: number) => z.string().check(z.minLength(1), z.maxLength(atMost));
const like = (pattern: RegExp, otherwise?: string) => z.string().check(z.regex(pattern, otherwise));
const from = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

const name = words(200);
const id = like(/^[0-9a-zA-Z-]{8,64}$/, '8 to 64 letters, digits and dashes');
const sha256 = like(/^[0-9a-f]{64}$/, '64 hex digits');
const instant = z.iso.datetime();

const Asked = z.union([
  z.strictObject({ everything: z.literal(true) }),
  z.strictObject({ since: instant, until: instant }),
  z.strictObject({ change: like(/^[0-9a-f]{7,64}$/) }),
  z.strictObject({ release: text(500) }),
]);
const Export = z.strictObject({ id, by: name, asked: Asked, entries: z.int().check(z.nonnegative()), sums: sha256 });
const Which = z.union([
  z.strictObject({ release: text(500) }),
  z.strictObject({ commit: like(/^[0-9a-f]{7,64}$/, '7 to 64 hex digits') }),
]);
const Order = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('hold') }),
  z.strictObject({ name: z.literal('claim'), until: instant }),
  z.strictObject({ name: z.literal('resume') }),
  z.strictObject({
    name: z.literal('approve'),
    incident: text(200),
    level: z.optional(text(64)),
  }),
  z.strictObject({ name: z.literal('force'), level: text(64) }),
  z.strictObject({ name: z.literal('converge'), level: text(64) }),
  z.strictObject({ name: z.literal('quarantine'), of: Which }),
  z.strictObject({ name: z.literal('release'), of: Which }),
]);
const why = words(500, 'say why', 'at most 500 characters');
const OrderBody = z.strictObject({ id, by: name, ladder: z.string().check(z.maxLength(200)), order: Order, why });
/** A commit, or an address that people can open: what stands there is shown, and linked nowhere by itself. */
const commitOrLink = z.string().check(
  z.trim(),
  z.maxLength(500, 'at most 500 characters'),
  z.refine(
    (said) => /^[0-9a-f]{7,64}$/.test(said) || isAddress(said),
    'a commit (7 to 64 hex digits) or an address (https://...)',
  ),
);
const isAddress = (text: string): boolean =>
  /^https?:\/\/[^\s\p{Cc}]+$/u.test(text) && URL.canParse(text) && new URL(text).username === '';
const incident = text(200);
const cause = words(500, 'say what the cause was', 'at most 500 characters');
const NoteBody = z.strictObject({ id, by: name, incident, cause, preventedBy: commitOrLink });
const GamedayBody = z.strictObject({
  id,
  by: name,
  ladder: z.string().check(z.maxLength(200)),
  check: text(64),
  mode: z.nullable(z.enum(['observe', 'ask', 'act'])),
  steps: z.nullable(from(0, 100)),
  why,
});
const AckBody = z.strictObject({ id, by: name, alert: z.string().check(z.minLength(1), z.maxLength(300)), why });
const SilenceBody = z.strictObject({
  id,
  by: name,
  match: z.record(z.string(), z.unknown()),
  from: z.nullable(instant),
  until: instant,
  why,
});
const LiftBody = z.strictObject({ id, by: name, silence: id, why });
const RedriveBody = z.strictObject({ id, by: name, queue: name, limit: from(1, 10_000) });

/** What people tell the product to do, each on record with who said so. Each has an id, so that asking twice is once. */
export const commandApi = (ports: CommandPorts): Hono => {
  const { trail, source, actorOf, seal } = ports;
  const api = new Hono();
  api.post('/api/exports', async (context) => {
    const command: ExportCommand = await bodyOf(context, Export);
    const [recorded] = await trail.append([exportGroup(command, actorOf(context, command.by), source)]);
    if (recorded?.status === 'stood') throw takenId(command.id);
    seal();
    return context.json({ seq: recorded?.place.seq ?? 0 });
  });
  // An order of each name has a path of its own, so that who may give which can be said by path.
  api.post('/api/orders/:name', async (context) => {
    const { by, ...command } = await bodyOf(context, OrderBody);
    const { name } = command.order;
    if (name !== context.req.param('name')) throw elsewhere(name);
    return context.json({ seq: await ordered(ports, command, actorOf(context, by)) });
  });
  api.post('/api/notes', async (context) => {
    const { by, ...command } = await bodyOf(context, NoteBody);
    return context.json({ seq: await noted(ports, command, actorOf(context, by)) });
  });
  api.post('/api/acknowledgements', async (context) => {
    const { by, ...command } = await bodyOf(context, AckBody);
    await acknowledged({ ...ports.telling, known: ports.ladders }, command, actorOf(context, by));
    return context.json({});
  });
  api.post('/api/silences/set', async (context) => {
    const { by, from, ...given } = await bodyOf(context, SilenceBody);
    const begins = from ?? ports.telling.now().toISOString();
    await silenced(ports.telling, { type: 'set', ...given, from: begins, who: actorOf(context, by) });
    return context.json({});
  });
  api.post('/api/silences/lifted', async (context) => {
    const { by, ...given } = await bodyOf(context, LiftBody);
    await silenced(ports.telling, { type: 'lift', ...given, who: actorOf(context, by) });
    return context.json({});
  });
  api.post('/api/gamedays', async (context) => {
    const { by, ...command } = await bodyOf(context, GamedayBody);
    return context.json({ seq: await gamedayAsked(ports, command, actorOf(context, by)) });
  });
  api.post('/api/redrives', async (context) => {
    const { by, ...command } = await bodyOf(context, RedriveBody);
    return context.json(await redriven(ports, command, actorOf(context, by)));
  });
  api.onError(answerError('take-command'));
  return api;
};

const elsewhere = (order: string): EscalatorError =>
  new EscalatorError('ESC-012', `order.name: ${order} is not given here`, `POST /api/orders/${order}`);

const largestBody = 64 * 1024;

/**
 * Reads what a command says. It must come as `application/json`, which no page of somebody else's can send without
 * asking first. Throws ESC-012, naming what is wrong.
 */
const bodyOf = async <T>(context: Context, schema: z.ZodMiniType<T>): Promise<T> => {
  const type = context.req.header('content-type') ?? '';
  if (!type.startsWith('application/json')) throw new EscalatorError('ESC-012', 'a command is application/json');
  const text = await context.req.text();
  if (text.length > largestBody) throw new EscalatorError('ESC-012', `a command has at most ${largestBody} bytes`);
  const parsed = schema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  throw new EscalatorError('ESC-012', said.join('; '));
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
