import type { Timer } from '../ports.ts';
import type { Entry } from '../trail/entry.ts';

/** The newest timer of each ladder. */
export type LastTimers = ReadonlyMap<string, Timer>;

/**
 * What a ladder waits for stands in a row that is not sealed; but when it was set is on record. An older timer than that
 * of the newest version that set one counts for nothing, so one a ladder is enough.
 */
export const timersIn = (known: LastTimers, entries: Entry[]): LastTimers => {
  const set = entries.flatMap(({ kind, environment, service, detail }): [string, Timer][] => {
    const { version, due } = detail;
    if (kind !== 'timer.set' || typeof version !== 'number' || typeof due !== 'string') return [];
    const ladder = service === null ? `${environment}` : `${environment}/${service}`;
    return [[ladder, { ladder, version, name: 'decide', due }]];
  });
  return new Map([...known, ...set]);
};
