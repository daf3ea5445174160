import type { LadderConfig } from '../config/config.ts';
import { allPass } from './checks.ts';
import type { LadderState } from './state.ts';
import { say, type Turn } from './turn.ts';

/**
 * What the ladder of an environment says to those of its services: who owns the cause now, and whether their levels are
 * called. It is read from its state, never from a message: a message that is lost, late or doubled changes nothing.
 */
export type Above = {
  /** the version of the environment's ladder it was read at: an older reading never counts against a newer one */
  version: number;
  /** the open incident that adopts the services, or the ladder itself while a person has it in hand; null: nobody */
  by: string | null;
  /** tells one call from another; null while the services' levels are not called */
  call: number | null;
};

/** The last call that a service's ladder took up: the incident it climbs in, and how that ended. */
export type Called = { by: string; call: number; incident: string | null; ended: Ended | null };
export type Ended = { status: 'converged' | 'self-healed' | 'observed' | 'handed-over'; reason: string };

/**
 * Reads out of an environment's ladder what it says to its services. After a hand-over they stay adopted until its
 * checks pass: what they stand on is down, and a person is at it.
 */
export const aboveOf = ({ version, incident, ...state }: LadderState, config: LadderConfig): Above => {
  if (incident !== null) {
    const { id, phase } = incident;
    return { version, by: id, call: phase.name === 'calling' ? phase.call : null };
  }
  const isDown = state.hold?.freeAfter === 'pause' && !allPass({ version, incident, ...state }, config);
  return { version, by: isDown ? config.ladder : null, call: null };
};

/** Takes note of what the environment's ladder says, if it is news. */
export const heed = (turn: Turn): Turn => {
  const above = isAlone(turn) ? { ...turn.state.above, by: null, call: null } : turn.readings.above;
  const known = turn.state.above;
  if (above == null || above.version < known.version) return turn;
  const { by, call, version: aboveVersion } = above;
  const isNews = by !== known.by || (call !== known.call && (call !== null || isCalled(turn.state)));
  if (!isNews) return turn;
  if (by === null) return say(turn, { type: 'ladder.let-go', by: known.by ?? '', aboveVersion });
  return say(turn, { type: 'ladder.adopted', by, call, aboveVersion });
};

/** The configuration has no shared levels any more: whoever adopted it then says nothing more, not even that it lets go. */
const isAlone = ({ config }: Turn): boolean => config.service !== null && config.above === null;

/** Why nothing is begun here: another ladder owns the cause. Null where none does, or it called for this very climb. */
export const adoption = ({ state }: Pick<Turn, 'state'>): string | null =>
  state.above.by === null || isCalled(state) ? null : `adopted by ${state.above.by}`;

/** Whether the open incident climbs because the environment's called for it. */
export const isCalled = ({ above, called, incident }: LadderState): boolean =>
  called !== null &&
  called.by === above.by &&
  called.call === above.call &&
  incident !== null &&
  called.incident === incident.id;

/** Whether a person chose the level, knowing what is so: a call is forced too, by nobody who could know. */
export const isForcedByPerson = ({ state: { incident, called } }: Pick<Turn, 'state'>): boolean =>
  incident !== null && incident.forced && called?.incident !== incident.id;
