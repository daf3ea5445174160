import type { LadderConfig, ServiceConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import type { Release } from './events.ts';
import type { ExecutionReading, Input } from './input.ts';
import { passingSince } from './checks.ts';
import type { KeptRelease, LadderState } from './state.ts';
import { msBetween, say, type ServiceTurn, type Turn } from './turn.ts';
import { whoItWas } from '../trail/actor-name.ts';
import { bakeFor } from './windows.ts';

const dayInMs = 86_400_000;
/** How long a commit that was gone back from is not put there again, whatever else is forgotten of it. */
export const refusedForMs = dayInMs;
export const servedAtMostMs = 30 * dayInMs;
export const releasesBackAtMost = 3;

export const releaseId = (config: LadderConfig, execution: string): string => `${config.ladder}@${execution}`;

/** What runs now, as far as the ladder knows: the release that reached the environment last. */
export const running = (state: LadderState): KeptRelease | null => state.releases[0] ?? null;

/** The release whose revisions these are: a rollback or a redeploy puts an older release there again. */
export const rootOf = (state: LadderState, release: KeptRelease): KeptRelease =>
  state.releases.find(({ id }) => id === release.rebuiltFrom) ?? release;

/** Whether a release went out lately enough, at `at`, to be what broke a check. */
export const isRecent = (release: KeptRelease, at: Instant, { suspectFor }: ServiceConfig): boolean =>
  msBetween(release.reachedAt, at) <= suspectFor;

/** Whether a commit was gone back from within 24 h, or is quarantined. The robot never puts it there again. */
export const isRefused = (state: LadderState, commit: string, now: Instant): boolean =>
  refusal(state, commit, now) !== null;

/** Why a commit is refused here, and by whose word; null where it is not. */
export const refusal = (state: LadderState, commit: string, now: Instant): string | null => {
  const revoked = revokedReason(state, commit);
  if (revoked !== null) return revoked;
  const known = state.quarantines.find((one) => one.commit === commit);
  if (known !== undefined)
    return known.by === null ? `quarantined: ${known.reason}` : `quarantined by ${whoItWas(known.by)}: ${known.reason}`;
  const marked = state.releases.find((release) => release.commit === commit && release.quarantined !== null);
  if (marked !== undefined) return `quarantined: ${marked.quarantined}`;
  return wentBackFrom(state, commit, now) ? 'gone back from within 24 h' : null;
};

/** Why the configuration revokes a commit; null where it does not. */
export const revokedReason = ({ revoked }: Pick<LadderState, 'revoked'>, commit: string): string | null => {
  const found = revoked.find(({ commits }) => commits.includes(commit));
  return found === undefined ? null : `revoked by the configuration: ${found.why}`;
};

export const wentBackFrom = (state: LadderState, commit: string, now: Instant): boolean =>
  state.wentBack.some((mark) => mark.commit === commit && msBetween(mark.at, now) < refusedForMs);

/**
 * Every reason why a release may not be gone back to; none when it may. Each is shown to people.
 * @param suspect the release that would be gone back from: what runs here. Null asks of each release by itself.
 */
export const reasonsAgainst = (
  state: LadderState,
  release: KeptRelease,
  suspect: KeptRelease | null,
  now: Instant,
): string[] =>
  [
    release.byRollback ? 'reached by a rollback' : null,
    release.commit === suspect?.commit ? 'it is what runs here' : null,
    refusal(state, release.commit, now),
    release.good ? null : 'never stayed with all checks passing for the bake time',
    msBetween(lastServed(state, release, now), now) > servedAtMostMs ? 'last served more than 30 days ago' : null,
    releasesBack(state, release) > releasesBackAtMost ? 'more than three releases back' : null,
  ].filter((reason) => reason !== null);

/** The first reason why a release may not be gone back to; null when it may. */
export const ineligible = (
  state: LadderState,
  release: KeptRelease,
  suspect: KeptRelease | null,
  now: Instant,
): string | null => reasonsAgainst(state, release, suspect, now)[0] ?? null;

/** The newest release that is eligible to be gone back to. */
export const lastGood = (state: LadderState, suspect: KeptRelease | null, now: Instant): KeptRelease | null =>
  state.releases.find((release) => ineligible(state, release, suspect, now) === null) ?? null;

const servings = (state: LadderState, release: KeptRelease): KeptRelease[] =>
  state.releases.filter((other) => rootOf(state, other).id === release.id);

/** When a release was last replaced; `now` while it runs. */
export const lastServed = (state: LadderState, release: KeptRelease, now: Instant): Instant =>
  servings(state, release)[0]?.replacedAt ?? now;

/** How many other releases went out since this one last served. */
export const releasesBack = (state: LadderState, release: KeptRelease): number => {
  const lastServing = state.releases.findIndex((other) => rootOf(state, other).id === release.id);
  return new Set(state.releases.slice(0, lastServing).map((other) => rootOf(state, other).id)).size;
};

/**
 * The release that bakes now: what runs, or what a rollback put there again, which is its very artifacts. Null where it is
 * good already or refused, or where something was built of its revisions once more.
 */
export const baking = (state: LadderState): KeptRelease | null => {
  const current = running(state);
  if (current === null || current.builtAnew === true || current.quarantined !== null) return null;
  const root = rootOf(state, current);
  return root.good ? null : root;
};

/** Since when it bakes: it is here and all checks pass. Null where nothing does. */
export const bakesSince = (state: LadderState, config: LadderConfig): Instant | null => {
  const current = running(state);
  const passing = passingSince(state, config);
  if (baking(state) === null || current === null || passing === null) return null;
  return passing > current.reachedAt ? passing : current.reachedAt;
};

/** A release becomes good when it stayed for the bake time with all checks passing. */
export const bake = (turn: Turn, ms: number): Turn => {
  const release = baking(turn.state);
  const since = bakesSince(turn.state, turn.config);
  if (release === null || since === null || msBetween(since, turn.now) < bakeFor(turn.state, turn.config, ms))
    return turn;
  return say(turn, { type: 'release.good', release: release.id, since });
};

type StageInput = Extract<Input, { type: 'stage' }>;

/** An execution succeeded in the stage that puts a release here. The one it replaces may have become good by then. */
export const reachRelease = (turn: ServiceTurn, input: StageInput): Turn => {
  const id = releaseId(turn.config, input.execution);
  if (turn.state.releases.some((release) => release.id === id)) return turn;
  const release = releaseOf(turn, input, id);
  if ('unconfirmed' in release)
    return say(turn, { type: 'release.unconfirmed', execution: input.execution, reason: release.unconfirmed });
  return say(bake(turn, turn.config.bakeWhenReplaced), { type: 'release.reached', release });
};

/** An execution that CodePipeline does not confirm puts nothing here: the event may be old, foreign or forged. */
const releaseOf = (turn: ServiceTurn, input: StageInput, id: string): Release | { unconfirmed: string } => {
  const reading = turn.readings.execution;
  if (reading === null) return { unconfirmed: `CodePipeline knows no such execution of ${turn.config.pipeline}` };
  const base = { id, execution: input.execution, reachedAt: input.at, passedBefore: passedBefore(turn, input) };
  const origin = rebuiltFrom(turn, input.execution, reading);
  if (origin !== null) {
    const again = { byRollback: true, rebuiltFrom: rootOf(turn.state, origin).id };
    return { ...base, ...sourcedOf(origin), ...again, ...(!reading.rollback && { builtAnew: true as const }) };
  }
  const known = turn.state.sourced.find(({ execution }) => execution === input.execution);
  const commit = reading.commit ?? known?.commit;
  if (commit === undefined) return { unconfirmed: 'nobody says which commit it brings' };
  const sourced = known?.commit === commit ? known : { commit, author: null, subject: null, contains: null };
  return { ...base, ...sourcedOf(sourced), byRollback: false, rebuiltFrom: null };
};

/** The release that an execution puts there again: a rollback's target, or what our own step was to put there. */
export const rebuiltFrom = (turn: Turn, execution: string, reading: ExecutionReading): KeptRelease | null => {
  const phase = turn.state.incident?.phase;
  const ours = phase?.name === 'acting' && phase.execution === execution ? phase.intent : null;
  const target = ours?.action === 'redeploy' ? ours.release.execution : reading.rollback ? reading.target : null;
  return turn.state.releases.find((release) => release.execution === target) ?? null;
};

export const sourcedOf = ({
  commit,
  author,
  subject,
  contains,
}: Pick<Release, 'commit' | 'author' | 'subject' | 'contains'>) => ({
  commit,
  author,
  subject,
  contains,
});

/**
 * Only a check that passed before a release went out can be held against it (a check that was failing all along
 * says nothing about the release). One that began to fail while the stage was running did pass before.
 */
const passedBefore = (turn: Turn, input: StageInput): string[] =>
  Object.keys(turn.config.checks).filter((name) => {
    const check = turn.state.checks[name];
    return check?.value === 'pass' || (check?.value === 'fail' && check.at >= input.startedAt);
  });
