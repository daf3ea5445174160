import type { Row, Rows } from '../../shared/ports.ts';
import { rowForChange } from '../../shared/question/rows.ts';
import { thingsOf } from '../../shared/question/things.ts';
import { changesOf, isTold, type Tie, tiesOf, withTies } from '../../shared/question/ties.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';

/**
 * What is known of the things that some segments are about: as stored before them, and with what their own entries
 * tell. `before` is the sort key of the first of them; of `unseen` executions nothing was indexed before them.
 */
export type Ties = {
  stored: Map<string, StoredTies>;
  told: Told[];
  all: Map<string, Tie[]>;
  before: string;
  unseen: Set<string>;
};
type StoredTies = { seq: number; ties: Tie[] };
type Told = { tie: Tie; seq: number };
type Stored = Pick<Ties, 'stored' | 'unseen'>;

/** Reads the ties of the things of some segments, and of what those are tied to: two reads, however many entries there are. */
export const readTies = async (rows: Rows, entries: Entry[]): Promise<Ties> => {
  const told = entries.flatMap((entry) => tiesOf(entry).map((tie) => ({ tie, seq: entry.seq })));
  const things = [...entries.flatMap(thingsOf), ...told.flatMap(({ tie }) => [tie.of, tie.to])];
  const { stored, unseen } = await readStored(rows, things);
  const further = [...stored.values()].flatMap((known) => known.ties.map(({ to }) => to));
  const next = await readStored(
    rows,
    further.filter((thing) => !stored.has(thing)),
  );
  for (const [thing, known] of next.stored) stored.set(thing, known);
  const all = new Map([...stored].map(([thing, known]) => [thing, known.ties]));
  for (const { tie } of told) all.set(tie.of, withTies(all.get(tie.of) ?? [], [tie]));
  return { stored, told, all, before: pad(entries[0]?.segment ?? 0), unseen };
};

/**
 * Most things are tied once, and found unseen: the first tie is a row of its own, that is the same whoever writes it, so
 * that it is written in a batch. All of them stand under a version where there are more.
 */
const readStored = async (rows: Rows, given: string[]): Promise<Stored> => {
  const things = [...new Set(given)].filter((thing) => !thing.startsWith('change:'));
  const executions = things.filter(isExecution);
  const questions = [...things.flatMap((thing) => [first(thing), ties(thing)]), ...executions.map(seen)];
  const found = new Map((questions.length === 0 ? [] : await rows.states(questions)).map((row) => [row.question, row]));
  const stored = things.flatMap((thing): [string, StoredTies][] => {
    const row = found.get(ties(thing)) ?? found.get(first(thing));
    return row === undefined ? [] : [[thing, row.body as StoredTies]];
  });
  return { stored: new Map(stored), unseen: new Set(executions.filter((thing) => !found.has(seen(thing)))) };
};

const ties = (thing: string): string => `ties:${thing}`;
const first = (thing: string): string => `first-tie:${thing}`;
const seen = (execution: string): string => `seen:${execution}`;
const isExecution = (thing: string): boolean => thing.startsWith('execution:');

/** That there are rows of these executions from here on. To be put with those. */
export const seenRows = ({ unseen }: Ties): Row[] =>
  [...unseen].map((execution) => ({ question: seen(execution), sort: 'state', segment: 0, body: {} }));

/**
 * Takes in what a segment tells of what belongs together. What was recorded about a thing before it was known to belong
 * to a change is listed under the change too; the tie is noted last, so that what was cut short is done again.
 */
export const tieEarlier = async (rows: Rows, known: Ties): Promise<void> => {
  const fresh = known.told.filter(({ tie }) => !isTold(known.stored.get(tie.of)?.ties ?? [], tie));
  if (fresh.length === 0) return;
  await rows.put(fresh.filter(({ tie }) => !tie.to.startsWith('change:')).map(({ tie }) => belowRow(tie)));
  for (let from = 0; from < fresh.length; from += tiesAtOnce) {
    const some = fresh.slice(from, from + tiesAtOnce);
    const earlier = await Promise.all(some.map(({ tie }) => earlierRows(rows, known, tie)));
    await rows.put(earlier.flat());
  }
  await rows.put([...new Set(fresh.map(({ tie }) => tie.of))].flatMap((thing) => tieRows(known, thing)));
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

const tieRows = ({ stored, told }: Ties, thing: string): Row[] => {
  const before = stored.get(thing);
  const added = told.filter(({ tie, seq }) => tie.of === thing && seq > (before?.seq ?? -1));
  const newest = added.at(-1);
  if (newest === undefined) return []; // somebody further on has taken it in
  const together = { seq: newest.seq, ties: withTies(before?.ties ?? [], tiesIn(added)) };
  const row: Row = { question: ties(thing), sort: 'state', segment: 0, body: together, version: newest.seq };
  if (before !== undefined) return [row];
  const [{ seq }] = added as [Told];
  const alone = { seq, ties: tiesIn(added.filter((one) => one.seq === seq)) };
  const firstRow: Row = { question: first(thing), sort: 'state', segment: 0, body: alone };
  return together.ties.length === alone.ties.length ? [firstRow] : [firstRow, row];
};

const tiesIn = (told: Told[]): Tie[] =>
  withTies(
    [],
    told.map(({ tie }) => tie),
  );

/** Things that belong to one execution, at most: its builds, deployments, stacks and approvals. */
const belowAtMost = 200;

/** What was recorded before these segments of a thing and of what belongs to it, as rows of its changes. */
const earlierRows = async (rows: Rows, known: Ties, tie: Tie): Promise<Row[]> => {
  const changes = changesOf(known.all, tie.to, tie.until ?? '');
  if (changes.length === 0 || known.unseen.has(tie.of)) return [];
  const below = isExecution(tie.of) ? await rows.newest(`below:${tie.of}`, belowAtMost) : [];
  const found: Row[] = [];
  for (const thing of [tie, ...below.map(({ body }) => body as Tie)])
    for await (const page of pagesOf(rows, thing.of, known.before))
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
