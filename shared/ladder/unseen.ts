import type { LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { inUtc } from '../trail/in-utc.ts';
import { failing } from './checks.ts';
import { running } from './releases.ts';
import type { LadderState } from './state.ts';
import { after, type Turn } from './turn.ts';
import { slowestWindow } from './windows.ts';

/**
 * Until when the alarms cannot have seen what runs: all that fails began to fail before it came, and the slowest alarm has
 * not come round since. It may be the fix, so nothing is done over it meanwhile. Null where they can have.
 */
export const unseenUntil = (state: LadderState, config: LadderConfig, now: Instant): Instant | null => {
  const current = running(state);
  if (current === null) return null;
  const until = after(current.reachedAt, slowestWindow(state, config));
  const failedSince = failing(state, config).some(({ name }) => (state.checks[name]?.at ?? '') >= current.reachedAt);
  return now < until && !failedSince ? until : null;
};

/** Why nothing is begun over what just came, in words; null where nothing did. */
export const unseenReason = ({ state, config, now }: Pick<Turn, 'state' | 'config' | 'now'>): string | null => {
  const until = unseenUntil(state, config, now);
  const current = running(state);
  return until === null || current === null
    ? null
    : `release ${current.commit.slice(0, 7)} came after what fails, and the alarms cannot have seen it before ${inUtc(until)}`;
};
