import type { Instant } from '../trail/entry.ts';
import { refusal } from './releases.ts';
import type { LadderState } from './state.ts';

export type Admission = { admitted: true } | { admitted: false; reason: string };

/**
 * Whether a release of this commit may go into the environment: one that was rolled back for cause or that a person
 * quarantined may not, neither by a retry nor by a new run nor by a rollback. A newer commit is never refused, whatever it contains.
 */
export const admit = (state: LadderState, commit: string, now: Instant): Admission => {
  const reason = refusal(state, commit, now);
  if (reason === null) return { admitted: true };
  const short = commit.slice(0, 7);
  return {
    admitted: false,
    reason: `refused: release ${short} is ${reason}. ` + `Push a fix, or take it out with: git revert ${short}`,
  };
};
