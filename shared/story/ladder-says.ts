import { actions, describeIntent } from '../ladder/actions.ts';
import type { Targets } from '../ladder/events.ts';
import type { Intent } from '../ladder/intents.ts';
import { fewOf, named } from '../ladder/per.ts';
import { list, number, object, text } from '../event/fields.ts';
import { actorName } from '../trail/actor-name.ts';
import type { Json } from '../trail/entry.ts';
import { and, short, type Told } from './words.ts';
import { inUtc } from '../trail/in-utc.ts';

type Detail = { [field: string]: Json };
type Say = (detail: Detail, entry: Told) => string;

/** What ladders, take-step and send-alert put on record, in words. The kinds are those of `shared/ladder/events.ts`. */
export const ladderSays: { [kind: string]: Say } = {
  'ladder.decided': (detail) =>
    `version ${number(detail, 'version')} of the ladder was decided on ${inputOf(object(detail, 'input'))}`,
  'ladder.held': (_, { reason }) => `the ladder is held: ${reason}`,
  'ladder.freed': (_, { reason }) => `the ladder is free again: ${reason}`,
  'ladder.stopped': (detail) =>
    `${whoOf(detail)} ${text(detail, 'by') === 'hold' ? 'holds' : 'claims'} it: ${text(detail, 'why')}`,
  'ladder.resumed': (detail) => `${whoOf(detail)} lets it go on: ${text(detail, 'why')}`,
  'circuit.opened': (detail) =>
    `the circuit opens: ${and(names(detail, 'incidents'))} did not converge; nothing is begun until somebody resumes it`,
  'circuit.closed': (detail) => `${whoOf(detail)} closes the circuit: ${text(detail, 'why')}`,
  'target.written': (detail) =>
    `${whoOf(detail)} called ${text(detail, 'call')} on ${text(detail, 'target')}, not through the pipeline`,
  'gameday.held': (detail) =>
    `a game day of ${whoOf(detail)}: were check ${text(detail, 'check')} to fail, it would end ${text(detail, 'end', 'status')}, ${text(detail, 'end', 'reason')}`,
  'gameday.asked': (detail, { reason }) =>
    `a game day was asked for: what if check ${text(detail, 'check')} failed${because(reason)}`,
  'order.given': (detail, { reason }) => `told to ${text(detail, 'order', 'name')}${because(reason)}`,
  'order.refused': (detail, { reason }) => `${whoOf(detail)} was refused to ${text(detail, 'asked')}${because(reason)}`,
  'check.changed': (detail, { reason }) =>
    text(detail, 'was') === text(detail, 'value')
      ? `check ${text(detail, 'check')} is ${text(detail, 'value')}${ofWhat(detail)} now${because(reason)}`
      : `check ${text(detail, 'check')} went from ${text(detail, 'was')} to ${text(detail, 'value')}${ofWhat(detail)}${because(reason)}`,
  'release.sourced': (detail) =>
    `${short(text(detail, 'commit'))} "${text(detail, 'subject') ?? ''}" by ${text(detail, 'author') ?? 'nobody known'} is on its way`,
  'release.reached': (detail, { environment }) =>
    `${short(text(detail, 'release', 'commit'))} reached ${environment}${fromBefore(object(detail, 'release'))}${foundLate(detail)}`,
  'release.unconfirmed': (detail, { reason, environment }) =>
    `execution ${text(detail, 'execution')} is said to have reached ${environment}, and puts nothing there: ${reason}`,
  'release.good': (detail) => `release ${text(detail, 'release')} is good: it may be gone back to`,
  'release.quarantined': (detail, { reason, environment }) =>
    `${short(text(detail, 'commit'))} is quarantined in ${environment}: ${reason}`,
  'release.revoked': (detail) => {
    const revoked = list(detail, 'revoked').flatMap((one) => list(one, 'commits'));
    return `the configuration revokes ${revoked.length === 0 ? 'nothing any more' : `${revoked.length} of the commits that may come here`}`;
  },
  'quarantine.ordered': (detail, { environment }) =>
    `${whoOf(detail)} quarantined ${short(text(detail, 'commit'))} in ${environment}: ${text(detail, 'why')}`,
  'quarantine.lifted': (detail, { environment }) =>
    `${whoOf(detail)} released ${short(text(detail, 'commit'))} from quarantine in ${environment}: ${text(detail, 'why')}` +
    (detail['goneBackFrom'] === true ? '; it may be put there again though it was gone back from within 24 h' : ''),
  'release.refused': (detail, { reason }) => `${short(text(detail, 'commit'))} was refused${because(reason)}`,
  'change.pushed': (detail) => `${whoOf(detail)} pushed ${short(text(detail, 'commit'))}`,
  'change.warned': (detail) =>
    `${short(text(detail, 'commit'))} contains ${short(text(detail, 'contains'))}, which is quarantined; ` +
    `to take it out: ${text(detail, 'advice')}`,
  'incident.opened': (detail) =>
    `incident ${text(detail, 'incident')} opened: ${and(failingIn(detail))} failing; ${suspectOf(detail)}`,
  'incident.joined': (detail) => `${text(detail, 'check')} fails too`,
  'incident.waiting': (_, { reason }) => `it waits: ${reason}`,
  'attempt.started': (detail, { reason }) =>
    `attempt ${number(detail, 'attempt')} starts from level ${text(detail, 'from')} (${names(detail, 'levels').join(', then ')}): ${reason}`,
  'incident.asking': (detail) =>
    `level ${text(detail, 'level')} asks for approval to ${text(detail, 'plan')}, until ${time(detail, 'until')}`,
  'step.approved': (detail) => `${whoOf(detail)} approved level ${text(detail, 'level')}: ${text(detail, 'why')}`,
  'step.intended': (detail) => `level ${text(detail, 'intent', 'level')}: about to ${deed(object(detail, 'intent'))}`,
  'step.claimed': (detail) => `level ${text(detail, 'level')}: taken on, after reading the checks again`,
  'step.result': (detail, { outcome, reason }) => `level ${text(detail, 'level')}: ${outcome}${because(reason)}`,
  'step.started': (detail) => `the step is under way${startedWhat(detail)}`,
  'step.ended': (detail, { outcome, reason }) => `level ${text(detail, 'level')}: ${outcome}${because(reason)}`,
  'slot.taken': (detail) => `a slot of ${text(detail, 'of')} is taken for ${text(detail, 'actKey')}`,
  'cause.shared': (detail) =>
    `${names(detail, 'ladders').length} of ${number(detail, 'of')} services began to fail together, a cause that no single ladder owns: ${and(names(detail, 'ladders'))}`,
  'cause.handed-over': (detail) =>
    `a person is called for ${and(names(detail, 'ladders'))}, which began to fail together`,
  'services.called': (detail) =>
    `every level of its own is taken; it calls ${and(names(detail, 'services'))}, each for all of theirs`,
  'service.ended': (detail, { reason }) =>
    `${text(detail, 'ladder')} has ended ${text(detail, 'status')}${because(reason)}`,
  'ladder.adopted': (detail) =>
    detail['call'] === null
      ? `adopted by ${text(detail, 'by')}: nothing is begun here by itself`
      : `${text(detail, 'by')} calls`,
  'ladder.let-go': (detail) => `let go by ${text(detail, 'by')}: it goes on by itself`,
  'incident.called': (detail) => `called by ${text(detail, 'by')}: every level is taken, from the first`,
  'call.refused': (detail, { reason }) => `the call of ${text(detail, 'by')} is not taken up${because(reason)}`,
  'incident.settling': () => 'every step is taken; it settles',
  'incident.verifying': (detail) => {
    const good = number(detail, 'good') ?? 0;
    if (good === 0) return 'the checks are verified';
    return good === 1 ? 'all checks pass' : `all checks pass, ${good} times in a row so far`;
  },
  'incident.closed': (detail, { reason }) =>
    `incident ${text(detail, 'incident')} ended ${text(detail, 'status')}${because(reason)}`,
  'incident.noted': (detail, { actor }) =>
    `${actorName(actor)} noted the cause: ${text(detail, 'cause')}; prevented by ${text(detail, 'preventedBy')}`,
  'timer.set': (detail) => `to be looked at again at ${time(detail, 'due')}`,
  'alert.raised': (detail) => `people are to be told: ${text(detail, 'alert', 'headline')}`,
  'alert.decided': (detail, { outcome }) =>
    `alerts of ${text(detail, 'group') ?? 'a group'}: ${(outcome ?? 'taken in').replaceAll('-', ' ')}`,
  'alert.told': (detail) => `people are told: ${text(detail, 'message', 'alert', 'headline')}`,
  'silence.set': (detail, entry) =>
    `${actorName(entry.actor)} silenced alerts until ${text(detail, 'order', 'until')}: ${entry.reason ?? 'no reason given'}`,
  'silence.lifted': (_, entry) => `${actorName(entry.actor)} lifted a silence: ${entry.reason ?? 'no reason given'}`,
  'comment.due': (_, { change }) => `a comment is to be made on ${short(change?.commit ?? null)}`,
  'comment.posted': (detail, { change }) =>
    `a comment was made on ${onWhat(text(detail, 'pull'), change?.commit ?? null)}`,
  'comment.refused': (detail, { change, reason }) =>
    `no comment on ${onWhat(text(detail, 'pull'), change?.commit ?? null)}${because(reason)}`,
  'alert.sent': (detail) => `people were told, by topic ${text(detail, 'topic')}${byDetour(detail)}`,
  'alert.unsure': (detail) => `people were perhaps told, by topic ${text(detail, 'topic')}: nobody lived to say so`,
};

const onWhat = (pull: string | null, commit: string | null): string =>
  pull === null ? short(commit) : `pull request ${pull}`;

const whoOf = (detail: Detail): string => text(detail, 'who', 'name') ?? text(detail, 'who', 'session') ?? 'somebody';

const byDetour = (detail: Detail): string => {
  const first = text(detail, 'insteadOf');
  if (first === null) return '';
  return `, since topic ${first} ${text(detail, 'why') === 'refused' ? 'refuses it' : 'did not take it for a minute'}`;
};

const because = (reason: string | null): string => (reason === null || reason === '' ? '' : `: ${reason}`);

/** What fails of a check by its name. */
const ofWhat = (detail: Detail): string => {
  const targets = names(detail, 'targets');
  return targets.length === 0 ? '' : ` of ${fewOf(targets)}`;
};

const names = (detail: Detail, field: string): string[] =>
  list(detail, field).filter((name) => typeof name === 'string');

const failingIn = (detail: Detail): string[] =>
  names(detail, 'failing').map((name) => named(name, object(detail, 'targets') as unknown as Targets));

const suspectOf = (detail: Detail): string => {
  const suspect = text(detail, 'suspect');
  return suspect === null ? 'no release is suspect' : `suspect is release ${suspect}`;
};

/** It is no news by the time it is read. */
const foundLate = (detail: Detail): string =>
  detail['recovered'] === undefined ? '' : ` at ${text(detail, 'release', 'reachedAt')}, as was found later`;

const fromBefore = (release: Detail): string => {
  if (release['byRollback'] !== true) return '';
  const from = text(release, 'rebuiltFrom');
  return from === null ? ', started by the ladder' : `, put there again (first built as ${from})`;
};

const deed = (intent: Detail): string => {
  const action = text(intent, 'action') ?? 'nothing';
  if (!Object.hasOwn(actions, action)) return action; // of a version of the product that is not this one
  const cause = text(intent, 'forCause', 'reason');
  const says = describeIntent(intent as unknown as Intent);
  return cause === null ? says : `${says}, for cause: ${cause}`;
};

const startedWhat = (detail: Detail): string => {
  const execution = text(detail, 'execution');
  const instances = names(detail, 'instances');
  return execution !== null
    ? `, as execution ${execution}`
    : instances.length > 0
      ? `, giving up ${and(instances)}`
      : '';
};

const time = (detail: Detail, field: string): string => {
  const at = text(detail, field);
  return at === null ? 'some time' : inUtc(at);
};

/** What a decision was made on, and the entry it stands in: the receipts. */
const inputOf = (input: Detail): string => {
  const seq = number(input, 'seq');
  const entry = seq === null ? '' : ` (entry ${seq})`;
  switch (text(input, 'type')) {
    case 'alarm':
      return `alarm ${text(input, 'alarm')} reading ${text(input, 'value')}${entry}`;
    case 'series':
      return `what fails of alarm ${text(input, 'alarm')}${entry}`;
    case 'told':
      return `what an event says of its checks${entry}`;
    case 'stage':
      return `a stage that ${text(input, 'outcome')}${entry}`;
    case 'recovered':
      return `a release that was found late${entry}`;
    case 'sourced':
      return `${short(text(input, 'commit'))} leaving its source${entry}`;
    case 'order':
      return `an order to ${text(input, 'order', 'name')}${entry}`;
    case 'pushed':
      return `a push of ${short(text(input, 'commit'))}${entry}`;
    case 'written':
      return `a change by hand${entry}`;
    case 'above':
      return `the ladder of the environment going on${entry}`;
    case 'below':
      return `${text(input, 'ladder')} going on${entry}`;
    case 'gameday':
      return `a game day on check ${text(input, 'check')}${entry}`;
    case 'claim':
      return 'the wish to carry out its act';
    case 'result':
      return `the result of its act${entry}`;
    case 'timer':
      return `the time set by version ${number(input, 'version')}`;
    default:
      return 'a reading of every check';
  }
};
