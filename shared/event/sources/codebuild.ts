import type { Actor, Change } from '../../trail/entry.ts';
import { actorOfArn, serviceActor } from '../actor.ts';
import { arnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { inWords, type JsonObject, list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

/** CodeBuild User Guide, "Build notifications sample": `source` is `aws.codebuild`. */
export const codebuild: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'CodeBuild Build State Change':
      return build(event, context);
    case 'CodeBuild Build Phase Change':
      return phase(event, context);
    default:
      return null;
  }
};

const buildKinds = new Map<string, Kind>([
  ['IN_PROGRESS', 'build.started'],
  ['SUCCEEDED', 'build.succeeded'],
  ['FAILED', 'build.failed'],
  ['FAULT', 'build.failed'],
  ['TIMED_OUT', 'build.failed'],
  ['STOPPED', 'build.stopped'],
]);

/** `FAULT` and `TIMED_OUT` are kinds of failing; the outcome keeps them apart. */
const outcomeOf = (status: string): string => (status === 'IN_PROGRESS' ? 'started' : inWords(status));

const build = (event: Envelope, context: Context): Fact | null => {
  const status = text(event.detail, 'build-status') ?? '';
  const kind = buildKinds.get(status);
  const about = aboutBuild(event, context);
  if (kind === undefined || about === null) return null;
  return {
    kind,
    ...about,
    key: ['build', outcomeOf(status)],
    // its initiator's doing from start to end; only who stopped it is not told
    actor: kind === 'build.stopped' ? { type: 'unknown' } : initiatorOf(event, context),
    outcome: outcomeOf(status),
    reason: kind === 'build.failed' ? failureOf(event) : null,
  };
};

const phaseKinds = new Map<string, Kind>([
  ['SUCCEEDED', 'build-phase.succeeded'],
  ['FAILED', 'build-phase.failed'],
  ['FAULT', 'build-phase.failed'],
  ['CLIENT_ERROR', 'build-phase.failed'],
  ['TIMED_OUT', 'build-phase.failed'],
  ['STOPPED', 'build-phase.stopped'],
]);

/** The envelope's time was seen to be that of the phase's beginning: its end counts. */
const phase = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const name = text(detail, 'completed-phase');
  const about = aboutBuild(event, context);
  if (name === null || about === null) return null;
  const status = text(detail, 'completed-phase-status') ?? '';
  return {
    kind: phaseKinds.get(status) ?? 'build-phase.completed',
    ...about,
    key: ['phase', name, status, text(detail, 'completed-phase-start')],
    occurredAt: instant(detail['completed-phase-end']) ?? instant(event.time),
    outcome: status === '' ? null : outcomeOf(status),
    reason: spoken(text(detail, 'completed-phase-context')),
    detail: { ...about.detail, phase: name, seconds: number(detail, 'completed-phase-duration-seconds') },
  };
};

/** The initiator `codepipeline/NAME` is the link back to the pipeline; without one the source's repository says where. */
const aboutBuild = (event: Envelope, context: Context) => {
  const id = text(event.detail, 'build-id');
  if (id === null) return null;
  const pipeline = pipelineOf(event);
  const repository = repositoryOf(event);
  const { locate } = context;
  const named = repository === null ? null : locate.repository(repository);
  const commit = commitOf(event);
  const change: Change | null = commit === null ? null : { repository, commit };
  return {
    subject: id.startsWith('arn:') ? id : arnOf(event, 'codebuild', `build/${id}`, context),
    located: pipeline === null ? named : locate.pipeline(pipeline),
    change,
    detail: { ...present({ build: id, pipeline }), ...buildDetail(event) },
  };
};

const information = ({ detail }: Envelope) => detail['additional-information'];

const buildDetail = (event: Envelope): JsonObject => {
  const info = information(event);
  return present({
    project: text(event.detail, 'project-name'),
    initiator: text(info, 'initiator'),
    number: number(info, 'build-number'),
    currentPhase: text(event.detail, 'current-phase'),
    source: text(info, 'source', 'location'),
    sourceVersion: text(info, 'source-version'),
    logs: text(info, 'logs', 'deep-link'),
  });
};

const initiated = (event: Envelope): string | null => text(information(event), 'initiator');

const pipelineOf = (event: Envelope): string | null => {
  const initiator = initiated(event);
  return initiator?.startsWith('codepipeline/') ? initiator.slice('codepipeline/'.length) : null;
};

/** What calls CodeBuild in its own name: webhooks by their user agent, EventBridge rules, the plugin for Jenkins. */
const callers = new Map([
  ['codepipeline', 'codepipeline.amazonaws.com'],
  ['rule', 'events.amazonaws.com'],
  ['GitHub-Hookshot', 'GitHub-Hookshot'],
  ['Bitbucket-Webhooks', 'Bitbucket-Webhooks'],
  ['GitLab', 'GitLab'],
  ['CodeBuild-Jenkins-Plugin', 'CodeBuild-Jenkins-Plugin'],
]);

/** IAM's own pattern for names of users and roles, and of sessions. */
const identityName = /^[\w+=,.@-]{1,64}(?:\/[\w+=,.@-]{1,64})?$/;

/**
 * Who started the build: a pipeline, rule or webhook, a session as `ROLE/SESSION`, or the bare name of a user, which is
 * then the id too: the user's path is not in it, so their ARN cannot be known.
 */
const initiatorOf = (event: Envelope, context: Context): Actor => {
  const initiator = initiated(event);
  const [prefix = '', ...rest] = initiator?.split('/') ?? [];
  const caller = callers.get(prefix);
  if (caller !== undefined) return serviceActor(caller);
  if (initiator?.startsWith('arn:')) return actorOfArn(initiator, context.identitiesVerified);
  if (initiator === null || !identityName.test(initiator)) return { type: 'unknown' };
  if (rest.length === 0) return { type: 'person', id: prefix, name: prefix, verified: context.identitiesVerified };
  return actorOfArn(sessionArn(event, initiator, context), context.identitiesVerified);
};

const sessionArn = (event: Envelope, initiator: string, context: Context): string => {
  const [, partition = 'aws'] = arnOf(event, 'sts', '', context).split(':');
  return `arn:${partition}:sts::${event.account ?? context.account}:assumed-role/${initiator}`;
};

/** `9c8b...`, or `refs/heads/main^{9c8b...}` as webhooks say. In a pipeline it is the place of an artifact instead. */
const commitOf = (event: Envelope): string | null => {
  const info = information(event);
  const said = text(info, 'resolved-source-version') ?? text(info, 'source-version') ?? '';
  return /^(?:[^\s{}]{1,300}\^\{)?([0-9a-f]{40}(?:[0-9a-f]{24})?)\}?$/.exec(said)?.[1] ?? null;
};

const repositoryForms = [
  /^https:\/\/git-codecommit\.[\w.-]{1,100}\/v1\/repos\/([\w.-]{1,100})$/,
  /^codecommit::[\w-]{1,30}:\/\/(?:[\w.-]{1,100}@)?([\w.-]{1,100})$/,
  /^https:\/\/(?:[^/@\s]{1,100}@)?(?:github\.com|gitlab\.com|bitbucket\.org)\/([\w./-]{1,200}?)(?:\.git)?$/,
];

const repositoryOf = (event: Envelope): string | null => {
  const location = text(information(event), 'source', 'location') ?? '';
  return repositoryForms.map((form) => form.exec(location)?.[1]).find((name) => name !== undefined) ?? null;
};

/** Why: the words of the first phase that failed; where it says none, which it was and how. */
const failureOf = (event: Envelope): string | null => {
  const failed = list(information(event), 'phases').find((one) => isFailed(text(one, 'phase-status')));
  const contexts = list(failed, 'phase-context').filter((line) => typeof line === 'string');
  const [name, status] = [text(failed, 'phase-type'), text(failed, 'phase-status')];
  const which = name === null || status === null ? null : `phase ${name}: ${inWords(status)}`;
  return spoken(contexts.join('\n')) ?? spoken(text(event.detail, 'current-phase-context')) ?? which;
};

const isFailed = (status: string | null): boolean => phaseKinds.get(status ?? '') === 'build-phase.failed';

/** `[]` and `: ` are what CodeBuild says when it has nothing to say. */
const spoken = (context: string | null): string | null => {
  const said = (context ?? '').replace(/^\[/, '').replace(/\]$/, '').trim();
  return said === '' || said === ':' ? null : said;
};
