import type { Instant } from '../trail/entry.ts';
import type { IncidentAnswer } from './answers.ts';

/** What whoever takes the pager has to know. */
export type Handover = {
  since: Instant;
  /** what is not over, or was handed to people: oldest first */
  open: IncidentAnswer[];
  /** what is over, newest first */
  over: IncidentAnswer[];
  /** the same checks of the same ladder failed more than once; first what nobody noted a remedy for, then what came back all the same */
  recurring: Recurring[];
};

export type Recurring = {
  ladder: string;
  failing: string[];
  incidents: string[];
  /** what was done so that it does not come again, newest last; empty where nobody said */
  preventedBy: string[];
  /** how often it came back after the newest that somebody noted a remedy for; 0 where nobody did */
  since: number;
};

/**
 * Sums up incidents for a hand-over. An incident counts that opened since then, closed since then, or is still open.
 *
 * @param incidents newest first
 */
export const handoverOf = (incidents: IncidentAnswer[], since: Instant): Handover => {
  const recent = incidents.filter(
    ({ openedAt, closedAt }) => closedAt === null || closedAt >= since || openedAt >= since,
  );
  const isOpen = ({ closedAt, status, notes }: IncidentAnswer): boolean =>
    closedAt === null || (status === 'handed-over' && notes.length === 0);
  return {
    since,
    open: recent.filter(isOpen).toReversed(),
    over: recent.filter((one) => !isOpen(one)),
    recurring: recurringIn(recent),
  };
};

const recurringIn = (incidents: IncidentAnswer[]): Recurring[] => {
  const alike = Map.groupBy(incidents, causeOf);
  return [...alike.values()]
    .filter((some) => some.length > 1)
    .map(asRecurring)
    .toSorted((one, other) => rankOf(one) - rankOf(other) || other.incidents.length - one.incidents.length);
};

/** What nobody mended, what was not mended by what somebody noted, and what has not come back since. */
const rankOf = ({ preventedBy, since }: Recurring): number => {
  if (preventedBy.length === 0) return 0;
  return since > 0 ? 1 : 2;
};

const ladderOf = ({ environment, service }: IncidentAnswer): string =>
  service === '' ? environment : `${environment}/${service}`;

const causeOf = (incident: IncidentAnswer): string => JSON.stringify([ladderOf(incident), incident.failing.toSorted()]);

const asRecurring = (some: IncidentAnswer[]): Recurring => {
  const [newest] = some;
  return {
    ladder: newest === undefined ? '' : ladderOf(newest),
    failing: newest?.failing.toSorted() ?? [],
    incidents: some.map(({ id }) => id),
    preventedBy: some.toReversed().flatMap(({ notes }) => notes.map((note) => note.preventedBy)),
    since: Math.max(
      0,
      some.findIndex(({ notes }) => notes.length > 0),
    ),
  };
};
