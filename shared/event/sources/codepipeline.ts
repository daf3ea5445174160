import type { Actor, Change } from '../../trail/entry.ts';
import { serviceActor } from '../actor.ts';
import { isArnOf, resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { isObject, type JsonObject, list, number, object, present, text } from '../fields.ts';
import { readJson } from '../json.ts';
import { type Kind, kindNamed } from '../kinds.ts';
import { starterOf, triggerChange, triggerDetail } from './codepipeline-trigger.ts';

/** CodePipeline User Guide, "Monitoring CodePipeline events": `source` is `aws.codepipeline`. */
export const codepipeline: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'CodePipeline Pipeline Execution State Change':
      return execution(event, context, 'pipeline');
    case 'CodePipeline Stage Execution State Change':
      return execution(event, context, 'stage');
    case 'CodePipeline Action Execution State Change':
      return action(event, context);
    case 'CodePipeline Approval Request':
      return approval(event, context);
    case 'CodePipeline Job':
      return job(event, context);
    default:
      return null;
  }
};

/** The API spells some states otherwise (`InProgress`, `Cancelled`); one spelling is on record. */
const canonicalState = (state: string | null): string => {
  const lower = (state ?? '').toLowerCase();
  if (lower === 'inprogress') return 'started';
  return lower === 'cancelled' ? 'canceled' : lower;
};

const kindOf = (level: string, state: string): Kind | null => kindNamed(`${level}.${state}`);

type Known = { pipeline: string; stage: string | null; execution: string; state: string; attempt: number };

const known = ({ detail }: Envelope): Known | null => {
  const [pipeline, id] = [text(detail, 'pipeline'), text(detail, 'execution-id')];
  if (pipeline === null || id === null) return null;
  return {
    pipeline,
    stage: text(detail, 'stage'),
    execution: id,
    state: canonicalState(text(detail, 'state')),
    // recordings up to 2022 have none, and a notification was seen to count from 0: both mean the first
    attempt: Math.max(number(detail, 'pipeline-execution-attempt') ?? 1, 1),
  };
};

const service = serviceActor('codepipeline.amazonaws.com');
const unknown: Actor = { type: 'unknown' };

const execution = (event: Envelope, context: Context, level: 'pipeline' | 'stage'): Fact | null => {
  const run = known(event);
  const kind = run === null ? null : kindOf(level, run.state);
  if (run === null || kind === null || (level === 'stage' && run.stage === null)) return null;
  return {
    kind,
    subject: resourceArn(event, 'codepipeline', run.pipeline, context),
    key: [run.execution, ...(level === 'stage' ? [run.stage] : []), run.state, run.attempt],
    ...base(context, run),
    actor: doerOf(kind, event, context),
    change: triggerChange(event) ?? notifiedChange(event),
    reason: text(event.detail, 'stop-execution-comments') ?? notifiedReason(event),
    detail: { ...baseDetail(event, run), ...executionDetail(event) },
  };
};

/** Somebody asks for a start, a stop or a retry, and only a start says who; the rest is what the service then does. */
const doerOf = (kind: Kind, event: Envelope, context: Context): Actor => {
  if (kind === 'pipeline.started') return starterOf(event, context);
  return kind === 'pipeline.stopping' || kind.endsWith('.resumed') ? unknown : service;
};

const base = ({ locate }: Context, run: Known) => ({
  located: locate.pipeline(run.pipeline, run.stage ?? undefined),
  execution: run.execution,
  outcome: run.state,
});

const baseDetail = ({ detail }: Envelope, run: Known): JsonObject => ({
  pipeline: run.pipeline,
  attempt: run.attempt,
  ...present({ stage: run.stage, version: number(detail, 'version') }),
});

const executionDetail = (event: Envelope): JsonObject => {
  const failed = failedActions(event);
  return present({
    ...triggerDetail(event),
    retriedAt: text(event.detail, 'stage-last-retry-attempt-time'),
    failedActions: failed.length === 0 ? null : failed,
  });
};

const action = (event: Envelope, context: Context): Fact | null => {
  const run = known(event);
  const kind = run === null ? null : kindOf('action', run.state);
  if (run === null || kind === null) return null;
  const result = resultOf(event);
  const decision = decisionOf(event, kind, result);
  return {
    kind,
    subject: resourceArn(event, 'codepipeline', run.pipeline, context),
    key: actionKey(event, run),
    ...base(context, run),
    actor: decision === null || decision === 'timed-out' ? service : unknown,
    change: kind === 'action.succeeded' ? sourceChange(event, result) : null,
    reason: result.summary ?? attribute(event, 'additionalInformation') ?? result.errorCode ?? question(event),
    detail: { ...baseDetail(event, run), ...actionDetail(event), ...result, ...present({ decision }) },
  };
};

/** The action's own execution where it is named; recordings without one are told apart by where they stand. */
const actionKey = ({ detail }: Envelope, run: Known): Fact['key'] => {
  const id = text(detail, 'action-execution-id');
  return id === null
    ? ['action', run.execution, run.stage, text(detail, 'action'), run.state, run.attempt]
    : [id, run.state];
};

const actionDetail = ({ detail }: Envelope): JsonObject => ({
  action: text(detail, 'action'),
  provider: text(detail, 'type', 'provider'),
  category: text(detail, 'type', 'category'),
  ...present({ actionExecution: text(detail, 'action-execution-id'), region: text(detail, 'region') }),
});

type Result = { externalId: string | null; summary: string | null; errorCode: string | null; url: string | null };

const resultOf = ({ detail }: Envelope): Result => {
  const result = object(detail, 'execution-result');
  return {
    externalId: text(result, 'external-execution-id'),
    summary: plainSummary(text(result, 'external-execution-summary')),
    errorCode: text(result, 'error-code'),
    url: text(result, 'external-execution-url'),
  };
};

/** Sources by connection say `{"ProviderType":...,"CommitMessage":...}` where others say a sentence. */
const plainSummary = (summary: string | null): string | null => {
  if (summary === null || !summary.startsWith('{')) return summary;
  const read = readJson(summary);
  return 'value' in read && isObject(read.value) ? (text(read.value, 'CommitMessage') ?? summary) : summary;
};

/**
 * What came of a manual approval. Who gave it stands only on the call (PutApprovalResult): its summary is what that
 * person wrote, so an approval that failed with one was rejected. Without one it may also have passed its deadline.
 */
const decisionOf = ({ detail }: Envelope, kind: Kind, { summary, errorCode }: Result): string | null => {
  if (text(detail, 'type', 'category') !== 'Approval') return null;
  if (kind === 'action.succeeded') return 'approved';
  if (kind !== 'action.failed') return null;
  if (/time.?out|timed|expired/i.test(errorCode ?? '')) return 'timed-out';
  return summary === null ? 'not-approved' : 'rejected';
};

/** A source action says which commit (or image, or object) is on its way; its link may say of which repository. */
const sourceChange = (event: Envelope, { externalId, url }: Result): Change | null => {
  if (text(event.detail, 'type', 'category') !== 'Source' || externalId === null) return null;
  return { repository: repositoryIn(url), commit: externalId };
};

/** CodeCommit's console, the redirect of a connection (`FullRepositoryId=acme/shop`), or the provider's own page. */
const repositoryForms = [
  /\/(?:repository|repositories)\/([\w.-]{1,100})\/commit\//,
  /[?&]FullRepositoryId=([\w.~/%-]{1,300})/,
  /^https:\/\/(?:github\.com|gitlab\.com|bitbucket\.org)\/([\w.-]{1,100}\/[\w./-]{1,200}?)(?:\/-)?\/commits?\//,
];

const repositoryIn = (url: string | null): string | null => {
  const found = repositoryForms.map((form) => form.exec(url ?? '')?.[1]).find((name) => name !== undefined);
  return found?.replaceAll(/%2F/gi, '/') ?? null;
};

/** In the notification-rule form more is said beside the detail. */
const attribute = ({ beside }: Envelope, name: string): string | null => text(beside, 'additionalAttributes', name);

/** What an approval asks, as its notification has it. */
const question = (event: Envelope): string | null => attribute(event, 'customData');

/** The count beside the list was seen to disagree with it: the list counts. */
const failedActions = ({ beside }: Envelope): JsonObject[] =>
  list(beside, 'additionalAttributes', 'failedActions').filter(isObject);

const notifiedReason = (event: Envelope): string | null => {
  const failed = failedActions(event);
  const said = failed.map((one) => text(one, 'additionalInformation')).find((reason) => reason !== null);
  const names = failed.map((one) => text(one, 'action')).filter((name) => name !== null);
  return said ?? (names.length === 0 ? null : `${names.join(', ')} failed`);
};

/** The change where all sources that a notification names have one commit; of several nobody can say which it is. */
const notifiedChange = ({ beside }: Envelope): Change | null => {
  const sources = list(beside, 'additionalAttributes', 'sourceActions').map((one) =>
    object(one, 'sourceActionVariables'),
  );
  const commits = new Set(sources.map((variables) => text(variables, 'CommitId')));
  const [first] = sources;
  const commit = text(first, 'CommitId');
  if (commit === null || commits.size > 1) return null;
  return { repository: text(first, 'RepositoryName') ?? text(first, 'FullRepositoryName'), commit };
};

/** What an approval sends to its topic names no account: it is ours. */
const approval = (event: Envelope, context: Context): Fact | null => {
  const pipeline = text(event.detail, 'approval', 'pipelineName');
  if (pipeline === null) return null;
  const stage = text(event.detail, 'approval', 'stageName');
  const asked = object(event.detail, 'approval');
  return {
    kind: 'approval.requested',
    subject: resourceArn(event, 'codepipeline', pipeline, context),
    actor: service,
    located: context.locate.pipeline(pipeline, stage ?? undefined),
    outcome: 'requested',
    reason: text(asked, 'customData'),
    detail: {
      pipeline,
      ...present({ stage, action: text(asked, 'actionName'), expires: text(asked, 'expires') }),
    },
  };
};

const commitName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What a pipeline hands to a Lambda function. It names the function, and neither the pipeline nor the execution. */
const job = (event: Envelope, context: Context): Fact | null => {
  const id = text(event.detail, 'id');
  const name = text(event.detail, 'data', 'actionConfiguration', 'configuration', 'FunctionName');
  if (id === null || name === null) return null;
  const inputs = list(event.detail, 'data', 'inputArtifacts').map((artifact) => text(artifact, 'revision'));
  const commits = [...new Set(inputs.filter((revision) => revision !== null && commitName.test(revision)))];
  const [commit] = commits;
  return {
    kind: 'job.requested',
    subject: isArnOf(name, 'lambda') ? name : resourceArn(event, 'lambda', `function:${name}`, context),
    key: ['job', id],
    actor: service,
    change: commit == null || commits.length > 1 ? null : { repository: null, commit },
    outcome: 'requested',
    detail: { job: id, function: name },
  };
};
