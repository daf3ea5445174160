import { list, object, text } from '../event/fields.ts';
import type { Entry, Json } from '../trail/entry.ts';

/** What questions need to see of an entry. */
export type Told = Pick<
  Entry,
  'kind' | 'subject' | 'actor' | 'change' | 'execution' | 'detail' | 'source' | 'occurredAt' | 'observedAt'
>;

/** When something happened: as its event claims, or else when it was seen. */
export const whenOf = ({ occurredAt, observedAt }: Pick<Entry, 'occurredAt' | 'observedAt'>): string =>
  occurredAt ?? observedAt;

/** The event that an entry was made of; empty where it was too large to stand in the record. */
export const eventIn = ({ detail }: Pick<Entry, 'detail'>): { [field: string]: Json } => object(detail, 'event');

/** Names are chosen by people: as JSON no two lists of them read alike. */
export const approvalQuestion = (pipeline: string, stage: string, action: string): string =>
  `approval:${JSON.stringify([pipeline, stage, action])}`;

/** A call to an AWS API, where it succeeded: its name, its service, what was asked and what was answered. */
export type Call = { name: string; service: string; asked: Json | undefined; answered: Json | undefined };

/** Reads a CloudTrail call; null for any other entry, and for an attempt that failed: that changed nothing. */
export const callOf = (entry: Told): Call | null => {
  if (entry.kind !== 'call') return null;
  const event = eventIn(entry);
  const name = (text(entry.detail, 'call') ?? '').replace(/\d{8}(?:v\d+)?$/, ''); // UpdateFunctionCode20150331v2
  const service = (text(entry.detail, 'service') ?? '').split('.')[0] ?? '';
  return { name, service, asked: event['requestParameters'], answered: event['responseElements'] };
};

/** A move of a reference as `GitPush` tells it. */
export type PushedReference = { repository: string; ref: string; commit: string };

const referencesAtMost = 20;

/** What a call moved: `GitPush`, or one of those that make a commit or a branch without git. */
export const pushedBy = (entry: Told): PushedReference[] => {
  const call = callOf(entry);
  if (call?.service !== 'codecommit') return [];
  const repository =
    text(call.asked, 'repositoryName') ?? text(eventIn(entry), 'additionalEventData', 'repositoryName');
  if (repository === null) return [];
  return call.name === 'GitPush' ? pushedWithGit(repository, call) : madeByCall(repository, call);
};

const pushedWithGit = (repository: string, { asked }: Call): PushedReference[] =>
  list(asked, 'references')
    .slice(0, referencesAtMost)
    .flatMap((one) => {
      const [ref, commit] = [text(one, 'ref'), text(one, 'commit')];
      return ref === null || commit === null ? [] : [{ repository, ref, commit }];
    });

const commitMakers = /^(?:CreateCommit|PutFile|DeleteFile|CreateBranch|MergeBranchesBy\w+)$/;

const madeByCall = (repository: string, { name, asked, answered }: Call): PushedReference[] => {
  const branch = text(asked, 'branchName') ?? text(asked, 'targetBranch');
  const commit = text(answered, 'commitId') ?? text(asked, 'commitId');
  return commitMakers.test(name) && branch !== null && commit !== null
    ? [{ repository, ref: `refs/heads/${branch}`, commit }]
    : [];
};

/** The ARN under which events speak of the pull request that a call is about. */
export const pullOfCall = (entry: Told, { asked, answered }: Call): string | null => {
  const id = text(asked, 'pullRequestId') ?? text(answered, 'pullRequest', 'pullRequestId');
  const target = list(answered, 'pullRequest', 'pullRequestTargets')[0] ?? list(asked, 'targets')[0];
  const named = text(asked, 'repositoryName') ?? text(target, 'repositoryName');
  const repository = named ?? repositoryIn(entry.subject); // an approval names only the pull request
  if (id === null || repository === null) return null;
  return `${arnLike(entry, 'codecommit', repository)}/pull-request/${id}`;
};

const repositoryIn = (subject: string): string | null =>
  /^arn:[\w-]+:codecommit:[^:]*:[^:]*:([\w.-]+)$/.exec(subject)?.[1] ?? null;

/** The ARN of something of the same partition, account and Region as what the entry is about. */
export const arnLike = ({ subject, source }: Told, service: string, name: string, region?: string | null): string => {
  const partition = /^arn:([\w-]+):/.exec(subject)?.[1] ?? 'aws';
  return `arn:${partition}:${service}:${region ?? source.region}:${source.account}:${name}`;
};

/** `shop:4f7d`, as actions and calls say, is `arn:aws:codebuild:...:build/shop:4f7d`, as events say. */
export const buildArn = (entry: Told, id: string, region?: string | null): string =>
  id.startsWith('arn:') ? id : arnLike(entry, 'codebuild', `build/${id}`, region);

/** What is joined to an execution, and by it to a change, as the questions that their rows answer. */
export const thingsOf = (entry: Told): string[] => {
  const call = callOf(entry);
  const found = call === null ? observedThings(entry) : calledThings(entry, call);
  return found.filter((thing) => thing !== null);
};

const observedThings = ({ kind, subject, execution, detail }: Told): (string | null)[] => {
  const deployment = /^(?:service-)?deployment(?:-instance|-hook)?\./.test(kind) ? text(detail, 'deployment') : null;
  return [
    execution === null ? null : `execution:${execution}`,
    deployment === null ? null : `deployment:${deployment}`,
    /^(?:build|build-phase|stack|stack-resource|pull-request)[.-]/.test(kind) ? `subject:${subject}` : null,
  ];
};

const calledThings = (entry: Told, call: Call): (string | null)[] => {
  const { asked, answered, service } = call;
  switch (service) {
    case 'codepipeline':
      return [executionOfCall(entry, call), approvalOfCall(call)];
    case 'codebuild':
      return [question('subject', buildOfCall(entry, call))];
    case 'codedeploy':
      return [question('deployment', text(answered, 'deploymentId') ?? text(asked, 'deploymentId'))];
    case 'cloudformation':
      return [question('subject', stackOfCall(call))];
    case 'ecs':
      return deploymentsOf(call).map((id) => question('deployment', id));
    case 'codecommit':
      return [question('subject', pullOfCall(entry, call))];
    default:
      return [];
  }
};

/** A stack can be called by its name; only its ARN says which one it was. */
const stackOfCall = ({ asked, answered }: Call): string | null => {
  const called = text(answered, 'stackId') ?? text(asked, 'stackName');
  return called?.startsWith('arn:') === true ? called : null;
};

/** `UpdateService` and `CreateService` answer with the service: the primary deployment is what the call began. */
const deploymentsOf = ({ answered }: Call): string[] =>
  list(answered, 'service', 'deployments')
    .filter((one) => text(one, 'status') === 'PRIMARY')
    .flatMap((one) => text(one, 'id') ?? []);

const question = (name: string, value: string | null): string | null => (value === null ? null : `${name}:${value}`);

const executionOfCall = (entry: Told, { asked, answered }: Call): string | null =>
  question('execution', entry.execution ?? text(answered, 'pipelineExecutionId') ?? text(asked, 'pipelineExecutionId'));

const approvalOfCall = ({ name, asked }: Call): string | null => {
  if (name !== 'PutApprovalResult') return null;
  const [pipeline, stage, action] = [text(asked, 'pipelineName'), text(asked, 'stageName'), text(asked, 'actionName')];
  return pipeline === null || stage === null || action === null ? null : approvalQuestion(pipeline, stage, action);
};

export const buildOfCall = (entry: Told, { asked, answered }: Call): string | null => {
  const id = text(answered, 'build', 'arn') ?? text(answered, 'build', 'id') ?? text(asked, 'id');
  return id === null ? null : buildArn(entry, id);
};

const commitName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The commit that a merged pull request was merged as; a fast-forward makes none. */
export const mergeCommitOf = (entry: Told): string | null =>
  entry.kind === 'pull-request.merged'
    ? (text(entry.detail, 'mergeCommit') ?? text(eventIn(entry), 'mergeCommitId'))
    : null;

/** The commits that an entry itself is about. */
export const commitsOf = (entry: Told): string[] => {
  const event = eventIn(entry);
  const merged = mergeCommitOf(entry);
  // A build that no pipeline started says what it built; in a pipeline that is the name of an artifact.
  const built = /^build[.-]/.test(entry.kind) ? text(event, 'additional-information', 'source-version') : null;
  const said = [merged, built, ...pushedBy(entry).map(({ commit }) => commit), ...mergedByCall(entry)];
  const named = said.filter((commit) => commit !== null && commitName.test(commit));
  return [...new Set([...(entry.change === null ? [] : [entry.change.commit]), ...named])] as string[];
};

const mergedByCall = (entry: Told): (string | null)[] => {
  const call = callOf(entry);
  if (call?.service !== 'codecommit') return [];
  const target = list(call.answered, 'pullRequest', 'pullRequestTargets')[0];
  return [text(target, 'sourceCommit'), text(target, 'mergeMetadata', 'mergeCommitId')];
};
