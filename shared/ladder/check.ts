import type { Instant } from '../trail/entry.ts';
import type { CheckValue, LadderEvent } from './events.ts';

/** `at` is the source's own timestamp of the value; `since` the version's time at which we learned it. */
export type Check = {
  value: CheckValue;
  at: Instant;
  since: Instant;
  reason: string;
  /** of a check `per` a dimension that fails: the values that do */
  targets?: string[];
};

/** What is known of a check once it changed. That something else of it fails is no other value. */
export const checkAfter = (
  known: Check | undefined,
  { value, was, at, reason, targets }: Extract<LadderEvent, { type: 'check.changed' }>,
  now: Instant,
): Check => ({
  value,
  at,
  since: value === was ? (known?.since ?? now) : now,
  reason,
  ...(targets !== undefined && { targets }),
});
