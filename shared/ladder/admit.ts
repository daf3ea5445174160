import type { Instant } from '../trail/entry.ts';
import { isRefused } from './releases.ts';
import type { LadderState } from './state.ts';

export type Admission = { admitted: true } | { admitted: false; reason: string };

/**
 * Whether a release of this commit may go into the environment: one that was rolled back for cause may not, neither
 * by a retry nor by a new run. A newer commit is never refused, whatever it contains.
 */
export const admit = (state: LadderState, commit: string, now: Instant): Admission => {
  if (!isRefused(state, commit, now)) return { admitted: true };
  const quarantined = state.releases.find((release) => release.commit === commit)?.quarantined;
  const short = commit.slice(0, 7);
  return {
    admitted: false,
    reason:
      `refused: release ${short} is quarantined here${quarantined == null ? '' : ` (${quarantined})`}. ` +
      `Push a fix, or take it out with: git revert ${short}`,
  };
};
