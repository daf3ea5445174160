import type { Cursors, Timer, Timers } from '../../shared/ports.ts';

export type KeptCursors = { next: Map<string, number>; tries: Map<string, number> };

/** Cursors that only move forward, and count tries as the table does. */
export const memoryCursors = ({ next, tries }: KeptCursors = { next: new Map(), tries: new Map() }): Cursors => {
  const count = (reader: string, seq: number): number => tries.get(`${reader} ${seq}`) ?? 0;
  return {
    get: (reader) => Promise.resolve(next.get(reader) ?? 0),
    advance: (reader, segment) => {
      if (segment > (next.get(reader) ?? 0)) {
        next.set(reader, segment);
        tries.clear();
      }
      return Promise.resolve();
    },
    attempt: (reader, seq) => {
      tries.set(`${reader} ${seq}`, count(reader, seq) + 1);
      return Promise.resolve(count(reader, seq) - count(reader, seq + 1));
    },
  };
};

export const memoryTimers = (rows = new Map<string, Timer>()): Timers => {
  const keyOf = ({ due, ladder, version, name }: Timer): string => `${due}#${ladder}#${version}#${name}`;
  return {
    set: (timer) => {
      rows.set(keyOf(timer), timer);
      return Promise.resolve();
    },
    due: (now, limit) => {
      const found: Timer[] = [];
      for (const timer of rows.values()) if (timer.due <= now) found.push(timer);
      return Promise.resolve(found.length > 1 ? found.sort(bySoonest).slice(0, limit) : found);
    },
    clear: (timer) => {
      rows.delete(keyOf(timer));
      return Promise.resolve();
    },
  };
};

const bySoonest = (a: Timer, b: Timer): number => (a.due < b.due ? -1 : 1);
