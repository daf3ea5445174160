import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import type { Memory } from './memory-of-invariants.ts';

/** What a topic may take of one alert, as far as its sender may know. */
const publishedAtMost = 3;

/** Whether people are told: of every hand-over (I13), and each alert at least once and at most three times (I14). */
export const watchAlerts = (
  { published, raised }: Pick<Memory, 'published' | 'raised'>,
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
  },
  end: (all: Entry[], topics: string[]): void => {
    const told = new Set(all.filter(({ kind }) => kind === 'alert.unsure').map(({ detail }) => unsureOf(detail)));
    for (const entry of raised) {
      const { id } = entry.detail['alert'] as unknown as Alert;
      // One of which nobody knows is told of by an alert of its own, which stands among these.
      const missing = topics.filter(
        (topic) => !published.has(sendingOf(entry, topic)) && !told.has(unsureOf({ alert: id, topic })),
      );
      if (missing.length > 0) broken('I14', `alert ${id} was never sent to ${missing[0]}`);
    }
    for (const entry of all.filter(({ kind, outcome }) => kind === 'incident.closed' && outcome === 'handed-over')) {
      const isTold = raised.some((one) => one.factKey === entry.factKey) || isToldOfCause(all, entry);
      if (!isTold) broken('I13', `${String(entry.detail['incident'])} was handed over, and nobody was told`);
    }
  },
});

const sendingOf = ({ segment, seq }: AlertMessage, topic: string): string => `${segment}/${seq} to ${topic}`;

const unsureOf = ({ alert, topic }: { [field: string]: unknown }): string => `${String(alert)} to ${String(topic)}`;

/** Whether a hand-over was told of in the one message for all ladders that share its cause. */
const isToldOfCause = (all: Entry[], closed: Entry): boolean => {
  const cause = all.find(({ kind, factKey }) => kind === 'cause.handed-over' && factKey === closed.factKey);
  const key = `/cause/${String(cause?.detail['since'])}/handed-over`;
  return cause !== undefined && all.some(({ kind, factKey }) => kind === 'alert.raised' && factKey.endsWith(key));
};
