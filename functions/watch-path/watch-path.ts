import type { Clock, Cursors, Rows, Trail } from '../../shared/ports.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import { readers } from '../../shared/trail/readers.ts';
import { type Found, metricLines } from '../../shared/watch/measures.ts';

export type WatchPorts = {
  trail: Pick<Trail, 'open' | 'since'>;
  cursors: Pick<Cursors, 'get'>;
  rows: Pick<Rows, 'newest'>;
  /** puts a canary on the bus; throws where the bus does not take it */
  send: (sent: Instant) => Promise<void>;
  /** writes one line of the log, as CloudWatch makes metrics of it */
  write: (line: object) => void;
  now: Clock;
};

/**
 * Looks whether what was sent has arrived and been read, says so in metrics, and sends the next canary. What was found
 * is said before anything is sent: a bus that takes nothing must not keep the news of that back.
 */
export const watchPath = (ports: WatchPorts) => async (): Promise<void> => {
  for (const line of metricLines(await look(ports))) ports.write(line);
  await ports.send(ports.now().toISOString());
};

const look = async (ports: WatchPorts): Promise<Found> => {
  const names = Object.values(readers);
  const unread = await Promise.all(names.map(async (reader) => [reader, await unreadSince(ports, reader)] as const));
  return { now: ports.now().toISOString(), canary: await newestCanary(ports), unread: Object.fromEntries(unread) };
};

/** By the index, so that what is measured is the way from the bus to an answer. */
const newestCanary = async ({ rows, trail }: WatchPorts): Promise<Instant | null> => {
  const [row] = await rows.newest('kind:canary.arrived', 1);
  if (row === undefined) return null;
  const [segment] = await trail.open([row.segment]);
  return segment?.entries.findLast(({ kind }) => kind === 'canary.arrived')?.occurredAt ?? null;
};

const unreadSince = async ({ cursors, trail }: WatchPorts, reader: string): Promise<Instant | null> => {
  const [segment] = await trail.since(await cursors.get(reader), 1);
  return segment?.entries[0]?.observedAt ?? null;
};
