import type { Reference } from './repositories.ts';

/** A reference that is somewhere else than was last told: `from` is null when it is new, `to` when it is gone. */
export type Movement = { ref: string; from: Reference | null; to: Reference | null };

/** What moved between the references last told of and those that are there now, in the order of their names. */
export const movementsBetween = (told: Reference[], actual: Reference[]): Movement[] => {
  const before = new Map(told.map((reference) => [reference.ref, reference]));
  const now = new Map(actual.map((reference) => [reference.ref, reference]));
  return [...new Set([...before.keys(), ...now.keys()])]
    .toSorted()
    .map((ref) => ({ ref, from: before.get(ref) ?? null, to: now.get(ref) ?? null }))
    .filter(({ from, to }) => from?.object !== to?.object);
};

/** `refs/heads/feature/x` is the branch `feature/x`. */
export const shortName = (ref: string): string => ref.split('/').slice(2).join('/');

export const isBranch = (ref: string): boolean => ref.startsWith('refs/heads/');

export type Teller = {
  account: string;
  region: string;
  repository: string;
  repositoryId: string;
  /** name of the user who pushed */
  user: string;
};

/**
 * The event that CodeCommit emits for a reference that moved.
 * Source of the shape: CodeCommit User Guide, "Monitoring CodeCommit events in EventBridge and CloudWatch Events".
 */
export const eventOf = (movement: Movement, { account, region, repository, repositoryId, user }: Teller) => {
  const { ref, from, to } = movement;
  return {
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    resources: [`arn:aws:codecommit:${region}:${account}:${repository}`],
    detail: {
      callerUserArn: `arn:aws:iam::${account}:user/${user}`,
      ...(to !== null && { commitId: to.commit }),
      event: nameOf(movement),
      ...(from !== null && { oldCommitId: from.commit }),
      referenceFullName: ref,
      referenceName: shortName(ref),
      referenceType: isBranch(ref) ? 'branch' : 'tag',
      repositoryId,
      repositoryName: repository,
    },
  };
};

const nameOf = ({ from, to }: Movement): string => {
  if (to === null) return 'referenceDeleted';
  return from === null ? 'referenceCreated' : 'referenceUpdated';
};
