import type { Instant } from '../trail/entry.ts';
import type { Input, Order, Which } from './input.ts';
import { refusal, revokedReason, running, wentBackFrom } from './releases.ts';
import { releasesKept } from './reached.ts';
import { type LadderState, quarantinesKept } from './state.ts';
import { say, type Turn } from './turn.ts';

type Given = Extract<Input, { type: 'order' }>;
type QuarantineOrder = Extract<Order, { name: 'quarantine' | 'release' }>;

/** As many as persons may have quarantined at once: there is always room for what the ladder itself finds. */
export const orderedAtMost = quarantinesKept - releasesKept;

/** Why a person's word on a commit is not taken; null when it is. */
export const quarantineRefused = ({ state, now }: Turn, { name, of }: QuarantineOrder): string | null => {
  const found = commitOf(state, of);
  if ('refused' in found) return found.refused;
  const short = found.commit.slice(0, 7);
  if (name === 'release') return releaseRefused(state, found.commit, now);
  const already = state.quarantines.find(({ commit }) => commit === found.commit);
  // What the ladder itself quarantined may be quarantined by a person too: it then stays however many follow.
  if (already?.by != null) return `${short} is ${refusal(state, found.commit, now)}, already`;
  const ordered = state.quarantines.filter(({ by }) => by !== null).length;
  return ordered < orderedAtMost
    ? null
    : `people quarantined ${ordered} commits here, and more are not kept: release one first`;
};

const releaseRefused = (state: LadderState, commit: string, now: Instant): string | null => {
  const short = commit.slice(0, 7);
  const isQuarantined = state.quarantines.some((one) => one.commit === commit) || wentBackFrom(state, commit, now);
  if (isQuarantined) return null;
  const reason = revokedReason(state, commit);
  if (reason !== null) return `${short} is ${reason}; only the configuration takes that back`;
  return refusal(state, commit, now) === null ? `${short} is not quarantined here` : null;
};

/** Does what was said of a commit. Nothing is put there or taken away by it: what runs goes on running. */
export const orderQuarantine = (turn: Turn, { name, of }: QuarantineOrder, { seq, who, why }: Given): Turn => {
  const { state, now } = turn;
  const found = commitOf(state, of);
  if ('refused' in found) return turn;
  const { commit } = found;
  const said = { commit, order: seq, who, why };
  if (name === 'quarantine') {
    const release = state.releases.find((one) => one.commit === commit && !one.byRollback)?.id ?? null;
    return say(turn, { type: 'quarantine.ordered', release, ...said });
  }
  const lifted = { was: refusal(state, commit, now) ?? '', goneBackFrom: wentBackFrom(state, commit, now) };
  return say(turn, { type: 'quarantine.lifted', ...said, ...lifted });
};

/** A commit that is known here may be said by its beginning; one that is not is said in full. */
const commitOf = (state: LadderState, of: Which): { commit: string } | { refused: string } => {
  if ('release' in of) {
    const release = state.releases.find(({ id }) => id === of.release);
    return release ?? { refused: `no release ${JSON.stringify(of.release)} is known here: name its commit instead` };
  }
  const known = [...new Set([state.releases, state.sourced, state.quarantines].flat().map(({ commit }) => commit))];
  if (known.includes(of.commit)) return { commit: of.commit };
  const begun = known.filter((commit) => commit.startsWith(of.commit));
  if (begun.length > 1) return { refused: `${of.commit} may be ${begun.join(' or ')}` };
  if (begun[0] !== undefined) return { commit: begun[0] };
  return inFull.test(of.commit)
    ? { commit: of.commit }
    : { refused: `no commit ${JSON.stringify(of.commit)} is known here: one that is not yet is said in full` };
};

/** A commit of git, by SHA-1 or SHA-256. */
const inFull = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Whether what runs here is what a person's word is about. */
export const runsHere = (state: LadderState, commit: string): boolean => running(state)?.commit === commit;
