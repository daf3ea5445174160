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

/** A message that must come back; `error` is why the store did not take it, where that was of it alone. */
export type Failed = { id: string; error?: unknown };

/** With so many failures in a row and no success the store is down, not a message bad; the rest comes back untried. */
const giveUpAfter = 3;

/**
 * Puts a batch of messages on record: reads, normalises and redacts them, stores large details, and appends all
 * facts at once. What cannot be read is quarantined, never refused: recording fails open.
 *
 * @returns the messages that must come back, since the store did not take them
 */
export const recordChange =
  (ports: RecordPorts) =>
  async (messages: Message[]): Promise<Failed[]> => {
    const read = messages.map(({ id, body }) => ({ id, facts: factsIn(body, ports.context) }));
    const unstored = await storeDetails(ports, read);
    const stored = read.filter(({ id }) => unstored.every((one) => one.id !== id));
    const refused = await appended(ports, stored);
    if (refused === null) return unstored;
    const [only, ...more] = stored;
    if (only !== undefined && more.length === 0) return [...unstored, { id: only.id, ...refused }];
    return [...unstored, ...(await oneByOne(ports, stored))];
  };

/** Null where the trail took all of them. */
const appended = async ({ trail, trouble }: RecordPorts, read: Read[]): Promise<{ error: unknown } | null> => {
  const groups = read.flatMap(({ facts }) => facts.groups);
  if (groups.length === 0) return null;
  try {
    await trail.append(groups);
    return null;
  } catch (error) {
    trouble(error, read.length === 1 ? read[0]?.id : undefined);
    return { error };
  }
};

/** A record that names a detail must find it, so details come first. Answers those that were not stored. */
const storeDetails = async ({ objects, trouble }: RecordPorts, read: Read[]): Promise<Failed[]> => {
  const failed: Failed[] = [];
  for (const { id, facts } of read) {
    try {
      for (const { sha256, body } of facts.objects) await objects.put(sha256, body);
    } catch (error) {
      trouble(error, id);
      failed.push({ id, error });
    }
  }
  return failed;
};

/** One message that the store will never take must not keep the others off the record. */
const oneByOne = async (ports: RecordPorts, read: Read[]): Promise<Failed[]> => {
  const failed: Failed[] = [];
  for (const [index, one] of read.entries()) {
    if (index >= giveUpAfter && failed.length === index) return read.map(({ id }) => ({ id }));
    const refused = await appended(ports, [one]);
    if (refused !== null) failed.push({ id: one.id, ...refused });
  }
  return failed;
};
