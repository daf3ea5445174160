import { isObject, list, type JsonObject, object, text } from '../event/fields.ts';
import type { TrailRecord } from '../trail/entry.ts';

/**
 * Calls by which a person or a role changes what is served, or how it gets there, without the pipeline delivering it.
 * Which targets releases go to is not on record, so each such call in the account is listed, with what it was made on.
 */
const outside: { [service: string]: { [call: string]: string } } = {
  ecs: {
    UpdateService: 'an ECS service was given another task definition or size by hand',
    CreateTaskSet: 'an ECS service was given another version by hand',
    UpdateServicePrimaryTaskSet: 'traffic of an ECS service was moved to another version by hand',
    StopServiceDeployment: 'an ECS service was stopped from taking its new version by hand',
  },
  lambda: {
    UpdateFunctionCode: 'the code of a function was put there by hand',
    UpdateFunctionConfiguration: 'the configuration of a function was changed by hand',
    UpdateAlias: 'the alias of a function was pointed at another version by hand',
  },
  codedeploy: {
    CreateDeployment: 'a deployment was started by hand',
    ContinueDeployment: 'a deployment was told by hand to go on',
    StopDeployment: 'a deployment was stopped by hand',
  },
  cloudformation: {
    CreateStack: 'a stack was created by hand',
    UpdateStack: 'a stack was changed by hand',
    DeleteStack: 'a stack was deleted by hand',
    ExecuteChangeSet: 'a change set was carried out by hand',
    RollbackStack: 'a stack was brought back by hand',
  },
  autoscaling: {
    StartInstanceRefresh: 'the instances of a group were replaced by hand',
    UpdateAutoScalingGroup: 'a group of instances was changed by hand',
  },
  elasticbeanstalk: { UpdateEnvironment: 'an environment was given another version by hand' },
  ssm: { SendCommand: 'commands were run on instances by hand' },
  codepipeline: {
    UpdatePipeline: 'the pipeline itself was changed by hand',
    OverrideStageCondition: 'a condition of a stage was set aside by hand',
  },
};

/**
 * Why a call is outside the pipeline; null where it is not. Starting an execution is what pipelines are for; starting
 * one with another revision or other variables than the branch says is not. RollbackStage is told of as a rollback,
 * PutApprovalResult as an approval.
 *
 * @param service the first part of the event source: `ecs`
 * @param name the call without the API's version
 */
export const whyOutside = (service: string, name: string, event: JsonObject): string | null => {
  if (service === 'codepipeline' && name === 'StartPipelineExecution') return whyOverridden(event);
  const calls = Object.hasOwn(outside, service) ? outside[service] : undefined;
  return calls !== undefined && Object.hasOwn(calls, name) ? (calls[name] ?? null) : null;
};

/**
 * The first part of the event source that a record of a call names, and the call without the API's version:
 * `UpdateFunctionCode20150331v2` is `UpdateFunctionCode`.
 */
export const callNamed = ({ detail }: Pick<TrailRecord, 'detail'>): { service: string; name: string } => ({
  service: text(detail, 'service')?.split('.')[0] ?? '',
  name: (text(detail, 'call') ?? '').replace(/\d{8}(?:v\d+)?$/, ''),
});

const whyOverridden = (event: JsonObject): string | null => {
  const given = (key: string): boolean => list(object(event, 'requestParameters'), key).some(isObject);
  if (given('sourceRevisions')) return 'an execution was started by hand at another revision than its branch has';
  return given('variables') ? 'an execution was started by hand with variables of its own' : null;
};
