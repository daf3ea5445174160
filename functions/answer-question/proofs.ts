import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { EscalatorError } from '../../shared/errors.ts';
import type { Lane, Objects } from '../../shared/ports.ts';
import { type Checkpoint, readNote, type VerifierKey, writeKey } from '../../shared/proof/note.ts';
import { base64Of, fromHex } from '../../shared/proof/bytes.ts';
import { type Archive, checkpointName, checkpointPath } from '../../shared/seal/archive.ts';
import { ArchiveDiffers, readProof, subtreeReader } from '../../shared/seal/read-tree.ts';
import { answerError } from '../support/http-errors.ts';
import { linesFrom, spanOf } from './lines.ts';

export type ProofPorts = { lane: Lane; archive: Archive; objects: Objects; key: () => Promise<VerifierKey> };

/** Digits and nothing else: what a number may be made of otherwise (an empty text, `0x10`, `1e3`) was meant otherwise. */
const place = z.pipe(z.string().check(z.regex(/^\d{1,15}$/, 'a whole number from 0 on')), z.transform(Number));
const instant = z.iso.datetime();
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, '64 hex digits'));
const linesAtOnce = 1_000;
const subtreesAtOnce = 500;

const Lines = z.strictObject({
  from: place,
  count: z.pipe(place, z.int().check(z.minimum(1), z.maximum(linesAtOnce))),
});
const Span = z.strictObject({ since: instant, until: instant });
const Range = z.strictObject({ from: place, to: place });
const Subtrees = z.strictObject({
  size: place,
  of: z.string().check(z.regex(/^\d{1,2}\.\d{1,15}(?:,\d{1,2}\.\d{1,15})*$/, 'LEVEL.INDEX, with commas between')),
});

/** What an evidence pack is made from: exact bytes, signed checkpoints, and the hashes that prove one by the other. */
export const proofApi = ({ lane, archive, objects, key }: ProofPorts): Hono => {
  const api = new Hono();
  api.get('/api/key', async (context) => context.text(`${writeKey(await key())}\n`));
  api.get('/api/checkpoint', async (context) => context.text((await newest(archive)).text));
  api.get('/api/checkpoints', async (context) => {
    const { from, to } = read(Range, context.req.query());
    const items = (await archive.checkpoints()).filter(({ size }) => size >= from && size <= to);
    return context.json({ items });
  });
  api.get('/api/checkpoints/:size', async (context) =>
    context.text((await noteAt(archive, checkpointPath(read(place, context.req.param('size'))))).text),
  );
  api.get('/api/lines', async (context) => {
    const { from, count } = read(Lines, context.req.query());
    const lines = await linesFrom(lane, from, count);
    return context.body(lines.map((line) => `${line}\n`).join(''), 200, { 'Content-Type': 'application/x-ndjson' });
  });
  api.get('/api/span', async (context) => context.json(await spanOf(lane, read(Span, context.req.query()))));
  api.get('/api/entries/:seq/proof', async (context) =>
    context.text(await tlogProof(archive, read(place, context.req.param('seq')))),
  );
  api.get('/api/subtrees', async (context) => {
    const { size, of } = read(Subtrees, context.req.query());
    return context.json({ hashes: await hashesOf(archive, size, of) });
  });
  api.get('/api/details/:sha256', async (context) => {
    const body = await objects.get(read(sha256, context.req.param('sha256')));
    if (body === null) throw new EscalatorError('ESC-011', 'there is no such detail');
    return context.body(Uint8Array.from(body), 200, { 'Content-Type': 'application/json' });
  });
  api.onError((error, context) => answerError('answer-question')(told(error), context));
  return api;
};

/** What is missing in the archive is no fault of the question's, and is said. */
const told = (error: unknown): unknown =>
  error instanceof ArchiveDiffers
    ? new EscalatorError('ESC-015', error.message, 'see docs/runbook.md, "The trail is not sealed"', { cause: error })
    : error;

/** Reads what was asked. Throws ESC-012, naming what is wrong. */
const read = <T>(schema: z.ZodMiniType<T>, given: unknown): T => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the address'}: ${message}`);
  throw new EscalatorError('ESC-012', said.join('; '));
};

type Known = { text: string; checkpoint: Checkpoint };

const noteAt = async (archive: Archive, path: string): Promise<Known> => {
  const bytes = await archive.get(path);
  const text = bytes === null ? null : new TextDecoder().decode(bytes);
  const note = text === null ? null : readNote(text);
  if (text !== null && note !== null) return { text, checkpoint: note.checkpoint };
  throw new EscalatorError('ESC-011', 'no checkpoint was signed there', 'the trail is sealed once a minute: ask again');
};

const newest = (archive: Archive): Promise<Known> => noteAt(archive, checkpointName);

/** One entry's inclusion proof: c2sp.org/tlog-proof. */
const tlogProof = async (archive: Archive, seq: number): Promise<string> => {
  const { text, checkpoint } = await newest(archive);
  if (seq >= checkpoint.size) {
    const message = `entry ${seq} is not sealed: the newest checkpoint has ${checkpoint.size} entries`;
    throw new EscalatorError('ESC-011', message, 'the trail is sealed once a minute: ask again');
  }
  const hashes = await readProof(archive, seq, checkpoint.size);
  const lines = ['c2sp.org/tlog-proof@v1', `index ${seq}`, ...hashes.map((hash) => base64Of(fromHex(hash))), ''];
  return `${lines.join('\n')}\n${text}`;
};

const hashesOf = async (archive: Archive, size: number, of: string): Promise<string[]> => {
  const subtrees = of.split(',').map((one) => one.split('.').map(Number));
  if (subtrees.length > subtreesAtOnce)
    throw new EscalatorError('ESC-012', `of: ${subtreesAtOnce} subtrees at once, at most`);
  const hashAt = subtreeReader(archive, size);
  const hashes: string[] = [];
  for (const [level = 0, index = 0] of subtrees) {
    if ((index + 1) * 2 ** level > size)
      throw new EscalatorError('ESC-012', `of: ${level}.${index} is not within ${size} entries`);
    hashes.push(await hashAt({ level, index }));
  }
  return hashes;
};
