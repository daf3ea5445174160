import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Sourced } from '../../shared/ladder/events.ts';

/** What is asked of a repository about one commit; null when it has none such. */
export type CommitReading = { message: string; author: string | null; parents: string[] };
export type ReadCommit = (repository: string, commit: string) => Promise<CommitReading | null>;

/** How far back ancestors are walked: a bad commit further down than this is no news to anybody. */
const ancestorsAtMost = 50;

/**
 * Who wrote a commit, and which refused commit it builds on, if any. A commit that was reverted on the way counts as
 * taken out. What cannot be read stays unknown: it must not hold up the record of a release.
 */
export const readSourced = async (
  readCommit: ReadCommit,
  repository: string,
  commit: string,
  refused: string[],
): Promise<Sourced> => {
  const known = (id: string) => readCommit(repository, id).catch(() => null);
  const head = await known(commit);
  const contains = refused.length === 0 ? null : await findRefused(known, commit, new Set(refused));
  // The message as a whole: what its first line begins of a secret, the next one may end.
  const subject = head === null ? null : (withoutSecrets(head.message).split('\n')[0] ?? null);
  const author = head?.author ?? null;
  return { commit, author: author === null ? null : withoutSecrets(author), subject, contains };
};

const findRefused = async (
  read: (commit: string) => Promise<CommitReading | null>,
  head: string,
  refused: Set<string>,
): Promise<string | null> => {
  const seen = new Set<string>();
  const reverted = new Set<string>();
  let front = [head];
  while (front.length > 0 && seen.size < ancestorsAtMost) {
    const id = front.shift() ?? '';
    if (refused.has(id) && !reverted.has(id)) return id;
    const commit = seen.has(id) ? null : await read(id);
    seen.add(id);
    for (const target of revertsIn(commit?.message ?? '')) reverted.add(target);
    front = [...front, ...(commit?.parents ?? [])];
  }
  return null;
};

/** The line that `git revert` writes into its commit message. */
const revertsIn = (message: string): string[] =>
  [...message.matchAll(/This reverts commit ([0-9a-f]{40})/g)].flatMap((match) => match[1] ?? []);
