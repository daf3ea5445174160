import {
  CodeCommitClient,
  CommitDoesNotExistException,
  CommitIdDoesNotExistException,
  GetCommitCommand,
  GetDifferencesCommand,
  RepositoryDoesNotExistException,
} from '@aws-sdk/client-codecommit';
import type { ClientConfig } from './aws-clients.ts';

/** What CodeCommit knows of a commit. The author is a claim of whoever made the commit; nobody verified it. */
export type CommitDescription = {
  message: string;
  author: Person | null;
  committer: Person | null;
  parents: string[];
};
export type Person = { name: string; email: string; date: string };
export type FileChange = { path: string; change: string };

export type Commits = {
  /** null when the repository has no such commit (any more) */
  get(repository: string, commit: string): Promise<CommitDescription | null>;
  /** files that differ between a commit and its first parent, at most `limit` */
  files(repository: string, before: string | null, after: string, limit: number): Promise<FileChange[]>;
};

export const createCommits = (config: ClientConfig): Commits => {
  const client = new CodeCommitClient(config);
  return {
    get: async (repositoryName, commitId) => {
      try {
        const { commit } = await client.send(new GetCommitCommand({ repositoryName, commitId }));
        if (commit === undefined) return null;
        const { message = '', author, committer, parents = [] } = commit;
        return { message, author: personOf(author), committer: personOf(committer), parents };
      } catch (error) {
        if (isGone(error)) return null;
        throw error;
      }
    },
    files: async (repositoryName, before, afterCommitSpecifier, MaxResults) => {
      const from = before === null ? {} : { beforeCommitSpecifier: before };
      const command = new GetDifferencesCommand({ repositoryName, ...from, afterCommitSpecifier, MaxResults });
      const { differences = [] } = await client.send(command);
      return differences.map(({ beforeBlob, afterBlob, changeType }) => ({
        path: afterBlob?.path ?? beforeBlob?.path ?? '',
        change: changeType ?? 'M',
      }));
    },
  };
};

const personOf = (person: { name?: string; email?: string; date?: string } | undefined): Person | null =>
  person === undefined ? null : { name: person.name ?? '', email: person.email ?? '', date: person.date ?? '' };

const isGone = (error: unknown): boolean =>
  error instanceof CommitIdDoesNotExistException ||
  error instanceof CommitDoesNotExistException ||
  error instanceof RepositoryDoesNotExistException;
