import { createHash, randomUUID } from 'node:crypto';
import { EscalatorError } from '../../shared/errors.ts';
import { base64Of, fromHex } from '../../shared/proof/bytes.ts';
import { gapSubtrees, type Run } from '../../shared/proof/gaps.ts';
import { type Checkpoint, readNote } from '../../shared/proof/note.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { checkpointPath, detailPath, files } from '../../shared/verify/source.ts';
import type { Api } from '../api.ts';
import { type Asked, wantedBy } from './asked.ts';
import { nothingTaken, type Taken, takeLines } from './lines.ts';
import { startTables } from './tables.ts';
import type { PackWriter } from './writer.ts';

export type Exporting = {
  api: Api;
  asked: Asked;
  by: string;
  now: Date;
  /** a checkpoint that somebody kept: the pack can be compared with it */
  kept: Checkpoint | null;
  pause: (ms: number) => Promise<void>;
  remark: (line: string) => void;
};

export type Exported = { entries: number; size: number; seq: number };

/** Writes a pack: what was asked for, what it adds up to, the export's own entry, and the proof of it all. */
export const exportPack = async (work: Exporting, pack: PackWriter): Promise<Exported> => {
  const { api, asked, by, now } = work;
  const { runs, open } = await wantedBy(api, asked);
  if (runs.length === 0) throw new EscalatorError('ESC-011', 'there is nothing on record of what was asked for');
  const taken = nothingTaken();
  const tables = startTables();
  for (const run of runs) await takeLines(api, pack, taken, run, tables.take);
  for (const sha256 of taken.details) await takeDetail(work, pack, sha256);
  const stops = await takeCheckpoints(work, pack, taken.runs);
  const origin = (await api.text('/api/key')).split('+')[0] ?? '';
  await tables.write(pack, { origin, asked, by, now, entries: taken.count, runs: taken.runs });
  const command = { id: randomUUID(), by, asked, entries: taken.count, sums: pack.sums() };
  const { seq }: { seq: number } = await api.post('/api/exports', command);
  const first = open ? endOf(taken.runs) : seq;
  await takeLines(api, pack, taken, { first, count: seq + 1 - first }, () => {});
  const { text, size } = await sealed(work, seq);
  pack.file(files.checkpoint, text);
  await writeProof(api, pack, taken, stops, size);
  return { entries: taken.count, size, seq };
};

const endOf = (runs: Run[]): number => {
  const last = runs.at(-1);
  return last === undefined ? 0 : last.first + last.count;
};

/** One that the store lost, or somebody changed, is left out and said: the pack is then incomplete, and shows it. */
const takeDetail = async ({ api, remark }: Exporting, pack: PackWriter, sha256: string): Promise<void> => {
  const body = await api.bytes(`/api/details/${sha256}`).catch(absent);
  const isOwn = body !== null && createHash('sha256').update(body).digest('hex') === sha256;
  if (isOwn) pack.file(detailPath(sha256), body);
  else remark(`the detail ${sha256} is not what was recorded, and is left out`);
};

const absent = (error: unknown): null => {
  if (error instanceof EscalatorError && error.code === 'ESC-011') return null;
  throw error;
};

type Listed = { size: number; at: string };

/** Of the checkpoints within what was taken the last of each day, the newest of them, at most so many. */
const mostCheckpoints = 400;

/** Takes over what was signed before; answers the sizes. */
const takeCheckpoints = async ({ api, kept }: Exporting, pack: PackWriter, runs: Run[]): Promise<number[]> => {
  const wanted = new Set<number>(kept === null ? [] : [kept.size]);
  const [run] = runs;
  if (run !== undefined && runs.length === 1) {
    const range = { from: run.first, to: run.first + run.count };
    const { items }: { items: Listed[] } = await api.get('/api/checkpoints', range);
    const lastOfDay = new Map(items.map(({ size, at }) => [at.slice(0, 10), size]));
    for (const size of [...lastOfDay.values()].slice(-mostCheckpoints)) wanted.add(size);
  }
  for (const size of wanted) pack.file(checkpointPath(size), await api.text(`/api/checkpoints/${size}`));
  return [...wanted];
};

/** The trail is sealed once a minute; a little longer is waited for. */
const sealWaits = { ms: 250, times: 600 };

/** The first checkpoint that speaks of the entry. Throws ESC-014 where none comes. */
const sealed = async ({ api, pause, remark }: Exporting, seq: number): Promise<{ text: string; size: number }> => {
  for (let waited = 0; waited < sealWaits.times; waited += 1) {
    const text = await api.text('/api/checkpoint').catch(notYet);
    const size = readNote(text)?.checkpoint.size ?? 0;
    if (size > seq) return { text, size };
    if (waited % lookEvery === 0) await throwIfRefused(api, size);
    if (waited === lookEvery) remark('waiting until the trail is sealed, at most a minute or two');
    await pause(sealWaits.ms);
  }
  throw new EscalatorError('ESC-014', 'the trail was not sealed in time', seeRunbook);
};

const lookEvery = 8;
const seeRunbook = 'see docs/runbook.md, "The trail is not sealed"';

/** What was refused at the size that is still the newest is refused until a person has looked. */
const throwIfRefused = async (api: Api, size: number): Promise<void> => {
  const { items }: Page<EntryItem> = await api.get('/api/entries', { kind: 'seal.refused', limit: 1 });
  const [refused] = items;
  if (refused?.detail['signed'] !== size) return;
  throw new EscalatorError('ESC-014', refused.reason ?? 'the trail is not sealed', seeRunbook);
};

const notYet = (error: unknown): string => absent(error) ?? '';

/** Hashes asked for at once. */
const subtreesAtOnce = 100;

const writeProof = async (
  api: Api,
  pack: PackWriter,
  { runs }: Taken,
  stops: number[],
  size: number,
): Promise<void> => {
  const needed = gapSubtrees(runs, stops, size).map(({ level, index }) => `${level}.${index}`);
  const lines: string[] = [];
  for (let from = 0; from < needed.length; from += subtreesAtOnce) {
    const of = needed.slice(from, from + subtreesAtOnce).join(',');
    const { hashes }: { hashes: string[] } = await api.get('/api/subtrees', { size, of });
    lines.push(...hashes.map((hash) => `${base64Of(fromHex(hash))}\n`));
  }
  pack.file(files.proof, lines.join(''));
};
