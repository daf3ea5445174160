import type { Actor, Change } from '../../trail/entry.ts';
import { actorOfArn, serviceActor } from '../actor.ts';
import { isArnOf, resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { isObject, type JsonObject, list, number, object, present, text } from '../fields.ts';
import { readJson } from '../json.ts';
import { type Kind, kindNamed } from '../kinds.ts';

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
  const attempt = number(detail, 'pipeline-execution-attempt') ?? 1; // recordings up to 2022 have none
  return {
    pipeline,
    stage: text(detail, 'stage'),
    execution: id,
    state: canonicalState(text(detail, 'state')),
    attempt,
  };
};

const execution = (event: Envelope, context: Context, level: 'pipeline' | 'stage'): Fact | null => {
  const run = known(event);
  const kind = run === null ? null : kindOf(level, run.state);
  if (run === null || kind === null || (level === 'stage' && run.stage === null)) return null;
  return {
    kind,
    subject: resourceArn(event, 'codepipeline', run.pipeline, context),
    key: [run.execution, ...(level === 'stage' ? [run.stage] : []), run.state, run.attempt],
    ...base(context, run),
    actor: kind === 'pipeline.started' ? starter(event, context) : serviceActor(service),
    change: triggerChange(event),
    reason: text(event.detail, 'stop-execution-comments') ?? failedActionReason(event),
    detail: { ...baseDetail(event, run), ...present({ trigger: trigger(event) }) },
  };
};

const service = 'codepipeline.amazonaws.com';

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

const action = (event: Envelope, context: Context): Fact | null => {
  const run = known(event);
  const kind = run === null ? null : kindOf('action', run.state);
  if (run === null || kind === null) return null;
  const result = resultOf(event);
  return {
    kind,
    subject: resourceArn(event, 'codepipeline', run.pipeline, context),
    key: actionKey(event, run),
    ...base(context, run),
    actor: serviceActor(service),
    change: kind === 'action.succeeded' ? sourceChange(event, result) : null,
    reason: result.summary,
    detail: { ...baseDetail(event, run), ...actionDetail(event), ...result },
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

/** A source action says which commit (or image, or object) is on its way; its link may say of which repository. */
const sourceChange = (event: Envelope, { externalId, url }: Result): Change | null => {
  if (text(event.detail, 'type', 'category') !== 'Source' || externalId === null) return null;
  return { repository: repositoryIn(url), commit: externalId };
};

const repositoryIn = (url: string | null): string | null =>
  /\/(?:repository|repositories)\/([\w.-]{1,100})\/commit\//.exec(url ?? '')?.[1] ?? null;

/** `{trigger-type, trigger-detail}` on a start; the commit itself for triggers by connection. */
const trigger = ({ detail }: Envelope): JsonObject | null => {
  const from = object(detail, 'execution-trigger');
  const said = present({
    type: text(from, 'trigger-type') ?? text(from, 'provider-type'),
    detail: text(from, 'trigger-detail'),
    author: text(from, 'author-id') ?? text(from, 'author-display-name'),
    branch: text(from, 'branch-name'),
    tag: text(from, 'tag-name'),
  });
  return Object.keys(said).length === 0 ? null : said;
};

const triggerChange = ({ detail }: Envelope): Change | null => {
  const commit = text(detail, 'execution-trigger', 'commit-id');
  return commit === null ? null : { repository: text(detail, 'execution-trigger', 'full-repository-name'), commit };
};

/** Who started it, where the trigger names an identity; else the service did, for the reason in the trigger. */
const starter = (event: Envelope, context: Context): Actor => {
  const by = text(event.detail, 'execution-trigger', 'trigger-detail');
  const isIdentity = by !== null && (isArnOf(by, 'iam') || isArnOf(by, 'sts'));
  const actor: Actor = isIdentity ? actorOfArn(by, context.identitiesVerified) : { type: 'unknown' };
  return actor.type === 'unknown' ? serviceActor(service) : actor;
};

/** In the notification-rule form the reason stands beside the detail. */
const failedActionReason = ({ beside }: Envelope): string | null => {
  const failed = list(beside['additionalAttributes'], 'failedActions');
  return failed.map((one) => text(one, 'additionalInformation')).find((reason) => reason !== null) ?? null;
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
    actor: serviceActor(service),
    located: context.locate.pipeline(pipeline, stage ?? undefined),
    outcome: 'requested',
    reason: text(asked, 'customData'),
    detail: {
      pipeline,
      ...present({ stage, action: text(asked, 'actionName'), expires: text(asked, 'expires') }),
    },
  };
};
