import type { Called } from './adopted.ts';
import { failing, noteReadings } from './checks.ts';
import type { LadderState } from './state.ts';
import { takeAll } from './steps.ts';
import { incidentId, openIncident, say, type Turn } from './turn.ts';

/**
 * Takes up a call that was not taken up yet: every level from the first, in the open incident or a new one. A step under
 * way is seen through first and a quiescence kept; what a person holds waits for them.
 */
export const answerCall = (turn: Turn): Turn => {
  const { above, called, stop, hold, incident } = turn.state;
  if (above.by === null || above.call === null || called?.call === above.call) return turn;
  if (turn.readings.above == null || turn.readings.alarms === null || stop !== null || isOccupied(turn)) return turn;
  const call = { by: above.by, call: above.call };
  if (hold !== null) return refuse(turn, call, hold);
  const open = incident === null ? openFor(turn) : turn;
  return takeAll(
    say(open, { type: 'incident.called', incident: openIncident(open).id, ...call }),
    `called by ${above.by}`,
  );
};

type Call = Pick<Called, 'by' | 'call'>;

/** What a hand-over left to a person stays theirs, and what only observes has said what it would do. */
const refuse = (turn: Turn, call: Call, { reason, freeAfter }: NonNullable<LadderState['hold']>): Turn =>
  say(turn, { type: 'call.refused', ...call, status: freeAfter === 'pass' ? 'observed' : 'handed-over', reason });

const isOccupied = ({ state, now }: Turn): boolean => {
  const phase = state.incident?.phase;
  if (phase?.name === 'quiescing' || phase?.name === 'quiet') return now < phase.until;
  return phase?.name === 'acting';
};

const openFor = (turn: Turn): Turn => {
  const read = noteReadings(turn);
  const names = failing(read.state, read.config).map(({ name }) => name);
  const incident = incidentId(read);
  return say(read, { type: 'incident.opened', incident, failing: names, suspect: null, until: read.now });
};
