import type { LadderConfig } from '../config/config.ts';
import { isHeldBack } from '../ladder/alarms.ts';
import type { LadderState } from '../ladder/state.ts';

/**
 * Who wants nobody told of what a ladder has open, in words: none of its checks fails, and of one the alarm is in alarm
 * and muted, or suppressed. Null where nobody does: a check that fails is told of, whatever else is muted.
 */
export const mutedIn = (
  { checks }: Pick<LadderState, 'checks'>,
  config: Pick<LadderConfig, 'checks'>,
): string | null => {
  const known = Object.keys(config.checks).flatMap((name) => checks[name] ?? []);
  if (known.some(({ value }) => value === 'fail')) return null;
  return known.find(({ value, reason }) => value === 'unknown' && isHeldBack(reason))?.reason ?? null;
};
