import type { AwsEvent } from './envelope.ts';
import { isObject, type JsonObject, list, number, object, present, text } from './fields.ts';
import { instant } from './instant.ts';
import { stackLines } from './stack-lines.ts';

/** What a wrapper holds, and what the wrapper is called. */
export type Restated = { wrapper: string; values: AwsEvent[] };

/**
 * Payloads that the delivery services send past EventBridge, told as EventBridge would tell them: one event for each
 * fact. The detail-types are ours; no service sends them.
 *
 * @returns null where the payload is none of these
 */
export const restated = (payload: AwsEvent): Restated | null => {
  if (text(payload, 'eventSource') === 'aws:codecommit') return repositoryTrigger(payload);
  if (isObject(payload['CodePipeline.job'])) return pipelineJob(payload);
  if (isObject(payload[stackLines])) return stackMessage(payload[stackLines]);
  if (text(payload, 'deploymentId') !== null && text(payload, 'eventTriggerName') !== null)
    return deploymentTrigger(payload);
  return text(payload, 'LifecycleEventHookExecutionId') === null ? null : lifecycleHook(payload);
};

/** Of one trigger there is a record for each part of a push, and in it a reference for each branch or tag. */
const repositoryTrigger = (record: AwsEvent): Restated | null => {
  const { codecommit, ...about } = record;
  const arn = text(record, 'eventSourceARN');
  const references = list(codecommit, 'references').filter(isObject);
  if (arn === null) return null;
  if (references.length === 0) references.push({}); // a test of the trigger may name none
  const values = references.map((reference) => ({
    'detail-type': 'CodeCommit Repository Trigger',
    source: 'aws.codecommit',
    ...present({ id: text(record, 'eventId'), time: text(record, 'eventTime') }),
    ...present({ account: arn.split(':')[4], region: text(record, 'awsRegion') ?? arn.split(':')[3] }),
    resources: [arn],
    detail: { ...about, reference },
  }));
  return { wrapper: 'repository-trigger', values };
};

/** What of a job may be read. All else in it can let somebody act for the pipeline, whatever it is called. */
const readable = new Set(['id', 'accountId', 'data']);
const readableData = new Set([
  'actionTypeId',
  'actionConfiguration',
  'pipelineContext',
  'inputArtifacts',
  'outputArtifacts',
]);

/** What a Lambda action gives to its function: with it come credentials, which redaction takes out by their name here. */
const pipelineJob = (payload: AwsEvent): Restated => {
  const { 'CodePipeline.job': job = {}, ...beside } = payload;
  const [known, others] = divided(object(job), readable);
  const [data, others2] = divided(object(job, 'data'), readableData);
  const credentials = { ...others, ...others2 };
  const event = {
    ...beside,
    'detail-type': 'CodePipeline Job',
    source: 'aws.codepipeline',
    ...present({ account: text(job, 'accountId') }),
    detail: { ...known, data, credentials },
  };
  return { wrapper: 'pipeline-job', values: [event] };
};

const divided = (whole: JsonObject, names: Set<string>): [JsonObject, JsonObject] => {
  const fields = Object.entries(whole);
  return [
    Object.fromEntries(fields.filter(([name]) => names.has(name))),
    Object.fromEntries(fields.filter(([name]) => !names.has(name))),
  ];
};

/** What a trigger of a deployment group tells a topic: the API's statuses, times in seconds, and the reason, too. */
const deploymentTrigger = (payload: AwsEvent): Restated => {
  const status = text(payload, 'status') ?? text(payload, 'instanceStatus') ?? '';
  const at = number(payload, 'completeTime') ?? number(payload, 'lastUpdatedAt') ?? number(payload, 'createTime');
  const instance = text(payload, 'instanceId');
  const event = {
    'detail-type': `CodeDeploy ${instance === null ? 'Deployment' : 'Instance'} State-change Notification`,
    source: 'aws.codedeploy',
    ...present({ account: payload['accountId'], region: payload['region'], time: at === null ? null : instant(at) }),
    detail: {
      ...payload,
      ...present({
        application: payload['applicationName'],
        deploymentGroup: payload['deploymentGroupName'],
        instanceId: instance?.split('/').at(-1),
        state: deploymentStates.get(status) ?? status,
      }),
    },
  };
  return { wrapper: 'deployment-trigger', values: [event] };
};

const deploymentStates = new Map([
  ['Created', 'START'],
  ['InProgress', 'START'],
  ['Succeeded', 'SUCCESS'],
  ['Failed', 'FAILURE'],
  ['Stopped', 'STOP'],
  ['Ready', 'READY'],
]);

/** What a deployment gives to the function of a lifecycle hook, and then waits for its answer. */
const lifecycleHook = (payload: AwsEvent): Restated | null => {
  if (text(payload, 'DeploymentId') === null) return null;
  const event = { 'detail-type': 'CodeDeploy Lifecycle Hook', source: 'aws.codedeploy', detail: payload };
  return { wrapper: 'lifecycle-hook', values: [event] };
};

/** What CloudFormation tells a topic of a stack, which is a resource of itself, or of another resource in it. */
const stackMessage = (said: JsonObject): Restated => {
  const { StackId, Timestamp, EventId, LogicalResourceId, PhysicalResourceId, ...rest } = said;
  const { ResourceStatus, ResourceStatusReason, ResourceType, ClientRequestToken, ...beside } = rest;
  const [, , , region, account] = (text(said, 'StackId') ?? '').split(':');
  const isStack = ResourceType === 'AWS::CloudFormation::Stack' && PhysicalResourceId === StackId;
  const resource = {
    'logical-resource-id': LogicalResourceId,
    'physical-resource-id': PhysicalResourceId,
    'resource-type': ResourceType,
  };
  const event = {
    ...beside,
    'detail-type': `CloudFormation ${isStack ? 'Stack' : 'Resource'} Status Change`,
    source: 'aws.cloudformation',
    ...present({ id: EventId, time: Timestamp, account, region }),
    resources: [text(said, 'StackId') ?? ''],
    detail: present({
      'stack-id': StackId,
      ...(isStack ? {} : resource),
      'status-details': present({ status: ResourceStatus, 'status-reason': ResourceStatusReason }),
      'client-request-token': ClientRequestToken,
    }),
  };
  return { wrapper: 'stack-lines', values: [event] };
};
