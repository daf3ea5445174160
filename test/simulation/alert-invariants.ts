import { emptyGroup, type GroupState } from '../../shared/alert/group.ts';
import type { Message } from '../../shared/alert/message.ts';
import type { AlertInput } from '../../shared/alert/notice.ts';
import { foldGroup } from '../../shared/alert/record.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { isOfDevelopers, watchChanges } from './change-invariants.ts';
import type { Memory } from './memory-of-invariants.ts';

/** What a topic may take of one alert, as far as its sender may know. */
const publishedAtMost = 3;

/**
 * Whether people are told: of every hand-over (I13), and each message at least once and at most three times (I14). What
 * was raised for people is taken in by its group, or was sent as it was.
 */
export const watchAlerts = (
  { published, raised, told }: Pick<Memory, 'published' | 'raised' | 'told'>,
  broken: (number: string, what: string) => void,
) => ({
  published: (message: AlertMessage, topic: string): void => {
    const sending = sendingOf(message, topic);
    const times = (published.get(sending) ?? 0) + 1;
    published.set(sending, times);
    if (times > publishedAtMost) broken('I14', `the alert at ${sending} was published ${times} times`);
  },
  /** it was taken, and its sender lived to hear that it was not */
  unheard: (message: AlertMessage, topic: string): void => {
    const sending = sendingOf(message, topic);
    published.set(sending, (published.get(sending) ?? 0) - 1);
  },
  took: (entry: Entry): void => {
    if (entry.kind === 'alert.raised') raised.push(entry);
    if (entry.kind === 'alert.told') told.push(entry);
  },
  end: (all: Entry[], topics: string[], now: number): void => {
    watchGroups(all, now, broken);
    watchChanges(all, now, broken);
    const unsure = new Set(all.filter(({ kind }) => kind === 'alert.unsure').map(({ detail }) => unsureOf(detail)));
    // One of which nobody knows is told of by an alert of its own, which stands among these.
    const missingOf = (entry: Entry, id: string, to: string[]): string | undefined =>
      to.find((topic) => !published.has(sendingOf(entry, topic)) && !unsure.has(unsureOf({ alert: id, topic })));
    for (const entry of told) {
      const { id, to } = messageIn(entry);
      const missing = missingOf(entry, id, to);
      if (missing !== undefined) broken('I14', `alert ${id} was never sent to ${missing}`);
    }
    const takenIn = new Set(
      all
        .filter((entry) => entry.kind === 'alert.decided' && !isOfDevelopers(entry))
        .map(({ detail }) => seqIn(detail)),
    );
    const isSent = (entry: Entry): boolean => missingOf(entry, idOf(entry), topics) === undefined;
    for (const entry of raised)
      if (!takenIn.has(entry.seq) && !isSent(entry)) broken('I14', `alert ${idOf(entry)} was not taken in`);
    for (const entry of all.filter(({ kind, outcome }) => kind === 'incident.closed' && outcome === 'handed-over')) {
      const call = raised.find((one) => one.factKey === entry.factKey) ?? callOfCause(all, entry);
      const paged = (after: Entry): boolean =>
        told.some(
          (one) => one.seq > after.seq && messageIn(one).severity === 'page' && one.environment === after.environment,
        );
      if (call === undefined || (!paged(call) && !isSent(call)))
        broken('I13', `${String(entry.detail['incident'])} was handed over, and nobody was told`);
    }
  },
});

/** A timer that is lost is found within a minute, and by a process whose clock is right. */
const foundWithin = 120_000;

/** Groups of alerts, folded from what is on record: nothing is told twice, and nothing waits that nobody will look at. */
const watchGroups = (all: Entry[], now: number, broken: (number: string, what: string) => void): void => {
  const groups = new Map<string, GroupState>();
  const sinceTold = new Set<string>();
  for (const decided of all.filter((entry) => entry.kind === 'alert.decided' && !isOfDevelopers(entry))) {
    const { group, input } = decided.detail as unknown as { group: string; input: AlertInput };
    const version = all.slice(decided.seq, decided.seq + 2).filter(({ factKey }) => factKey === decided.factKey);
    if (input.type === 'notice' || input.type === 'freed') sinceTold.add(group);
    if (version.length === 2) {
      const isAgain = decided.outcome === 'repeated' || decided.outcome === 'escalated';
      if (!sinceTold.delete(group) && !isAgain) broken('I14', `${decided.factKey} tells what was told before`);
    }
    groups.set(group, foldGroup(groups.get(group) ?? emptyGroup, version));
  }
  for (const [group, { untold, timer }] of groups)
    if (timer === null ? untold !== null : Date.parse(timer.due) < now - foundWithin)
      broken(
        'I14',
        `what ${group} has to tell since ${untold} is not looked at${timer === null ? '' : ` since ${timer.due}`}`,
      );
};

const messageIn = ({ detail }: Entry): Message => detail['message'] as unknown as Message;

const idOf = ({ detail }: Entry): string => (detail['alert'] as unknown as Alert).id;

const seqIn = ({ input }: Entry['detail']): number | undefined => (input as { seq?: number } | undefined)?.seq;

const sendingOf = ({ segment, seq }: AlertMessage, topic: string): string => `${segment}/${seq} to ${topic}`;

const unsureOf = ({ alert, topic }: { [field: string]: unknown }): string => `${String(alert)} to ${String(topic)}`;

/** A hand-over may be told of in the one message for all ladders that share its cause. */
const callOfCause = (all: Entry[], closed: Entry): Entry | undefined => {
  const cause = all.find(({ kind, factKey }) => kind === 'cause.handed-over' && factKey === closed.factKey);
  const key = `/cause/${String(cause?.detail['since'])}/handed-over`;
  return cause && all.find(({ kind, factKey }) => kind === 'alert.raised' && factKey.endsWith(key));
};
