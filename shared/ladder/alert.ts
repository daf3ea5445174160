import { describeIntent } from './actions.ts';
import { failing } from './checks.ts';
import { nextOf } from './alert-next.ts';
import type { LadderConfig } from '../config/config.ts';
import type { Alert } from './events.ts';
import { isNews, type News } from './news.ts';
import { runsHere } from './quarantine.ts';
import { runsRevoked } from './revoked.ts';
import { named } from './per.ts';
import { rootOf, running } from './releases.ts';
import { type Incident, statusOf } from './incident.ts';
import { evolve, type KeptRelease } from './state.ts';
import { targetsNow } from './targets.ts';
import { say, type Turn } from './turn.ts';
import { isWithdrawn } from './withdrawn.ts';
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
  if (event.type === 'incident.waiting') return was.waitingSince !== null || was.phase.name === 'waiting';
  return was.waitingSince !== null && event.type === 'step.intended';
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
    change: about === null ? null : changeOf(after.config, about.commit),
    author: about?.author ?? null,
    subject: about?.subject ?? null,
    failing: failing(after.state, after.config).map(({ name }) => name),
    ...(targets && { targets }),
    done: (incident?.steps ?? []).map((step) => `${step.level}: ${step.did} (${step.outcome})`),
    next: nextOf(after, event),
    ...(isOver(event) && { over: true }),
  };
};

/** Nothing is delivered to an environment itself, and of a ladder that was taken out it is not known what. */
const changeOf = (config: LadderConfig, commit: string): Alert['change'] =>
  config.service === null || isWithdrawn(config) ? null : { repository: config.repository, commit };

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
      return `${isThrough(turn) ? 'every step is taken' : 'every check passes again'}, settling`;
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

/** An attempt may end before its last level, where nothing fails any more. */
const isThrough = ({ state: { incident } }: Turn): boolean =>
  incident === null || incident.step >= incident.plan.length;

/** A headline has room for a few. */
const calledIn = (services: string[]): string =>
  services.length <= 3 ? services.join(', ') : `${services.length} services`;

const closedHeadline = (event: Extract<News, { type: 'incident.closed' }>): string =>
  event.status === 'handed-over' ? `a person is needed, ${event.reason}` : `${event.status}, ${event.reason}`;
