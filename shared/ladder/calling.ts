import type { Ended } from './adopted.ts';
import type { LadderState } from './state.ts';
import { after, openIncident, say, type Turn, wakeIn } from './turn.ts';

/** How services of an environment stand, by their ladders, as far as its own ladder asks. */
export type Below = { [ladder: string]: Stands };

export type Stands = {
  /** the incident that has adopted it, as it knows itself */
  by: string | null;
  /** the level whose step is under way: claimed, and not ended */
  acting: string | null;
  /** the last call it took up, and how that ended */
  call: number | null;
  ended: Ended | null;
};

/** Reads out of a service's ladder what that of its environment asks. */
export const standsOf = ({ above, called, incident }: LadderState): Stands => {
  const phase = incident?.phase;
  const acting = phase?.name === 'acting' && (phase.claim !== null || phase.started) ? phase.intent.level : null;
  return { by: above.by, acting, call: called?.call ?? null, ended: called?.ended ?? null };
};

/**
 * Why an environment's own levels are not begun yet: before anything that its services stand on is touched, each of them
 * has to know, in its own stream, that it is adopted, and to have seen its own step through. Null where they have.
 */
export const notReady = (turn: Turn): string | null => {
  if (turn.config.service !== null) return null;
  const { below } = turn.readings;
  const { id } = openIncident(turn);
  if (below == null) return 'its services cannot be read';
  const reasons = turn.config.below.flatMap((ladder) => {
    const stands = below[ladder];
    if (stands?.by !== id) return [`${ladder} does not know yet that it is adopted`];
    return stands.acting === null ? [] : [`${ladder} is taking its level ${stands.acting}`];
  });
  return reasons[0] ?? null;
};

/** How long the services may take for their levels, all together (ms). */
export const callAtMostMs = 60 * 60_000;

/** Whether the services are to climb now: something they stand on was built anew, and they were not called since. */
export const callsNext = (turn: Turn): boolean => {
  const { called, steps } = openIncident(turn);
  if (turn.config.service !== null || turn.config.below.length === 0) return false;
  return called !== true && steps.some(({ outcome }) => outcome === 'done');
};

/** The environment's own levels are taken and verified: those of its services follow, each in its own ladder. */
export const callServices = (turn: Turn): Turn => {
  if (turn.config.service !== null) return turn;
  const { poll, below } = turn.config;
  const until = after(turn.now, callAtMostMs);
  const incident = openIncident(turn).id;
  return wakeIn(say(turn, { type: 'services.called', incident, call: turn.version, services: below, until }), poll);
};
