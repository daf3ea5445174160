import type { LadderConfig } from '../config/config.ts';
import { running } from './releases.ts';
import { say, type Turn } from './turn.ts';

/**
 * Takes over what the configuration revokes, before anything else is decided: from then on it stands in the state, as
 * every other refusal does, and on record with the configuration that said so.
 */
export const revise = (turn: Turn): Turn => {
  const revoked = revokedIn(turn.config);
  const isKnown = JSON.stringify(revoked) === JSON.stringify(turn.state.revoked);
  return isKnown ? turn : say(turn, { type: 'release.revoked', revoked });
};

/** Nothing is delivered to an environment itself. */
const revokedIn = (config: LadderConfig) => (config.service === null ? [] : config.revoked);

/** Whether what runs here is revoked. */
export const runsRevoked = ({ state }: Turn): string | null => {
  const commit = running(state)?.commit;
  return state.revoked.find(({ commits }) => commits.some((one) => one === commit))?.why ?? null;
};
