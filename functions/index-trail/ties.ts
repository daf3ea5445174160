import type { Row, Rows } from '../../shared/ports.ts';
import { rowForChange } from '../../shared/question/rows.ts';
import { thingsOf } from '../../shared/question/things.ts';
import { changesOf, isTold, type Tie, tiesOf, withTies } from '../../shared/question/ties.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';

/**
 * What is known of the things that some segments are about: as stored before them, and with what their own entries
 * tell. `before` is the sort key of the first of them.
 */
export type Ties = { stored: Map<string, StoredTies>; told: Told[]; all: Map<string, Tie[]>; before: string };
type StoredTies = { seq: number; ties: Tie[] };
type Told = { tie: Tie; seq: number };

/** Reads the ties of the things of some segments, and of what those are tied to: two reads, however many entries there are. */
export const readTies = async (rows: Rows, entries: Entry[]): Promise<Ties> => {
  const told = entries.flatMap((entry) => tiesOf(entry).map((tie) => ({ tie, seq: entry.seq })));
  const stored = new Map<string, StoredTies>();
  const things = [...entries.flatMap(thingsOf), ...told.flatMap(({ tie }) => [tie.of, tie.to])];
  await readInto(stored, rows, things);
  await readInto(
    stored,
    rows,
    [...stored.values()].flatMap(({ ties }) => ties.map(({ to }) => to)),
  );
  const all = new Map([...stored].map(([thing, { ties }]) => [thing, ties]));
  for (const { tie } of told) all.set(tie.of, withTies(all.get(tie.of) ?? [], [tie]));
  return { stored, told, all, before: pad(entries[0]?.segment ?? 0) };
};

const readInto = async (stored: Map<string, StoredTies>, rows: Rows, things: string[]): Promise<void> => {
  const wanted = [...new Set(things)].filter((thing) => !thing.startsWith('change:') && !stored.has(thing));
  const found = wanted.length === 0 ? [] : await rows.states(wanted.map((thing) => `ties:${thing}`));
  for (const { question, body } of found) stored.set(question.slice('ties:'.length), body as StoredTies);
};

/**
 * Takes in what a segment tells of what belongs together. What was recorded about a thing before it was known to belong
 * to a change is listed under the change too; the tie is noted last, so that what was cut short is done again.
 */
export const tieEarlier = async (rows: Rows, ties: Ties): Promise<void> => {
  const fresh = ties.told.filter(({ tie }) => !isTold(ties.stored.get(tie.of)?.ties ?? [], tie));
  if (fresh.length === 0) return;
  await rows.put(fresh.filter(({ tie }) => !tie.to.startsWith('change:')).map(({ tie }) => belowRow(tie)));
  for (let from = 0; from < fresh.length; from += tiesAtOnce) {
    const some = fresh.slice(from, from + tiesAtOnce);
    const earlier = await Promise.all(some.map(({ tie }) => earlierRows(rows, ties, tie)));
    await rows.put(earlier.flat());
  }
  await rows.put([...new Set(fresh.map(({ tie }) => tie.of))].flatMap((thing) => tiesRow(ties, thing)));
};

/** Ties looked after at the same time: none of them asks what another has written. */
const tiesAtOnce = 8;

/** What belongs to an execution, for when that is tied to a commit later. */
const belowRow = (tie: Tie): Row => ({
  question: `below:${tie.to}`,
  sort: sha256(JSON.stringify(tie)).slice(0, 32),
  segment: 0,
  body: tie,
});

const tiesRow = ({ stored, told }: Ties, thing: string): Row[] => {
  const before = stored.get(thing) ?? { seq: -1, ties: [] };
  const added = told.filter(({ tie, seq }) => tie.of === thing && seq > before.seq);
  const seq = Math.max(before.seq, ...added.map((one) => one.seq));
  if (added.length === 0) return []; // somebody further on has taken it in
  const body: StoredTies = {
    seq,
    ties: withTies(
      before.ties,
      added.map(({ tie }) => tie),
    ),
  };
  return [{ question: `ties:${thing}`, sort: 'state', segment: 0, body, version: seq }];
};

/** Things that belong to one execution, at most: its builds, deployments, stacks and approvals. */
const belowAtMost = 200;

/** What was recorded before these segments of a thing and of what belongs to it, as rows of its changes. */
const earlierRows = async (rows: Rows, ties: Ties, tie: Tie): Promise<Row[]> => {
  const below = await rows.newest(`below:${tie.of}`, belowAtMost);
  const things = [tie, ...below.map(({ body }) => body as Tie)];
  const changes = changesOf(ties.all, tie.to, tie.until ?? '');
  const found: Row[] = [];
  if (changes.length === 0) return found;
  for (const thing of things)
    for await (const page of pagesOf(rows, thing.of, ties.before))
      found.push(...changes.flatMap((change) => page.flatMap((row) => rowForChange(row, change, thing) ?? [])));
  return found;
};

const rowsAtOnce = 100;
/** A thing that is in more segments than this before it is known what it belongs to is listed with the newest only. */
const pagesAtMost = 100;

async function* pagesOf(rows: Rows, question: string, before: string): AsyncGenerator<Row[]> {
  let after: string | undefined = before;
  for (let pages = 0; pages < pagesAtMost; pages += 1) {
    const page = await rows.newest(question, rowsAtOnce, after);
    yield page;
    after = page.at(-1)?.sort;
    if (page.length < rowsAtOnce) return;
  }
}
