import type { LadderConfig, ServiceConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { after, msBetween } from '../trail/time.ts';

export { after, msBetween };
import type { LadderEvent } from './events.ts';
import type { Readings } from './input.ts';
import type { Incident } from './incident.ts';
import { evolve, type LadderState } from './state.ts';

/** One decision in the making: the state so far, what was said, and all that may be looked at. Never changed in place. */
export type Turn = {
  readonly state: LadderState;
  readonly said: readonly LadderEvent[];
  readonly version: number;
  readonly now: Instant;
  readonly config: LadderConfig;
  readonly readings: Readings;
};

/** A decision of a service's ladder: releases are put there, and gone back from. */
export type ServiceTurn = Turn & { readonly config: ServiceConfig };

/** Whether this is about a service; the shared levels of an environment deliver nothing. */
export const isOfService = (turn: Turn): turn is ServiceTurn => turn.config.service !== null;

/** Says events and lets them count at once: what follows in the same decision already sees them. */
export const say = (turn: Turn, ...events: LadderEvent[]): Turn => ({
  ...turn,
  state: events.reduce((state, event) => evolve(state, event, turn.version, turn.now), turn.state),
  said: [...turn.said, ...events],
});

/** Sets the ladder's one timer, `ms` from now. A newer one replaces it. */
export const wakeIn = (turn: Turn, ms: number): Turn =>
  say(turn, { type: 'timer.set', name: 'decide', due: after(turn.now, ms) });

/** Those of some instants that are less than `ms` ago: what a budget over that long counts. */
export const within = (instants: Instant[], ms: number, now: Instant): Instant[] =>
  instants.filter((at) => msBetween(at, now) < ms);

/** An incident is named after its ladder and the version that opened it: `production.shop.5`, `production.5`. */
export const incidentId = ({ config, version }: Turn): string => `${config.ladder.replace('/', '.')}.${version}`;

/** The open incident of a turn that has one; asking without one is a mistake of ours, not of the world. */
export const openIncident = (turn: Turn): Incident => {
  if (turn.state.incident === null) throw new Error(`${turn.config.ladder} has no open incident`);
  return turn.state.incident;
};
