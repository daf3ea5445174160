import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { EscalatorError } from '../../shared/errors.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Source } from '../../shared/trail/entry.ts';
import { answerError } from '../support/http-errors.ts';
import { type ExportCommand, exportGroup } from './record-export.ts';
import { noted } from './record-note.ts';
import { gamedayAsked } from './record-gameday.ts';
import { ordered } from './record-order.ts';
import { type Redrive, redriven, takenId } from './redrive.ts';

export type CommandPorts = {
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

const name = z.string().trim().min(1).max(200);
const id = z.string().regex(/^[0-9a-zA-Z-]{8,64}$/, '8 to 64 letters, digits and dashes');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');
const instant = z.iso.datetime();

const Asked = z.union([
  z.strictObject({ everything: z.literal(true) }),
  z.strictObject({ since: instant, until: instant }),
  z.strictObject({ change: z.string().regex(/^[0-9a-f]{7,64}$/) }),
  z.strictObject({ release: z.string().min(1).max(500) }),
]);
const Export = z.strictObject({ id, by: name, asked: Asked, entries: z.int().nonnegative(), sums: sha256 });
const Which = z.union([
  z.strictObject({ release: z.string().min(1).max(500) }),
  z.strictObject({ commit: z.string().regex(/^[0-9a-f]{7,64}$/, '7 to 64 hex digits') }),
]);
const Order = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('hold') }),
  z.strictObject({ name: z.literal('claim'), until: instant }),
  z.strictObject({ name: z.literal('resume') }),
  z.strictObject({
    name: z.literal('approve'),
    incident: z.string().min(1).max(200),
    level: z.string().min(1).max(64).optional(),
  }),
  z.strictObject({ name: z.literal('force'), level: z.string().min(1).max(64) }),
  z.strictObject({ name: z.literal('converge'), level: z.string().min(1).max(64) }),
  z.strictObject({ name: z.literal('quarantine'), of: Which }),
  z.strictObject({ name: z.literal('release'), of: Which }),
]);
const why = z.string().trim().min(1, 'say why').max(500, 'at most 500 characters');
const OrderBody = z.strictObject({ id, by: name, ladder: z.string().max(200), order: Order, why });
/** A commit, or an address that people can open: what stands there is shown, and linked nowhere by itself. */
const commitOrLink = z
  .string()
  .trim()
  .max(500, 'at most 500 characters')
  .refine(
    (text) => /^[0-9a-f]{7,64}$/.test(text) || isAddress(text),
    'a commit (7 to 64 hex digits) or an address (https://...)',
  );
const isAddress = (text: string): boolean =>
  /^https?:\/\/[^\s\p{Cc}]+$/u.test(text) && URL.canParse(text) && new URL(text).username === '';
const incident = z.string().min(1).max(200);
const cause = z.string().trim().min(1, 'say what the cause was').max(500, 'at most 500 characters');
const NoteBody = z.strictObject({ id, by: name, incident, cause, preventedBy: commitOrLink });
const GamedayBody = z.strictObject({
  id,
  by: name,
  ladder: z.string().max(200),
  check: z.string().min(1).max(64),
  mode: z.enum(['observe', 'ask', 'act']).nullable(),
  steps: z.int().min(0).max(100).nullable(),
  why,
});
const RedriveBody = z.strictObject({ id, by: name, queue: name, limit: z.int().min(1).max(10_000) });

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
const bodyOf = async <T>(context: Context, schema: z.ZodType<T>): Promise<T> => {
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
