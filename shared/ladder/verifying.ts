import { callServices, callsNext } from './calling.ts';
import { allPass, failing, failingInWords } from './checks.ts';
import { close, handOver, startAttempt, stopReason, wait } from './steps.ts';
import { after, openIncident, say, type Turn, wakeIn } from './turn.ts';
import { verifyFor } from './windows.ts';

export const startVerifying = (turn: Turn): Turn =>
  verifyAgain(turn, 0, 0, after(turn.now, verifyFor(turn.state, turn.config)));

const verifyAgain = (turn: Turn, good: number, bad: number, until: string): Turn => {
  const next = after(turn.now, turn.config.verify.every);
  const incident = openIncident(turn).id;
  return wakeIn(say(turn, { type: 'incident.verifying', incident, good, bad, until, next }), turn.config.verify.every);
};

/** All pass, several times in a row: converged. A check fails as often in a row: not converged, another attempt. */
export const verify = (turn: Turn): Turn => {
  const incident = openIncident(turn);
  if (incident.phase.name !== 'verifying') return turn;
  const { times } = turn.config.verify;
  const good = allPass(turn.state, turn.config) ? incident.phase.good + 1 : 0;
  const bad = failing(turn.state, turn.config).length > 0 ? incident.phase.bad + 1 : 0;
  if (good >= times) return well(turn);
  const over = turn.now >= incident.phase.until;
  if (bad >= times || (over && bad > 0))
    return startAttempt(turn, `${failingInWords(turn.state, turn.config)} still failing`);
  if (over) return handOver(turn, 'the checks could not be read as passing before the deadline');
  return verifyAgain(turn, good, bad, incident.phase.until);
};

/** The ground is verified before what stands on it climbs. */
const well = (turn: Turn): Turn => {
  const stopped = stopReason(turn);
  if (callsNext(turn)) return stopped === null ? callServices(turn) : wait(turn, stopped);
  return close(turn, 'converged', `all checks passed ${turn.config.verify.times} times in a row`);
};
