import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmittedEvent } from './world.ts';

export type Deliver = (event: EmittedEvent) => Promise<void>;

export type Pump = {
  start: (deliver: Deliver, backoff?: (attempt: number) => number) => void;
  wake: () => void;
  stop: () => Promise<void>;
};

/** As often as EventBridge tries a target; after that an event is set aside, so that those behind it go on. */
const maxAttempts = 185;

/** Milliseconds before the next try: 20 ms, doubling, at most 5 s. */
const doubling = (attempt: number): number => Math.min(20 * 2 ** (attempt - 1), 5_000);

type Row = { seq: number; event: string };

/**
 * Delivers the rows of `outbox` one at a time in the order of emission, each removed after its delivery: at least
 * once, also when the process is killed in between.
 */
export const createPump = (db: DatabaseSync, log: (line: string) => void): Pump => {
  const oldest = db.prepare('SELECT seq, event FROM outbox ORDER BY seq LIMIT 1');
  const remove = db.prepare('DELETE FROM outbox WHERE seq = ?');
  const bury = db.prepare('INSERT OR IGNORE INTO outbox_dead (seq, event, reason) VALUES (?, ?, ?)');
  const stopping = new AbortController();
  let deliver: Deliver | undefined;
  let wait = doubling;
  let running: Promise<void> | undefined;
  let again = false;

  const setAside = (row: Row, error: unknown): void => {
    bury.run(row.seq, row.event, String(error));
    log(`event ${row.seq} could not be put on the bus after ${maxAttempts} tries and was set aside: ${String(error)}`);
  };

  const deliverRow = async (row: Row, send: Deliver): Promise<void> => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      try {
        await send(revive(row.event));
        break;
      } catch (error) {
        if (attempt === 1) log(`an event could not be put on the bus and will be tried again: ${String(error)}`);
        if (attempt >= maxAttempts) {
          setAside(row, error);
          break;
        }
        await pause(wait(attempt), stopping.signal);
        if (stopping.signal.aborted) return; // it stays, and is delivered at the next start
      }
    }
    remove.run(row.seq);
  };

  const drain = async (send: Deliver): Promise<void> => {
    while (!stopping.signal.aborted) {
      const row = oldest.get() as Row | undefined;
      if (row === undefined) return;
      await deliverRow(row, send);
    }
  };

  const wake = (): void => {
    again = running !== undefined; // it may have just found the table empty
    if (again || deliver === undefined || stopping.signal.aborted) return;
    running = drain(deliver)
      .catch((error: unknown) => log(`the outbox stopped and starts again with the next event: ${String(error)}`))
      .finally(() => {
        running = undefined;
        if (again) wake();
      });
  };

  return {
    start: (to, backoff = doubling) => {
      deliver = to;
      wait = backoff;
      wake();
    },
    wake,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

const revive = (text: string): EmittedEvent => {
  const event = JSON.parse(text) as EmittedEvent & { time: string };
  return { ...event, time: new Date(event.time) };
};

/** Waits, or not, when told to stop. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
