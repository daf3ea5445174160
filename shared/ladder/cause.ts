import { type AccountConfig, type Config, defaultAccount, type ServiceConfig } from '../config/config.ts';
import type { Instant, Json, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnGroup } from '../trail/own-kinds.ts';
import { isCalled, isForcedByPerson } from './adopted.ts';
import { failing } from './checks.ts';
import type { Alert, LadderEvent } from './events.ts';
import type { LadderState } from './state.ts';
import { msBetween, type Turn } from './turn.ts';

/** The failing checks of all services of the account, and what many of them failing together means. */
export type AccountReading = Omit<AccountConfig, 'acting'> & {
  /** how many services there are */
  services: number;
  /** since when checks of a service fail, by their source: the first of them and the last */
  failing: { ladder: string; at: Instant }[];
};

/** What services fail of together, and since when. */
export type Cause = { ladders: string[]; of: number; since: Instant };

/** Reads out of the services' ladders which of their checks fail. */
export const accountReading = (
  { services, account = defaultAccount }: Pick<Config, 'services' | 'account'>,
  states: { config: ServiceConfig; state: LadderState }[],
): AccountReading => {
  const { share, least, within } = account;
  const rows = states.flatMap(({ config, state }) =>
    firstAndLast(failing(state, config).map(({ name }) => state.checks[name]?.at ?? '')).map((at) => ({
      ladder: config.ladder,
      at,
    })),
  );
  return { share, least, within, services: services.length, failing: rows };
};

/** What is between the two says no more, and the reading stands in an entry, however many checks there are. */
const firstAndLast = (ats: Instant[]): Instant[] => {
  const sorted = ats.toSorted();
  return [...new Set([...sorted.slice(0, 1), ...sorted.slice(-1)])];
};

/** How many services have to fail together. */
export const togetherFrom = ({ services, share, least }: Omit<AccountReading, 'failing' | 'within'>): number =>
  Math.max(least, Math.ceil((services * share) / 100));

/**
 * The cause that this ladder's own failing checks share with so many services of the account that no single ladder owns
 * it; null where they do not. What the ladder answers for does not count against it: for an environment's, and for a
 * service that it called, that is every service of the environment. Nor is a person asked who chose the level.
 */
export const sharedCause = (turn: Turn): Cause | null => {
  const { account } = turn.readings;
  if (account === undefined || isForcedByPerson(turn)) return null;
  const own = failing(turn.state, turn.config).map(({ name }) => turn.state.checks[name]?.at ?? '');
  const others = account.failing.filter(({ ladder }) => !answersFor(turn, ladder));
  const cause = together(others, account.within, own).find(
    ({ since, ladders }) =>
      ladders.length >= togetherFrom(account) &&
      own.some((at) => at >= since && msBetween(since, at) <= account.within),
  );
  return cause === undefined ? null : { ...cause, of: account.services };
};

/**
 * Which services began to fail within so long (ms) of each moment at which something began to, the oldest first.
 * @param also moments that count besides
 */
export const together = (
  failed: AccountReading['failing'],
  within: number,
  also: Instant[] = [],
): Omit<Cause, 'of'>[] =>
  [...also, ...failed.map(({ at }) => at)].toSorted().map((since) => {
    const members = failed.filter(({ at }) => at >= since && msBetween(since, at) <= within);
    return { since, ladders: [...new Set(members.map(({ ladder }) => ladder))] };
  });

const answersFor = ({ config, state }: Turn, ladder: string): boolean =>
  config.service === null
    ? config.below.includes(ladder)
    : isCalled(state) && ladder.startsWith(`${config.environment}/`);

export const causeReason = ({ ladders, of }: Cause): string =>
  `${ladders.length} of ${of} services began to fail together: a cause that no single ladder owns`;

type Shared = Extract<LadderEvent, { type: 'cause.shared' | 'cause.handed-over' }>;

/**
 * One message for all ladders that wait for the same cause, and one when they no longer do: the key of its group is the
 * cause, whoever says it first.
 */
export const causeAlert = ({ type, ladders, of, since }: Shared, source: Source): OwnGroup => {
  const id = type === 'cause.shared' ? `cause/${since}` : `cause/${since}/handed-over`;
  const alert: Alert = {
    id,
    incident: null,
    environment: '',
    service: '',
    severity: 'page',
    failing: ladders,
    ...saysOf[type](causeReason({ ladders, of, since })),
    change: null,
    author: null,
    subject: null,
    done: [],
  };
  const detail = { alert: structuredClone(alert) as unknown as { [field: string]: Json } };
  const draft = ownDraft({ kind: 'alert.raised', subject: `escalator:account/${source.account}`, source, detail });
  return { key: `account/${source.account}/${id}`, entries: [draft] };
};

/** Since when services fail together, by the alert that tells of it; null where an alert is about something else. */
export const causeSince = ({ id }: Pick<Alert, 'id'>): Instant | null =>
  /^cause\/([^/]+)(?:\/handed-over)?$/.exec(id)?.[1] ?? null;

const saysOf: { [Type in Shared['type']]: (reason: string) => Pick<Alert, 'headline' | 'next'> } = {
  'cause.shared': (headline) => ({
    headline,
    next: 'look for what they have in common: Escalator begins nothing at any of them meanwhile, and hands them over in an hour',
  }),
  'cause.handed-over': (reason) => ({
    headline: `a person is needed, ${reason}`,
    next: 'Escalator does nothing more at any of them until its checks have passed for a while, or somebody resumes it: escalator resume LADDER --why TEXT',
  }),
};
