import type { LadderConfig } from '../config/config.ts';
import { list, text } from '../event/fields.ts';
import type { Closed } from '../ladder/events.ts';
import type { Instant } from '../trail/entry.ts';
import type { EntryItem } from './answers.ts';
import { describeAction } from './ladders.ts';
import { whenOf } from './things.ts';

/** What a ladder did in a time, or would have done, and what people did where it left things to them. */
export type LadderReport = {
  ladder: string;
  since: Instant;
  until: Instant;
  /** false where more is on record than was read: then this tells of the newest part of the time */
  complete: boolean;
  /** how many incidents ended how; `open` are not over */
  ended: { [status in Closed | 'open']: number };
  /** incidents that acted, and how many of those converged */
  runs: number;
  converged: number;
  /** how long (ms) until all checks passed again, of the incidents that acted and converged, and of those left to people */
  byItself: Spans;
  byPeople: Spans;
  /** newest first */
  incidents: IncidentReport[];
};

export type Spans = { count: number; median: number | null; longest: number | null };

export type IncidentReport = {
  id: string;
  openedAt: Instant;
  closedAt: Instant | null;
  status: Closed | 'open';
  reason: string | null;
  failing: string[];
  acted: boolean;
  /** the levels of its first attempt, with what each does: what it would have done where it did not act */
  plan: { level: string; does: string }[];
  /** what people did between its opening and the recovery, oldest first, at most `toldAtMost` */
  people: { at: Instant; by: string; says: string; seq: number }[];
  /** when all of its checks passed again, and how long after it opened (ms); null while one does not */
  recoveredAt: Instant | null;
  recoveredAfter: number | null;
};

/** The kinds of entries that a report is made of. */
export const reportedKinds = [
  'incident.opened',
  'incident.joined',
  'attempt.started',
  'step.started',
  'step.ended',
  'incident.closed',
  'check.changed',
  'release.reached',
  'target.written',
  'order.given',
] as const;

const toldAtMost = 10;

/**
 * Sums up what a ladder did. Pure.
 * @param entries those of `reportedKinds` in the time, of this ladder and perhaps of others, in any order
 */
export const reportOf = (
  config: LadderConfig,
  entries: EntryItem[],
  { since, until, complete }: Pick<LadderReport, 'since' | 'until' | 'complete'>,
): LadderReport => {
  const own = entries
    .filter(({ subject, source }) => subject === `escalator:ladder/${config.ladder}` && source.name === 'escalator')
    .toSorted((a, b) => a.seq - b.seq);
  const opened = own.filter(({ kind }) => kind === 'incident.opened');
  const incidents = opened.map((entry, index) =>
    incidentIn(config, entry, between(own, entry.seq, opened[index + 1]?.seq ?? Infinity)),
  );
  const runs = incidents.filter(({ acted }) => acted);
  return {
    ladder: config.ladder,
    since,
    until,
    complete,
    ended: endedOf(incidents),
    runs: runs.length,
    converged: runs.filter(({ status }) => status === 'converged').length,
    byItself: spansOf(runs.filter(({ status }) => status === 'converged')),
    byPeople: spansOf(incidents.filter(({ status }) => status === 'observed' || status === 'handed-over')),
    incidents: incidents.toReversed(),
  };
};

const between = (entries: EntryItem[], from: number, to: number): EntryItem[] =>
  entries.filter(({ seq }) => seq >= from && seq < to);

/** @param after everything of the ladder from its opening to the opening of the next */
const incidentIn = (config: LadderConfig, opened: EntryItem, after: EntryItem[]): IncidentReport => {
  const id = text(opened.detail, 'incident') ?? '';
  const own = after.filter(({ detail }) => detail['incident'] === id);
  const closed = own.find(({ kind }) => kind === 'incident.closed');
  const failing = [...new Set([...namesIn(opened, 'failing'), ...own.flatMap((entry) => joinedIn(entry))])];
  const openedAt = whenOf(opened);
  const recoveredAt = closed === undefined ? null : recoveryOf(failing, after, closed);
  const begun = new Set(own.map(({ kind, execution }) => (kind === 'step.started' ? execution : null)));
  return {
    id,
    openedAt,
    closedAt: closed === undefined ? null : whenOf(closed),
    status: (text(closed?.detail, 'status') as Closed | null) ?? 'open',
    reason: closed?.reason ?? null,
    failing,
    acted: own.some(hasActed),
    plan: planIn(config, own),
    people: after
      .filter((entry) => isByPeople(entry, begun) && (recoveredAt === null || whenOf(entry) <= recoveredAt))
      .slice(0, toldAtMost)
      .map(({ says, seq, detail, actor, ...entry }) => ({
        at: whenOf({ ...entry }),
        by: byOf({ detail, actor }),
        says,
        seq,
      })),
    recoveredAt,
    recoveredAfter: recoveredAt === null ? null : Date.parse(recoveredAt) - Date.parse(openedAt),
  };
};

const namesIn = ({ detail }: EntryItem, field: string): string[] =>
  list(detail, field).filter((name) => typeof name === 'string');

const joinedIn = ({ kind, detail }: EntryItem): string[] =>
  kind === 'incident.joined' ? [text(detail, 'check') ?? []].flat() : [];

/** Something was begun, or may have been. */
const hasActed = ({ kind, detail }: EntryItem): boolean =>
  kind === 'step.started' || (kind === 'step.ended' && detail['actKey'] !== null && detail['outcome'] !== 'already-so');

const planIn = (config: LadderConfig, own: EntryItem[]): IncidentReport['plan'] => {
  const first = own.find(({ kind }) => kind === 'attempt.started');
  return (first === undefined ? [] : namesIn(first, 'levels')).map((level) => {
    const known = config.levels.find((one) => one.level === level);
    return {
      level,
      does: known === undefined ? 'something that is not configured any more' : describeAction(known.do, config),
    };
  });
};

/**
 * When all that failed passed again, not before it was over: what the ladder says of its checks, or its own word where
 * it converged or healed by itself.
 */
const recoveryOf = (failing: string[], after: EntryItem[], closed: EntryItem): Instant | null => {
  if (closed.outcome === 'converged' || closed.outcome === 'self-healed') return whenOf(closed);
  const left = new Set(failing);
  for (const entry of after) {
    if (entry.kind !== 'check.changed') continue;
    const check = text(entry.detail, 'check') ?? '';
    if (entry.detail['value'] === 'pass') left.delete(check);
    else if (failing.includes(check)) left.add(check);
    if (left.size === 0 && entry.seq > closed.seq) return whenOf(entry);
  }
  return left.size === 0 ? whenOf(closed) : null;
};

/** A release that the ladder did not put there itself, a change by hand, or a word to the ladder. */
const isByPeople = ({ kind, execution, detail }: EntryItem, begun: Set<string | null>): boolean =>
  kind === 'release.reached'
    ? !begun.has(execution) && detail['recovered'] === undefined
    : kind === 'target.written' || kind === 'order.given';

const byOf = ({ detail, actor }: Pick<EntryItem, 'detail' | 'actor'>): string =>
  text(detail, 'who', 'name') ??
  text(detail, 'who', 'session') ??
  text(detail, 'release', 'author') ??
  (actor.type === 'person' ? actor.name : actor.type === 'role-session' ? actor.session : 'somebody');

const endedOf = (incidents: IncidentReport[]): LadderReport['ended'] => {
  const count = (status: IncidentReport['status']): number => incidents.filter((one) => one.status === status).length;
  return {
    converged: count('converged'),
    'self-healed': count('self-healed'),
    observed: count('observed'),
    'handed-over': count('handed-over'),
    open: count('open'),
  };
};

const spansOf = (incidents: IncidentReport[]): Spans => {
  const spans = incidents.flatMap(({ recoveredAfter }) => recoveredAfter ?? []).toSorted((a, b) => a - b);
  return {
    count: spans.length,
    median: spans[Math.floor((spans.length - 1) / 2)] ?? null,
    longest: spans.at(-1) ?? null,
  };
};
