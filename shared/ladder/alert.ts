import type { Instant } from '../trail/entry.ts';
import { describeIntent } from './actions.ts';
import { failing } from './checks.ts';
import { circuitReason } from './circuit.ts';
import type { Alert, LadderEvent } from './events.ts';
import { runsHere } from './quarantine.ts';
import { runsRevoked } from './revoked.ts';
import { named } from './per.ts';
import { rootOf, running } from './releases.ts';
import { type Incident, statusOf } from './incident.ts';
import { evolve, type KeptRelease } from './state.ts';
import { approvalsMissing, stopReason } from './steps.ts';
import { targetsNow } from './targets.ts';
import { msBetween, openIncident, say, type Turn } from './turn.ts';
import { whoItWas } from '../trail/actor-name.ts';

/**
 * Adds the alert that a decision calls for: one at most a version, when an incident opens, changes its state, takes
 * a step or ends, and when a change is warned. Everything a person needs stands in it; nothing is looked up later.
 */
export const alertOf = (before: Turn, after: Turn): Turn => {
  const event = after.said.findLast(isNews);
  if (event === undefined || isOldNews(before, after, event) || isFolded(before, after, event)) return after;
  return say(after, { type: 'alert.raised', alert: compose(before, after, event) });
};

type News = Extract<
  LadderEvent,
  {
    type:
      | 'incident.opened'
      | 'incident.waiting'
      | 'incident.asking'
      | 'services.called'
      | 'step.intended'
      | 'incident.settling'
      | 'incident.verifying'
      | 'incident.closed'
      | 'ladder.held'
      | 'ladder.stopped'
      | 'ladder.resumed'
      | 'quarantine.ordered'
      | 'quarantine.lifted'
      | 'order.refused'
      | 'release.revoked'
      | 'gameday.held'
      | 'change.warned';
  }
>;

/** Whoever is refused an order is told there and then. Others are told of an approval: they wait for one. */
const isNews = (event: LadderEvent): event is News =>
  (event.type === 'order.refused' && event.asked === 'approve') ||
  [
    'incident.opened',
    'incident.waiting',
    'incident.asking',
    'services.called',
    'step.intended',
    'incident.settling',
    'incident.verifying',
    'incident.closed',
    'ladder.held',
    'ladder.stopped',
    'ladder.resumed',
    'quarantine.ordered',
    'quarantine.lifted',
    'release.revoked',
    'gameday.held',
    'change.warned',
  ].includes(event.type);

/** Waiting on, trying again what had to wait, or reading the checks once more: no change of state to tell of. */
const isOldNews = (before: Turn, after: Turn, event: News): boolean => {
  const was = before.state.incident;
  const is = after.state.incident;
  if (event.type === 'order.refused') return is?.phase.name !== 'asking';
  if (event.type === 'release.revoked') return runsRevoked(after) === null;
  if (event.type === 'incident.closed') return isOfCause(after);
  if (was === null || is === null || resumedIn(after) !== null) return false;
  // Of a cause that is nobody's people are told once, for all who wait for it.
  if (event.type === 'incident.waiting' && after.said.some(({ type }) => type === 'cause.shared')) return true;
  // Of a hold or a claim people were told when it was placed, or, with what comes of it, when the incident opened.
  if (event.type === 'incident.waiting' && after.state.stop !== null) return true;
  if (event.type === 'incident.verifying') return statusOf(was) === statusOf(is);
  return was.waitingSince !== null && (event.type === 'incident.waiting' || event.type === 'step.intended');
};

/** One message calls a person for all who waited for one cause; where the circuit opened besides, that has to be told. */
const isOfCause = ({ said }: Turn): boolean =>
  said.some(({ type }) => type === 'cause.handed-over') && !said.some(({ type }) => type === 'circuit.opened');

/**
 * What a service does while its environment owns the cause stands in the environment's own alerts: one incident is one
 * message. Where a person is needed they are called all the same.
 */
const isFolded = (before: Turn, after: Turn, event: News): boolean => {
  if (before.state.above.by === null && after.state.above.by === null) return false;
  if (event.type === 'incident.closed') return event.status !== 'handed-over';
  return folded.includes(event.type);
};

const folded: News['type'][] = [
  'incident.opened',
  'incident.waiting',
  'step.intended',
  'incident.settling',
  'incident.verifying',
];

const compose = (before: Turn, after: Turn, event: News): Alert => {
  const incident = after.state.incident ?? atClosing(before, after);
  const { environment, service, ladder } = after.config;
  const about = aboutOf(after, incident, event);
  const targets = targetsNow(after.state, after.config);
  return {
    id: `${ladder}#${after.version}`,
    incident: event.type === 'change.warned' ? null : (incident?.id ?? null),
    environment,
    service: service ?? '',
    severity: severityOf(after, event),
    headline: `${whereOf(after)}: ${goesOnBy(after, event)}${headlineOf(after, event)}`,
    change:
      about === null || after.config.service === null
        ? null
        : { repository: after.config.repository, commit: about.commit },
    author: about?.author ?? null,
    subject: about?.subject ?? null,
    failing: failing(after.state, after.config).map(({ name }) => name),
    ...(targets && { targets }),
    done: (incident?.steps ?? []).map((step) => `${step.level}: ${step.did} (${step.outcome})`),
    next: nextOf(after, event),
    ...(isOver(event) && { over: true }),
  };
};

/** After a hand-over, and where only observed, it is not over before the ladder is free again. */
const isOver = (event: News): boolean =>
  event.type === 'incident.closed' && (event.status === 'converged' || event.status === 'self-healed');

/** The incident as it was when this decision closed it, with the steps that ended in the same decision. */
const atClosing = (before: Turn, after: Turn): Incident | null =>
  after.said
    .filter(({ type }) => type !== 'incident.closed')
    .reduce((state, event) => evolve(state, event, after.version, after.now), before.state).incident;

/** The change an alert is about: what is warned of, else the suspect, else what runs. */
const aboutOf = (turn: Turn, incident: Incident | null, event: News) => {
  if (event.type === 'change.warned')
    return turn.state.sourced.find(({ execution }) => execution === event.execution) ?? null;
  if (event.type === 'quarantine.ordered' || event.type === 'quarantine.lifted') return knownOf(turn, event.commit);
  const suspect = turn.state.releases.find(({ id }) => id === incident?.suspect);
  return suspect ?? rootOfRunning(turn);
};

/** What is known of a commit, which may never have come here. */
const knownOf = ({ state }: Turn, commit: string): Pick<KeptRelease, 'commit' | 'author' | 'subject'> =>
  [...state.releases, ...state.sourced].find((one) => one.commit === commit) ?? { commit, author: null, subject: null };

const rootOfRunning = (turn: Turn): KeptRelease | null => {
  const current = running(turn.state);
  return current === null ? null : rootOf(turn.state, current);
};

const severityOf = (turn: Turn, event: News): Alert['severity'] => {
  if (event.type === 'incident.closed') return event.status === 'handed-over' ? 'page' : 'info';
  if (event.type === 'ladder.held' || event.type === 'incident.asking') return 'page';
  if (event.type === 'quarantine.ordered') return runsHere(turn.state, event.commit) ? 'warning' : 'info';
  if (event.type === 'release.revoked') return 'warning';
  return event.type === 'incident.opened' || event.type === 'change.warned' ? 'warning' : 'info';
};

const whereOf = ({ config: { environment, service } }: Turn): string =>
  service === null ? environment : `${service} in ${environment}`;

/** A robot that comes back says so, also where the same decision goes on at once. */
const goesOnBy = (turn: Turn, event: News): string => {
  const resumed = event.type === 'ladder.resumed' ? null : resumedIn(turn);
  return resumed === null ? '' : `goes on, ${resumed.why}; `;
};

const resumedIn = ({ said }: Turn) => said.find((event) => event.type === 'ladder.resumed') ?? null;

const headlineOf = (turn: Turn, event: News): string => {
  switch (event.type) {
    case 'incident.opened':
      return `${event.failing.map((name) => named(name, event.targets)).join(' and ')} failing`;
    case 'incident.waiting':
      return `waiting, ${event.reason}`;
    case 'incident.asking':
      return `level ${event.level} asks for approval to ${event.plan}`;
    case 'services.called':
      return `every shared level is taken, calling ${calledIn(event.services)}`;
    case 'step.intended':
      return `level ${event.intent.level}, about to ${describeIntent(event.intent)}`;
    case 'incident.settling':
      return 'every step is taken, settling';
    case 'incident.verifying':
      return 'verifying that it is healthy';
    case 'incident.closed':
      return closedHeadline(event);
    case 'ladder.held':
      return `held, ${event.reason}`;
    case 'ladder.stopped':
      return `${event.by === 'hold' ? 'held' : 'claimed'} by ${whoItWas(event.who)}, ${event.why}`;
    case 'ladder.resumed':
      return `goes on, ${event.why}`;
    case 'quarantine.ordered':
      return `${whoItWas(event.who)} quarantined ${event.commit.slice(0, 7)}, ${event.why}`;
    case 'quarantine.lifted':
      return `${whoItWas(event.who)} released ${event.commit.slice(0, 7)} from quarantine, ${event.why}`;
    case 'release.revoked':
      return `what runs is revoked by the configuration, ${runsRevoked(turn)}`;
    case 'order.refused':
      return `the approval of ${whoItWas(event.who)} does not count, ${event.reason}`;
    case 'gameday.held':
      return `a game day of ${whoItWas(event.who)}, nothing is wrong and nothing is done, ${event.why}`;
    case 'change.warned':
      return `${event.commit.slice(0, 7)} contains ${event.contains.slice(0, 7)}, which is quarantined here`;
  }
};

/** A headline has room for a few. */
const calledIn = (services: string[]): string =>
  services.length <= 3 ? services.join(', ') : `${services.length} services`;

const closedHeadline = (event: Extract<News, { type: 'incident.closed' }>): string =>
  event.status === 'handed-over' ? `a person is needed, ${event.reason}` : `${event.status}, ${event.reason}`;

const nextOf = (turn: Turn, event: News): string => {
  const seconds = (until: string): string => secondsTo(turn, until);
  switch (event.type) {
    case 'incident.opened':
      if (turn.state.stop !== null) return `${nextOfStop(turn, turn.state.stop.until)}; it is ${stopReason(turn)}`;
      return `nothing for ${seconds(event.until)}, then the most drastic level that a failing check asks for`;
    case 'incident.waiting':
      return `look again in ${seconds(event.until)}`;
    case 'incident.asking':
      return nextOfAsking(turn, event);
    case 'services.called':
      return `their own levels, each in its own ladder: ${event.services.join(', ')}; then verify`;
    case 'step.intended':
      return 'carry it out, then do nothing for its quiescence';
    case 'incident.settling':
      return `verify in ${seconds(event.until)}`;
    case 'incident.verifying':
      return `converged when all checks pass ${turn.config.verify.times} times in a row`;
    case 'incident.closed':
      if (event.status !== 'handed-over') return 'nothing to do';
      return turn.state.circuit.open
        ? nextOfCircuit(turn)
        : 'Escalator does nothing more here until all checks have passed for a while';
    case 'ladder.held':
      return 'Escalator does nothing here until all checks have passed for a while';
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
  `${circuitReason(state)}. Escalator begins nothing here until somebody resumes it: escalator resume ${config.ladder} --why TEXT`;

const secondsTo = ({ now }: Turn, until: Instant): string =>
  `${Math.max(0, Math.ceil(msBetween(now, until) / 1000))} s`;

type Asked = { incident: string; level: string; needs: number; until: Instant };

const nextOfAsking = (turn: Turn, { incident, level, needs, until }: Asked): string =>
  `nothing until ${approvals(needs)}: escalator approve ${incident} --level ${level} --why TEXT; handed over in ${secondsTo(turn, until)}`;

/** What was asked for is asked for still. */
const nextOfRefused = (turn: Turn): string => {
  const { id, phase } = openIncident(turn);
  const level = turn.config.levels.find((one) => phase.name === 'asking' && one.level === phase.level);
  if (phase.name !== 'asking' || level === undefined) return 'nothing changes by it';
  return nextOfAsking(turn, { ...phase, incident: id, needs: approvalsMissing(turn, level) });
};

const nextOfStop = ({ config, now }: Turn, until: Instant | null): string => {
  const resume = `escalator resume ${config.ladder} --why TEXT`;
  if (until === null) return `nothing is done here until somebody resumes it: ${resume}`;
  return `nothing is done here for ${lasting(msBetween(now, until))}, or until somebody resumes it: ${resume}`;
};

const lasting = (ms: number): string => (ms <= 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`);

const approvals = (needs: number): string => (needs === 1 ? 'one person approves' : `${needs} people approve`);
