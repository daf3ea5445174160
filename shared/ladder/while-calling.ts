import type { Ended } from './adopted.ts';
import { mostDrastic, noteReadings } from './checks.ts';
import { handOver, settle, startAttempt } from './steps.ts';
import { msBetween, openIncident, say, type Turn, wakeIn } from './turn.ts';

/** While the services climb: a failure of what they stand on starts a new attempt; when all have ended it settles, or calls a person. */
export const whileCalling = (turn: Turn): Turn => {
  const read = collect(noteReadings(turn));
  const { phase } = openIncident(read);
  if (phase.name !== 'calling' || read.config.service !== null) return read;
  if (mostDrastic(read.state, read.config) !== null)
    return startAttempt(read, 'what the services stand on fails again');
  const waited = read.config.below.filter((ladder) => phase.ended[ladder] === undefined);
  if (waited.length === 0) return over(read, phase.ended);
  if (read.now >= phase.until) return handOver(read, `${waited.join(', ')} did not end in time`);
  return wakeIn(read, Math.min(read.config.poll, msBetween(read.now, phase.until)));
};

/** A service has ended: when it was the last one, it settles, or calls a person. */
export const onEnded = (turn: Turn): Turn => {
  if (turn.state.incident?.phase.name !== 'calling' || turn.config.service !== null) return turn;
  const read = collect(turn);
  const { phase } = openIncident(read);
  const isOver = phase.name === 'calling' && turn.config.below.every((ladder) => phase.ended[ladder] !== undefined);
  return isOver ? over(read, phase.ended) : read;
};

/** Notes which of the services that were called have ended. */
const collect = (turn: Turn): Turn => {
  const { id, phase } = openIncident(turn);
  const { below } = turn.readings;
  if (phase.name !== 'calling' || below == null) return turn;
  return Object.entries(below).reduce((next, [ladder, { call, ended }]) => {
    if (call !== phase.call || ended === null || phase.ended[ladder] !== undefined) return next;
    return say(next, { type: 'service.ended', incident: id, ladder, status: ended.status, reason: ended.reason });
  }, turn);
};

const over = (turn: Turn, ended: { [ladder: string]: Ended }): Turn => {
  const left = Object.entries(ended).filter(([, { status }]) => status === 'handed-over');
  if (left.length === 0) return settle(turn);
  return handOver(turn, left.map(([ladder, { reason }]) => `${ladder} was handed over: ${reason}`).join('; '));
};
