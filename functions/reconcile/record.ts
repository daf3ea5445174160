import { type Context, type Facts, factsIn } from '../../shared/event/facts-in.ts';
import type { Objects, Rows, Trail } from '../../shared/ports.ts';
import { gapGroup } from '../../shared/reconcile/gap.ts';
import { isKnown, questionFor } from '../../shared/reconcile/known.ts';
import type { Reread } from '../../shared/reconcile/reread.ts';
import type { Entry, Source } from '../../shared/trail/entry.ts';
import type { Batch, Run } from './batch.ts';

export type RecordPorts = {
  trail: Pick<Trail, 'append' | 'find' | 'open'>;
  rows: Pick<Rows, 'newest'>;
  objects: Pick<Objects, 'put'>;
  /** what an answer does not say itself */
  context: Omit<Context, 'raw' | 'reconciled'>;
  source: Source;
};

/** What became of a batch. */
export type Recorded = { late: number; backfilled: number; gaps: number };

/** So many rows of the index are looked through for what may be the same fact. */
const rowsAtMost = 200;

/**
 * Puts on record what of a batch is not there yet, and what nobody can explain. Only what happened before `until`: what
 * is newer may still be told. Doing it twice adds nothing.
 */
export const record = async (
  ports: RecordPorts,
  { until, began }: Pick<Run, 'until' | 'began'>,
  { rereads, gaps }: Pick<Batch<unknown>, 'rereads' | 'gaps'>,
): Promise<Recorded> => {
  const settled = rereads.filter(({ at }) => at === null || at <= until);
  const facts = settled.map((reread) => ({ as: markOf(reread, began), ...factsOf(ports, reread, began) }));
  const missing = await missingOf(ports, facts);
  for (const { objects } of missing) for (const { sha256, body } of objects) await ports.objects.put(sha256, body);
  const groups = [...missing.flatMap((one) => one.groups), ...gaps.map((gap) => gapGroup(gap, ports.source))];
  if (groups.length > 0) await ports.trail.append(groups);
  const late = missing.filter(({ as }) => as === 'late').length;
  return { late, backfilled: missing.length - late, gaps: gaps.length };
};

const markOf = ({ at }: Reread, began: string): 'late' | 'backfilled' =>
  at !== null && at < began ? 'backfilled' : 'late';

const factsOf = ({ context }: RecordPorts, reread: Reread, began: string): Facts =>
  factsIn(JSON.stringify(reread.event), { ...context, reconciled: { as: markOf(reread, began), by: reread.by } });

/** Those that are not on record: neither under their key, nor told with a time or an attempt a little beside theirs. */
const missingOf = async <One extends Facts>(ports: RecordPorts, facts: One[]): Promise<One[]> => {
  const standing = await Promise.all(facts.map(({ groups }) => isStanding(ports, groups)));
  const absent = facts.filter((_, index) => standing[index] !== true);
  const told = new Map<string, Entry[]>();
  const missing: One[] = [];
  for (const fact of absent) if (!(await isTold(ports, fact.groups, told))) missing.push(fact);
  return missing;
};

const isStanding = async ({ trail }: RecordPorts, groups: Facts['groups']): Promise<boolean> => {
  const places = await Promise.all(groups.map(({ key }) => trail.find(key)));
  return places.every((place) => place !== null);
};

/** @param told what was looked up for this batch already, by question */
const isTold = async (ports: RecordPorts, groups: Facts['groups'], told: Map<string, Entry[]>): Promise<boolean> => {
  const drafts = groups.flatMap(({ entries }) => entries);
  for (const draft of drafts) {
    const question = questionFor(draft);
    if (question === null) return false;
    const entries = told.get(question) ?? (await answersTo(ports, question));
    told.set(question, entries);
    if (!isKnown(draft, entries)) return false;
  }
  return true;
};

/** The newest entries that answer a question. */
export const answersTo = async (
  { rows, trail }: Pick<RecordPorts, 'rows' | 'trail'>,
  question: string,
): Promise<Entry[]> => {
  const found = await rows.newest(question, rowsAtMost);
  const seqs = new Set(found.flatMap(({ body }) => (body['seqs'] ?? []) as number[]));
  const segments = await trail.open([...new Set(found.map(({ segment }) => segment))]);
  return segments.flatMap(({ entries }) => entries).filter(({ seq }) => seqs.has(seq));
};
