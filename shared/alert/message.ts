import type { Alert } from '../ladder/events.ts';
import type { Instant } from '../trail/entry.ts';
import type { NewsName } from './change/state.ts';
import type { Background } from './background.ts';
import type { GroupState, Open } from './group.ts';
import { louder, type Severity, severityOf } from './notice.ts';
import type { ToldFor } from './tell.ts';

/** One message to people: the newest of the loudest in full, and what else stands in its group by name. */
export type Message = {
  /** its version's key on the trail, `alerts/<group>#<version>`: one message a version at most */
  id: string;
  group: string;
  /** what a paging tool groups by: one beginning and its end share it */
  thread: string;
  /** which message about this it is, from 1 */
  number: number;
  why: ToldFor;
  /** the loudest of what it is about: whoever asks for tickets hears of their end too */
  severity: Severity;
  state: 'open' | 'over';
  /** since when the first of it has been open */
  since: Instant;
  alert: Alert;
  /** what else is open or over in the same group, so many by name at most */
  also: string[];
  /** how many more there are than are named */
  more: number;
  /** topics, by the names that routes use */
  to: string[];
  /** of a message to whoever made a change: what it tells, who claims to have written it, and who pushed it */
  of?: { news: NewsName; authors: string[]; pusher: string | null };
  /** what was looked up when people were told; absent where nothing could be, or nothing is known of it */
  background?: Background;
};

const namedAtMost = 20;

/** @param state with everything taken in, before it is told */
export const messageOf = (said: {
  group: string;
  state: GroupState;
  why: ToldFor;
  to: string[];
  now: Instant;
}): Message => {
  const { group, state, why, to, now } = said;
  if (state.newest === null) throw new Error(`${group} has nothing to tell`);
  const { newest, told } = state;
  const all = state.open;
  const others = all.filter(({ headline }) => headline !== newest.headline).map(counted);
  const known = all.find(({ headline }) => headline === newest.headline);
  const beyond = state.beyond ?? 0;
  const isOver = all.every(({ says }) => says === 'over');
  const since = all.map((one) => one.since).toSorted()[0] ?? now;
  return {
    id: `alerts/${group}#${state.version + 1}`,
    group,
    thread: newest.incident ?? `${group}@${since}`,
    number: (told?.number ?? 0) + 1,
    why,
    severity: all.reduce<Severity>(
      (most, one) => louder(most, one.severity),
      louder(told?.severity ?? 'info', severityOf(newest)),
    ),
    state: isOver ? 'over' : 'open',
    since,
    alert: known?.times === undefined ? newest : { ...newest, headline: counted(known) },
    also: others.slice(0, namedAtMost),
    more: Math.max(0, others.length - namedAtMost) + (known === undefined ? Math.max(0, beyond - 1) : beyond),
    to,
  };
};

const counted = ({ headline, times }: Pick<Open, 'headline' | 'times'>): string =>
  times === undefined ? headline : `${headline} (${times} times)`;

/** An alert as it was raised, where nothing could be decided of it. */
export const messageAsRaised = (alert: Alert, to: string[], at: Instant): Message => ({
  id: alert.id,
  group: '',
  thread: alert.incident ?? alert.id,
  number: 1,
  why: alert.severity === 'page' ? 'page' : 'first',
  severity: severityOf(alert),
  state: alert.over === true ? 'over' : 'open',
  since: at,
  alert,
  also: [],
  more: 0,
  to,
});
