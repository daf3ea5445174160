import type { Actor, Change } from '../../trail/entry.ts';
import { actorOfArn, serviceActor } from '../actor.ts';
import { isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context } from '../fact.ts';
import { isObject, type JsonObject, present, text } from '../fields.ts';
import { readJson } from '../json.ts';

/**
 * What made an execution start. `execution-trigger` has two shapes: `{trigger-type, trigger-detail}`, on the start, and
 * for a trigger by connection the commit itself, on the end too.
 */

/** Types in which somebody made a call: without their name nobody can say who it was. */
const calls = new Set(['StartPipelineExecution', 'CreatePipeline', 'ManualRollback', 'PutActionRevision']);

const typeOf = ({ detail }: Envelope): string | null => text(detail, 'execution-trigger', 'trigger-type');

const saidOf = ({ detail }: Envelope): string | null => text(detail, 'execution-trigger', 'trigger-detail');

/** Who started it: the identity or the rule that the trigger names; the service, where it looked or was told by a hook. */
export const starterOf = (event: Envelope, context: Context): Actor => {
  const by = saidOf(event);
  if (by !== null && (isArnOf(by, 'iam') || isArnOf(by, 'sts'))) return actorOfArn(by, context.identitiesVerified);
  if (by !== null && isArnOf(by, 'events')) return serviceActor('events.amazonaws.com');
  const type = typeOf(event) ?? text(event.detail, 'execution-trigger', 'provider-type');
  return type === null || calls.has(type) ? { type: 'unknown' } : serviceActor('codepipeline.amazonaws.com');
};

/** The commit that a trigger by connection names. Its author is what the commit claims, not who pushed it. */
export const triggerChange = ({ detail }: Envelope): Change | null => {
  const commit = text(detail, 'execution-trigger', 'commit-id');
  return commit === null ? null : { repository: text(detail, 'execution-trigger', 'full-repository-name'), commit };
};

/** What is said of the trigger, and of a rollback. */
export const triggerDetail = (event: Envelope): JsonObject => {
  const from = event.detail['execution-trigger'];
  const trigger = present({
    type: typeOf(event) ?? text(from, 'provider-type'),
    detail: saidOf(event),
    author: text(from, 'author-id') ?? text(from, 'author-display-name'),
    branch: text(from, 'branch-name'),
    tag: text(from, 'tag-name'),
  });
  return present({ trigger: Object.keys(trigger).length === 0 ? null : trigger, ...rollbackDetail(event) });
};

/**
 * A rollback is an execution of its own. No sample of its event was published: what the API says of it is looked for in
 * the spelling of the events and of the API, and its trigger tells it too. An automated one names the execution that
 * failed, as JSON: `{"FailedPipelineExecutionId":"..."}`.
 */
const rollbackDetail = (event: Envelope): JsonObject => {
  const { detail } = event;
  const target =
    text(detail, 'rollback-metadata', 'rollback-target-pipeline-execution-id') ??
    text(detail, 'rollbackMetadata', 'rollbackTargetPipelineExecutionId') ??
    text(detail, 'rollback-target-pipeline-execution-id');
  const type = text(detail, 'execution-type') ?? text(detail, 'executionType');
  const isRollback = type === 'ROLLBACK' || target !== null || /^(Manual|Automated)Rollback$/.test(typeOf(event) ?? '');
  if (!isRollback) return {};
  return present({ executionType: 'ROLLBACK', rollbackTarget: target, rollbackOf: failedExecution(saidOf(event)) });
};

const failedExecution = (said: string | null): string | null => {
  const read = said?.startsWith('{') ? readJson(said) : null;
  return read !== null && 'value' in read && isObject(read.value)
    ? text(read.value, 'FailedPipelineExecutionId')
    : null;
};
