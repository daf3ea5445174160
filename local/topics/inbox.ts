import type { MachineAlert } from '../../shared/alert/machine.ts';
import type { Delivery, Message, TopicStore } from './store.ts';

/** One message as its subscribers got it. */
export type Letter = {
  id: string;
  at: string;
  /** the topic's name */
  topic: string;
  subject: string | null;
  /** what it says to machines, where it is one of ours */
  alert: MachineAlert | null;
  /** each text once, with the protocols whose subscribers get it */
  forms: { protocols: string[]; text: string }[];
  attributes: { [name: string]: string };
  deliveries: Pick<Delivery, 'protocol' | 'endpoint' | 'state' | 'tries' | 'error' | 'at'>[];
};

/** What belongs together, such as the messages of one incident; the newest first, and so are its letters. */
export type Thread = { key: string; letters: Letter[] };

/** @param limit how many messages are looked at, from the newest on */
export const readInbox = (store: TopicStore, limit: number): Thread[] => {
  const letters = store.messages(limit).map((message) => letterOf(message, store.deliveriesOf(message.id)));
  return [...Map.groupBy(letters, threadOf)].map(([key, ofThread]) => ({ key, letters: ofThread }));
};

/** What is none of ours is a thread by itself. */
const threadOf = ({ alert, id }: Letter): string => alert?.dedupKey ?? id;

const letterOf = ({ id, at, topic, subject, forms, attributes }: Message, deliveries: Delivery[]): Letter => ({
  id,
  at,
  topic: topic.split(':').at(-1) ?? topic,
  subject,
  alert: alertIn(Object.values(forms)),
  forms: distinct(forms),
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue, BinaryValue }]) => [name, StringValue ?? BinaryValue ?? '']),
  ),
  deliveries: deliveries.map(({ protocol, endpoint, state, tries, error, at: since }) => ({
    protocol,
    endpoint,
    state,
    tries,
    error,
    at: since,
  })),
});

/** The default is told only where nobody has a form of their own that is the same. */
const distinct = (forms: Message['forms']): Letter['forms'] => {
  const byText = Map.groupBy(Object.keys(forms), (protocol) => forms[protocol] ?? '');
  return [...byText].map(([text, protocols]) => ({
    protocols: protocols.length === 1 ? protocols : protocols.filter((name) => name !== 'default'),
    text,
  }));
};

const alertIn = (texts: string[]): MachineAlert | null => {
  for (const text of texts.filter((one) => one.startsWith('{')))
    try {
      const read = JSON.parse(text) as Partial<MachineAlert>;
      if (read.schema === 'escalator.alert/1') return read as MachineAlert;
    } catch {
      // it is somebody else's text, and no JSON
    }
  return null;
};
