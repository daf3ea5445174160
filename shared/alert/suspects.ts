import type { LadderConfig } from '../config/config.ts';
import { isTargetOf } from '../ladder/by-hand.ts';
import type { KeptRelease } from '../ladder/state.ts';
import type { How, Move } from '../question/moves.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Instant } from '../trail/entry.ts';
import { lasting } from '../trail/lasting.ts';
import { after, msBetween } from '../trail/time.ts';

/** Something that changed shortly before the first failure, and why it stands where it stands among the others. */
export type Suspect = {
  /** in one sentence; it may quote other people's text */
  what: string;
  at: Instant;
  /** who did it; null where nobody is named */
  by: string | null;
  /** the reason for its rank */
  why: string;
  /** the entry that says so; null where it is not indexed yet */
  seq: number | null;
};

/** What suspects are looked for among. */
export type Evidence = {
  /** null for a cause that many services share, and none of them owns */
  config: LadderConfig | null;
  /** when the first of what fails began to */
  began: Instant;
  /** what changed lately, in any order */
  moves: Move[];
  /** the release that the ladder itself suspects; null where it suspects none */
  suspect: Pick<KeptRelease, 'id' | 'passedBefore'> | null;
  /** what fails, by the names of the checks */
  failing: string[];
  /** the roles that Escalator itself acts in: what it does in them is no suspect */
  own: readonly string[];
};

/** How long before the first failure a change may lie (ms). */
const suspectedForMs = 3_600_000;
const namedAtMost = 5;

/**
 * What changed on a target in the hour before it began to fail, likeliest first: the release that went out to it last, then
 * what was done to it by hand, then what else; then its neighbours, then the rest of the account. Among alike the latest
 * comes first. What came after the failure began did not cause it.
 */
export const suspectsOf = (evidence: Evidence): Suspect[] =>
  onceEach(evidence.moves.filter((move) => isInQuestion(move, evidence)))
    .map((move, _, all) => ({ move, rank: rankOf(move, evidence.config, isReplaced(move, all)) }))
    .toSorted((one, other) => one.rank - other.rank || msBetween(one.move.at, other.move.at))
    .slice(0, namedAtMost)
    .map(({ move }) => suspectIn(move, evidence));

const isInQuestion = ({ how, at, by, release }: Move, { began, suspect, own }: Evidence): boolean => {
  if (how === 'failed' || (by.type === 'role-session' && own.includes(by.role))) return false;
  if (how === 'released' && release === suspect?.id) return true;
  return at <= began && at > after(began, -suspectedForMs);
};

/** A call, and what a ladder noted of it, are this far apart at most (ms). */
const sameCallMs = 60_000;

/** What a ladder noted of a call says more than the call does; of the instances of one scaling the latest is enough. */
const onceEach = (moves: Move[]): Move[] => {
  const noted = moves.filter(({ kind }) => kind === 'target.written');
  const isNoted = ({ subject, at }: Move): boolean =>
    noted.some((one) => one.subject === subject && Math.abs(msBetween(one.at, at)) <= sameCallMs);
  const latest = moves
    .filter((move) => move.kind !== 'call' || !isNoted(move))
    .toSorted((a, b) => msBetween(a.at, b.at));
  const nameOf = ({ how, seq, environment, service }: Move): string =>
    how === 'scaled' ? JSON.stringify([environment, service]) : String(seq);
  return [...Map.groupBy(latest, nameOf).values()].flatMap(([first]) => first ?? []);
};

/**
 * Whether it was done to what the ladder acts on, to something else of its environment, or elsewhere in the account. What
 * many services share belongs to no environment.
 */
const nearnessOf = ({ environment, service, subject }: Move, config: Evidence['config']): 'own' | 'near' | 'far' => {
  if (config === null) return environment === null ? 'own' : 'near';
  if (isTargetOf(config, subject)) return 'own';
  if (environment !== config.environment) return 'far';
  return service === null || config.service === null || service === config.service ? 'own' : 'near';
};

/** The likeliest first. By hand comes before a release elsewhere: nothing tested it. */
const order = [
  'own released',
  'own by-hand',
  'own',
  'near by-hand',
  'near released',
  'near',
  'far by-hand',
  'far released',
  'far',
];

/** What another release of the same service took the place of before anything failed. */
const isReplaced = ({ how, at, environment, service }: Move, all: Move[]): boolean =>
  how === 'released' &&
  all.some((one) => one.how === how && one.environment === environment && one.service === service && one.at > at);

const rankOf = (move: Move, config: Evidence['config'], replaced: boolean): number => {
  const near = nearnessOf(move, config);
  const named = replaced ? -1 : order.indexOf(`${near} ${move.how}`);
  return named === -1 ? order.indexOf(near) : named;
};

const suspectIn = (move: Move, evidence: Evidence): Suspect => ({
  what: move.says,
  at: move.at,
  by: move.by.type === 'service' || move.by.type === 'unknown' ? null : whoItWas(move.by),
  why: `${whereIn(move, evidence.config)}, ${whenIn(move, evidence)}${untilThen(move, evidence)}`,
  seq: move.seq,
});

const whereIn = (move: Move, config: Evidence['config']): string => {
  const { environment, service, how } = move;
  const near = nearnessOf(move, config);
  if (near === 'far') return `${did[how]} elsewhere in the account`;
  if (config === null)
    return `${did[how]} ${near === 'own' ? 'outside any environment' : `at ${[service ?? [], environment].flat().join(' in ')}`}`;
  return `${did[how]} ${near === 'own' ? 'here' : `at its neighbour ${service}`}`;
};

const did: { [how in How]: string } = {
  released: 'a release went out',
  'by-hand': 'something was changed outside the pipeline',
  deployed: 'something was deployed',
  configured: 'an alarm or the configuration was changed',
  scaled: 'instances came or went',
  failed: 'something failed',
};

/** A stage says that it succeeded only once its release serves: what it put out may fail before that. */
const whenIn = ({ at }: Move, { began }: Evidence): string =>
  at > began ? 'while the first check failed' : `${lasting(msBetween(at, began))} before the first failure`;

const untilThen = ({ release }: Move, { suspect, failing }: Evidence): string => {
  const passed = failing.filter((name) => release === suspect?.id && suspect?.passedBefore.includes(name));
  return passed.length === 0 ? '' : `, and ${passed.join(', ')} passed until then`;
};
