import type { Json } from '../trail/entry.ts';

/**
 * How a fact came on record that no event told: read from its service, either `late`, after Escalator was there to be
 * told, or `backfilled`, from the time before. `by` is the call that told it.
 */
export type Reconciled = { as: 'late' | 'backfilled'; by: string };

/** How an entry was reconciled; null for one that an event told. Such a fact is no news, and nothing is begun by it. */
export const reconciledAs = ({ detail }: { detail: { [field: string]: Json } }): Reconciled['as'] | null => {
  const as = detail['reconciled'] ?? null;
  return as === 'late' || as === 'backfilled' ? as : null;
};
