import { cut } from '../../shared/event/fields.ts';
import { type Digest, redact } from '../../shared/event/redact.ts';
import type { DescribeMessage, Trail } from '../../shared/ports.ts';
import type { Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft, OwnGroup } from '../../shared/trail/own-kinds.ts';
import { rewritten } from './rewritten.ts';
import type { CommitDescription, Commits } from '../support/codecommit.ts';

export type DescribePorts = { trail: Trail; commits: Commits; digest: Digest; source: Source };

/** New commits described for one push, and files listed for one commit, at most. */
const commitsAtMost = 50;
const filesAtMost = 100;

/** Characters of a message, and of any other text: that go on record, and that are read for secrets before. */
type Lengths = { message: number; other: number };
const kept: Lengths = { message: 10_000, other: 250 };
const read: Lengths = { message: 100_000, other: 10_000 };

/**
 * Asks CodeCommit what the event of a push does not say: message, author as claimed, parents and files of the pushed
 * commit, and of its new ancestors. Each becomes an entry `commit.described`, once; where the branch lost commits by it
 * that is one too, `branch.rewritten`. Throws when CodeCommit does not answer: the message then comes back.
 */
export const describeChange =
  (ports: DescribePorts) =>
  async (message: DescribeMessage): Promise<void> => {
    const { repository, commit, old } = message;
    const walked = new Map<string, string[]>();
    const groups: OwnGroup[] = [];
    let front = [commit];
    const seen = new Set(old === null ? [] : [old]);
    while (front.length > 0 && groups.length < commitsAtMost) {
      const id = front.shift() ?? '';
      if (seen.has(id)) continue;
      seen.add(id);
      const found = await ports.commits.get(repository, id);
      groups.push(await describe(ports, repository, id, found));
      if (found !== null) walked.set(id, found.parents);
      // The first push of a branch has no end but the beginning of the repository: its newest commit is described.
      if (old !== null) front = [...front, ...(found?.parents ?? [])];
    }
    await ports.trail.append([...groups, ...(await rewritten(ports, message, walked))]);
  };

const describe = async (
  ports: DescribePorts,
  repository: string,
  commit: string,
  found: CommitDescription | null,
): Promise<OwnGroup> => {
  const key = `commit/${repository}/${commit}#described`;
  if (found === null) return { key, entries: [draft(ports, repository, commit, { repository, commit, gone: true })] };
  const files = await ports.commits.files(repository, found.parents[0] ?? null, commit, filesAtMost);
  const { message, author, committer, parents } = found;
  const detail = { repository, commit, message, author, committer, parents, files };
  return { key, entries: [draft(ports, repository, commit, detail)] };
};

const draft = (
  ports: DescribePorts,
  repository: string,
  commit: string,
  about: { [field: string]: Json },
): OwnDraft => {
  // Redact, then cut: half a secret would no longer be recognised. What is far behind the cut need not be read.
  const { detail: clean, redactions } = redact(
    cutTo(about, read) as { [field: string]: Json },
    ports.digest,
    '/detail',
  );
  const detail = cutTo(clean, kept) as { [field: string]: Json };
  return ownDraft({
    kind: 'commit.described',
    // Who wrote a commit is a claim in its detail; who pushed it is the actor of the push.
    subject: `escalator:commit/${repository}/${commit}`,
    change: { repository, commit },
    outcome: about['gone'] === true ? 'gone' : null,
    source: ports.source,
    detail,
    redactions,
  });
};

/**
 * Git takes texts of any length, and bytes that are no text; a record does not. What is cut is still in the
 * repository, under the commit's own hash.
 */
const cutTo = (value: Json, lengths: Lengths, field = ''): Json => {
  if (typeof value === 'string') return cut(value, lengths[field === 'message' ? 'message' : 'other']).toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cutTo(item, lengths, field));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cutTo(item, lengths, name)]));
};
