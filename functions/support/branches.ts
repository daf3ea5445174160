import {
  BranchDoesNotExistException,
  type CodeCommitClient,
  GetBranchCommand,
  ListBranchesCommand,
  RepositoryDoesNotExistException,
} from '@aws-sdk/client-codecommit';
import type { Heads } from '../../shared/reconcile/branches.ts';
import type { Pace } from './pace.ts';

export type Branches = {
  /** where each branch is, of `branchesAtMost` by name; null where there is no such repository */
  heads(repository: string): Promise<Heads | null>;
};

/** So many branches are looked at, each by a call of its own. */
export const branchesAtMost = 100;

export const createBranches = (client: CodeCommitClient, pace: Pace): Branches => ({
  heads: async (repositoryName) => {
    const names = await namesIn(client, pace, repositoryName);
    if (names === null) return null;
    const heads: [string, string][] = [];
    for (const name of names) {
      const commit = await headOf(client, pace, repositoryName, name);
      if (commit !== null) heads.push([name, commit]);
    }
    return Object.fromEntries(heads); // a branch may be called as what every object has
  },
});

const namesIn = async (client: CodeCommitClient, pace: Pace, repositoryName: string): Promise<string[] | null> => {
  const names: string[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const answer = await pace(() => client.send(new ListBranchesCommand({ repositoryName, nextToken })));
      names.push(...(answer.branches ?? []));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (error instanceof RepositoryDoesNotExistException) return null;
    throw error;
  }
  return names.toSorted().slice(0, branchesAtMost);
};

/** A branch may be deleted between two calls. */
const headOf = async (
  client: CodeCommitClient,
  pace: Pace,
  repositoryName: string,
  branchName: string,
): Promise<string | null> => {
  try {
    const { branch } = await pace(() => client.send(new GetBranchCommand({ repositoryName, branchName })));
    return branch?.commitId ?? null;
  } catch (error) {
    if (error instanceof BranchDoesNotExistException) return null;
    throw error;
  }
};
