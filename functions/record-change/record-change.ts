import { type Context, type Facts, factsIn } from '../../shared/event/facts-in.ts';
import type { Objects, Trail } from '../../shared/ports.ts';

export type RecordPorts = {
  trail: Pick<Trail, 'append'>;
  objects: Pick<Objects, 'put'>;
  /** what an event does not say itself; `raw` comes from each message */
  context: Omit<Context, 'raw'>;
  /** is told why the store did not take something, and of which message where it was of one; never a body */
  trouble: (error: unknown, message?: string) => void;
};

export type Message = { id: string; body: string };

type Read = { id: string; facts: Facts };

/** With so many failures in a row and no success the store is down, not a message bad; the rest comes back untried. */
const giveUpAfter = 3;

/**
 * Puts a batch of messages on record: reads, normalises and redacts them, stores large details, and appends all
 * facts at once. What cannot be read is quarantined, never refused: recording fails open.
 *
 * @returns the ids of the messages that must come back, since the store did not take them
 */
export const recordChange =
  (ports: RecordPorts) =>
  async (messages: Message[]): Promise<string[]> => {
    const read = messages.map(({ id, body }) => ({ id, facts: factsIn(body, ports.context) }));
    const unstored = await storeDetails(ports, read);
    const stored = read.filter(({ id }) => !unstored.includes(id));
    const together = await appended(ports, stored);
    if (together) return unstored;
    return [...unstored, ...(stored.length === 1 ? idsOf(stored) : await oneByOne(ports, stored))];
  };

const idsOf = (read: Read[]): string[] => read.map(({ id }) => id);

/** Whether the trail took all of them. */
const appended = async ({ trail, trouble }: RecordPorts, read: Read[]): Promise<boolean> => {
  const groups = read.flatMap(({ facts }) => facts.groups);
  if (groups.length === 0) return true;
  try {
    await trail.append(groups);
    return true;
  } catch (error) {
    trouble(error, read.length === 1 ? read[0]?.id : undefined);
    return false;
  }
};

/** A record that names a detail must find it, so details come first. Answers the ids of those that were not stored. */
const storeDetails = async ({ objects, trouble }: RecordPorts, read: Read[]): Promise<string[]> => {
  const failed: string[] = [];
  for (const { id, facts } of read) {
    try {
      for (const { sha256, body } of facts.objects) await objects.put(sha256, body);
    } catch (error) {
      trouble(error, id);
      failed.push(id);
    }
  }
  return failed;
};

/** One message that the store will never take must not keep the others off the record. */
const oneByOne = async (ports: RecordPorts, read: Read[]): Promise<string[]> => {
  const failed: string[] = [];
  for (const [index, one] of read.entries()) {
    if (index >= giveUpAfter && failed.length === index) return idsOf(read);
    if (!(await appended(ports, [one]))) failed.push(one.id);
  }
  return failed;
};
