import type { Actor, Instant } from '../trail/entry.ts';
import { type Action, actionsOf, commitKey, type Execution, type Given, type Population, type Pull } from './facts.ts';
import type { Known } from './known.ts';
import { approvalKey } from './take-delivery.ts';
import { minuteOf, msBetween } from '../trail/time.ts';
import { type Contributor, maySame } from './who.ts';

/** Somebody's yes; `by` is null where it is not on record who said it. */
export type Approval = { what: string; by: Actor | null; at: Instant | null; seqs: number[] };

/** A call and the end of the action that it ends are this far apart, at most. */
const callWithinMs = 60_000;

/** The approvals of the last commit of a pull request that were not taken back; those of earlier commits are void. */
export const pullApprovals = ({ id, merged, approvals }: Pull): Approval[] =>
  approvals
    .filter(({ commit }) => commit === null || merged?.source == null || commit === merged.source)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ by, at, seq }) => ({ what: `pull request ${id}`, by, at, seqs: [seq] }));

/** The manual approvals that an execution passed; who gave one stands only on the call. */
export const manualApprovals = (population: Population, execution: Execution): Approval[] =>
  actionsOf(execution)
    .filter(({ category, outcome }) => category === 'Approval' && outcome === 'succeeded')
    .map((action) => {
      const given = givenFor(population, execution.pipeline ?? '', action);
      const seqs = given === undefined ? action.seqs : [...action.seqs, given.seq];
      return { what: `${action.stage}/${action.name}`, by: given?.by ?? null, at: action.endedAt, seqs };
    });

const givenFor = (population: Population, pipeline: string, action: Action): Given | undefined => {
  const { startedAt, endedAt } = action;
  if (endedAt === null) return undefined;
  const about = [-1, 0, 1].map((minutes) => minuteOf(endedAt) + minutes);
  const keys = about.map((minute) => approvalKey(pipeline, action.stage, action.name, minute));
  const calls = keys.flatMap((key) => population.approvals.get(key) ?? []);
  const distance = ({ at }: Given): number => Math.abs(msBetween(at, endedAt));
  return calls
    .filter((call) => call.status === 'Approved' && distance(call) <= callWithinMs)
    .filter((call) => startedAt === null || msBetween(startedAt, call.at) > -callWithinMs)
    .toSorted((a, b) => distance(a) - distance(b))[0];
};

/**
 * Everybody who had a hand in a change: who pushed it, who opened its pull request, whom its commit claims for an author.
 * Who merged a pull request did not write it.
 */
export const contributorsOf = (known: Known, repository: string, commit: string, pull: Pull | null): Contributor[] => {
  const source = pull?.merged?.source ?? commit;
  const author = known.population.commits.get(commitKey(repository, source))?.author ?? null;
  const pushes = (known.movesTo.get(commitKey(repository, source)) ?? []).filter(
    ({ ref }) => ref !== pull?.merged?.ref,
  );
  return [
    ...pushes.map(({ by }) => by),
    ...(author === null ? [] : [author]),
    ...(pull === null ? [] : [...pull.pushers.map(({ by }) => by), ...pullAuthor(pull)]),
  ];
};

/** CodeCommit names the author of a pull request by ARN, or by a principal id that is nobody's name. */
const pullAuthor = ({ author }: Pull): Contributor[] =>
  author === null ? [] : [{ type: 'person', id: author, name: author.split('/').at(-1) ?? author, verified: true }];

/** Of those who approved, whom it is known of; and whether none of them is anybody else than who made the change. */
export const areOnlySelf = (approvals: Approval[], contributors: Contributor[]): boolean =>
  approvals.length > 0 &&
  approvals.every(({ by }) => by !== null && contributors.some((contributor) => maySame(by, contributor)));
