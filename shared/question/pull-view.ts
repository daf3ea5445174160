import { text } from '../event/fields.ts';
import { actorName } from '../trail/actor-name.ts';
import type { Entry } from '../trail/entry.ts';

/** A pull request in short, folded from its entries, oldest first; `seq` is the last one folded in. */
export type PullView = {
  seq: number;
  id: string;
  title: string | null;
  author: string | null;
  /** who approved its last commit and did not take that back */
  approvedBy: string[];
};

const approversAtMost = 20;

/** Takes one entry about a pull request into its view; null where it is about none. */
export const evolvePull = (view: PullView | null, { seq, kind, actor, detail }: Entry): PullView | null => {
  const id = text(detail, 'pullRequest');
  if (id === null || !kind.startsWith('pull-request.')) return null;
  if (view !== null && seq <= view.seq) return view;
  const known = view ?? { seq, id, title: null, author: null, approvedBy: [] };
  return {
    ...known,
    seq,
    title: text(detail, 'title') ?? known.title,
    // an ARN, or a principal id, which is nobody's name
    author: text(detail, 'author')?.split('/').at(-1) ?? known.author,
    approvedBy: approversAfter(known.approvedBy, kind, actorName(actor), text(detail, 'event', 'event')),
  };
};

/** An approval is of what the pull request is then: a commit pushed to it later is approved by nobody. */
const approversAfter = (approvers: string[], kind: string, who: string, event: string | null): string[] => {
  const others = approvers.filter((name) => name !== who);
  if (kind === 'pull-request.approved') return [...others, who].slice(-approversAtMost);
  if (kind === 'pull-request.approval-revoked') return others;
  return event === 'pullRequestSourceBranchUpdated' ? [] : approvers;
};

/** Where the pull request stands that brought a commit. */
export const pullOf = (commit: string): string => `pull-of:${commit}`;
