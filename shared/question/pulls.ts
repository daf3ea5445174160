import { text } from '../event/fields.ts';
import { actsOf } from './acts.ts';
import type { ActAnswer, EntryItem, PullAnswer } from './answers.ts';
import { mergeCommitOf, whenOf } from './things.ts';

/** The pull requests that entries are about. */
export const pullsIn = (entries: EntryItem[]): string[] => [
  ...new Set(entries.filter(({ kind }) => kind.startsWith('pull-request.')).map(({ subject }) => subject)),
];

/**
 * A pull request, told from its entries, oldest first.
 *
 * @param acts what was done, each once, to give approvals their receipts
 */
export const pullAnswer = (id: string, entries: EntryItem[], acts: ActAnswer[]): PullAnswer => {
  const own = entries.filter(({ subject }) => subject === id);
  const opened = own.find(({ kind }) => kind === 'pull-request.created');
  const ended = own.findLast(({ kind }) => kind === 'pull-request.merged' || kind === 'pull-request.closed');
  const said = (field: string): string | null =>
    own.map(({ detail }) => text(detail, field)).find((found) => found !== null) ?? null;
  return {
    id: said('pullRequest') ?? id,
    repository: said('repository'),
    title: said('title'),
    author: said('author'),
    status: ended === undefined ? 'open' : ended.kind === 'pull-request.merged' ? 'merged' : 'closed',
    openedAt: opened === undefined ? null : whenOf(opened),
    endedAt: ended === undefined ? null : whenOf(ended),
    source: own.findLast(({ change }) => change !== null)?.change?.commit ?? null,
    mergeCommit: ended === undefined ? null : mergeCommitOf(ended),
    approvals: approvalsOf(own, acts),
    entries: entries.map(({ seq }) => seq),
  };
};

/** Each approval with the commit that it was given to: one of an earlier commit says nothing of a later one. */
const approvalsOf = (own: EntryItem[], acts: ActAnswer[]): PullAnswer['approvals'] =>
  own
    .filter(({ kind }) => kind === 'pull-request.approved')
    .map((entry) => {
      const act = acts.find(({ entries }) => entries.includes(entry.seq));
      return {
        by: act?.by ?? '',
        at: whenOf(entry),
        commit: entry.change?.commit ?? null,
        revoked: own.slice(own.indexOf(entry)).some((later) => takesBack(later, entry)),
        entries: act?.entries ?? [entry.seq],
      };
    });

const takesBack = (later: EntryItem, approval: EntryItem): boolean => {
  if (later.kind !== 'pull-request.approval-revoked') return false;
  const given = actsOf(approval)[0]?.replace('pull-request.approved', 'pull-request.approval-revoked');
  return actsOf(later)[0] === given;
};
