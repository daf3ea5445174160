import type { Instant } from '../trail/entry.ts';
import { lasting } from '../trail/lasting.ts';
import { circuitReason } from './circuit.ts';
import type { News } from './news.ts';
import { runsHere } from './quarantine.ts';
import { approvalsMissing, stopReason } from './steps.ts';
import { msBetween, openIncident, type Turn } from './turn.ts';
import { isWithdrawn } from './withdrawn.ts';

/** What comes next, and when, in words. */
export const nextOf = (turn: Turn, event: News): string => {
  const until = (at: Instant): string => lasting(msBetween(turn.now, at));
  switch (event.type) {
    case 'incident.opened':
      if (turn.state.stop !== null) return `${nextOfStop(turn, turn.state.stop.until)}; it is ${stopReason(turn)}`;
      return `nothing for ${until(event.until)}, then the most drastic level that a failing check asks for`;
    case 'incident.waiting':
      return `look again in ${until(event.until)}`;
    case 'incident.asking':
      return nextOfAsking(turn, event);
    case 'services.called':
      return `their own levels, each in its own ladder: ${event.services.join(', ')}; then verify`;
    case 'step.intended':
      return 'carry it out, then do nothing for its quiescence';
    case 'incident.settling':
      return `verify in ${until(event.until)}`;
    case 'incident.verifying':
      return `converged when all checks pass ${turn.config.verify.times} times in a row`;
    case 'incident.closed':
      if (event.status !== 'handed-over') return 'nothing to do';
      return turn.state.circuit.open ? nextOfCircuit(turn) : `Escalator does nothing more here ${untilFreed(turn)}`;
    case 'ladder.held':
      return `Escalator does nothing here ${untilFreed(turn)}`;
    case 'ladder.stopped':
      return nextOfStop(turn, event.until);
    case 'ladder.resumed':
      return 'look at the checks, and go on';
    case 'quarantine.ordered':
      return runsHere(turn.state, event.commit)
        ? 'it runs here and goes on running: put something else there'
        : 'it is refused here until somebody releases it';
    case 'quarantine.lifted':
      return `it may come here again${event.goneBackFrom ? ', though it was gone back from within 24 h' : ''}`;
    case 'release.revoked':
      return 'it goes on running and is not put there again: put something else there';
    case 'order.refused':
      return nextOfRefused(turn);
    case 'gameday.held':
      return `nothing to do: were check ${event.check} to fail, it would end ${event.end.status}, ${event.end.reason}`;
    case 'change.warned':
      return `it goes on; if the same check fails it is rolled back first. To take the bad commit out: ${event.advice}`;
  }
};

const nextOfCircuit = ({ state, config }: Turn): string =>
  `${circuitReason(state)}. Escalator begins nothing here until somebody resumes it: ${resumeOf(config)}`;

type Asked = { incident: string; level: string; needs: number; until: Instant };

const nextOfAsking = ({ now }: Turn, { incident, level, needs, until }: Asked): string =>
  `nothing until ${approvals(needs)}: escalator approve ${incident} --level ${level} --why TEXT; handed over in ${lasting(msBetween(now, until))}`;

/** What was asked for is asked for still. */
const nextOfRefused = (turn: Turn): string => {
  const { id, phase } = openIncident(turn);
  const level = turn.config.levels.find((one) => phase.name === 'asking' && one.level === phase.level);
  if (phase.name !== 'asking' || level === undefined) return 'nothing changes by it';
  return nextOfAsking(turn, { ...phase, incident: id, needs: approvalsMissing(turn, level) });
};

const nextOfStop = ({ config, now }: Turn, until: Instant | null): string => {
  const resume = resumeOf(config);
  if (until === null) return `nothing is done here until somebody resumes it: ${resume}`;
  return `nothing is done here for ${lasting(msBetween(now, until))}, or until somebody resumes it: ${resume}`;
};

const untilFreed = ({ config }: Turn): string =>
  isWithdrawn(config)
    ? 'until the configuration has it again: look after it'
    : `until all checks have passed for ${lasting(config.freeAfter)}, or somebody resumes it: ${resumeOf(config)}`;

const resumeOf = ({ ladder }: Turn['config']): string => `escalator resume ${ladder} --why TEXT`;

const approvals = (needs: number): string => (needs === 1 ? 'one person approves' : `${needs} people approve`);
