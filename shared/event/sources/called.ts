import type { Json } from '../../trail/entry.ts';
import { arnOf, isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context } from '../fact.ts';
import { at, isObject, list, object, text } from '../fields.ts';
import { lookUp } from '../look-up.ts';

/** A way in which calls name what they are about: which calls, under which keys, what goes before it in an ARN. */
type Naming = { calls?: RegExp; keys: string[]; prefix: string };

const named = (prefix: string, ...keys: string[]): Naming => ({ keys, prefix });
const namedBy = (calls: RegExp, prefix: string, ...keys: string[]): Naming => ({ calls, keys, prefix });

/**
 * How the services that delivery goes through name what is called, the narrowest first. Keys are paths in a record;
 * what is not found here is looked for among the resources that the record lists, and among the ARNs in it.
 */
const namings: { [service: string]: Naming[] } = {
  codepipeline: [
    named('', 'asked.pipelineName', 'asked.pipeline.name', 'asked.webhook.targetPipeline'),
    namedBy(/Pipeline/, '', 'asked.name'),
  ],
  codebuild: [
    named('project/', 'asked.projectName'),
    namedBy(/Project/, 'project/', 'asked.name'),
    namedBy(/Build/, 'build/', 'asked.id'),
  ],
  codedeploy: [named('deployment:', 'asked.deploymentId'), named('application:', 'asked.applicationName')],
  cloudformation: [named('stack/', 'answered.stackId', 'asked.stackName'), named('stackset/', 'asked.stackSetName')],
  ecr: [named('repository/', 'asked.repositoryName')],
  ssm: [named('document/', 'asked.documentName'), namedBy(/Parameter/, 'parameter/', 'asked.name')],
  events: [namedBy(/Rule|Targets/, 'rule/', 'asked.rule', 'asked.name')],
  dynamodb: [named('table/', 'asked.tableName')],
  cloudtrail: [namedBy(/Trail|Logging|Selectors/, 'trail/', 'asked.name', 'asked.trailName')],
  logs: [named('log-group:', 'asked.logGroupName')],
  ec2: [named('instance/', 'asked.instanceId'), named('security-group/', 'asked.groupId')],
  s3: [named('', 'asked.bucketName')],
};

/** The first part of the event source: `ecs` of `ecs.amazonaws.com`. */
export const serviceOf = ({ detail, source }: Envelope): string =>
  (text(detail, 'eventSource') ?? source.replace(/^aws\./, '')).split('.')[0] ?? '';

/** What a call asked for, or answered. */
export const asked = ({ detail }: Envelope, ...path: string[]): string | null =>
  text(detail, 'requestParameters', ...path);
export const answered = ({ detail }: Envelope, ...path: string[]): string | null =>
  text(detail, 'responseElements', ...path);

/**
 * The ARN of what was called, as far as the record says.
 *
 * @param event a CloudTrail record, its Region being the one that was called
 * @returns null where the call is about nothing narrower than the account
 */
export const calledArn = (event: Envelope, context: Context): string | null => {
  const service = serviceOf(event);
  const special = lookUp(composed, service)?.(event, context) ?? null;
  return special ?? byName(event, context, service) ?? listedArn(event) ?? ownArn(event, service);
};

const byName = (event: Envelope, context: Context, service: string): string | null => {
  for (const { calls, keys, prefix } of lookUp(namings, service) ?? []) {
    const name = keys.map((key) => said(event, key)).find((value) => value !== null);
    if (name == null || calls?.test(text(event.detail, 'eventName') ?? '') === false) continue;
    return isArnOf(name) ? name : arn(event, service, prefix + name.replace(/^\//, ''), context);
  }
  return null;
};

const roots: { [root: string]: string } = { asked: 'requestParameters', answered: 'responseElements' };

const said = ({ detail }: Envelope, key: string): string | null => {
  const [root = '', ...path] = key.split('.');
  return text(detail, roots[root] ?? root, ...path);
};

/** A bucket's ARN has neither Region nor account. */
const arn = (event: Envelope, service: string, resource: string, context: Context): string => {
  const made = arnOf(event, service, resource, context);
  return service === 's3' ? made.replace(/^(arn:[\w-]+:s3):.*?:.*?:/, '$1:::') : made;
};

/** What takes more than one name. */
const composed: { [service: string]: (event: Envelope, context: Context) => string | null } = {
  autoscaling: (event, context) => scalingArn(event, context),
  codecommit: (event, context) => {
    const repository = repositoryCalled(event);
    return repository === null ? null : arnOf(event, 'codecommit', repository, context);
  },
  codedeploy: (event, context) => groupOfDeployments(event, context),
  ecs: (event, context) => ecsArn(event, context),
  lambda: (event, context) => functionArn(event, context),
  s3: (event) => listedArn(event), // of objects too; a bucket's name only where none is listed
  monitoring: (event, context) => {
    const [alarm, ...more] = alarmsCalled(event);
    return alarm === undefined || more.length > 0 ? null : arnOf(event, 'cloudwatch', `alarm:${alarm}`, context);
  },
  ec2: (event, context) => {
    const [instance, ...more] = instancesCalled(event);
    return instance === undefined || more.length > 0 ? null : arnOf(event, 'ec2', `instance/${instance}`, context);
  },
};

const firstOf = (...values: (string | null | undefined)[]): string | null =>
  values.find((value) => value != null) ?? null;

/** The last part of a name that may have been given as an ARN. */
const bare = (name: string): string => (isArnOf(name) ? (name.split('/').at(-1) ?? name) : name);

/** ECS takes names and ARNs alike; where no cluster is said it is the one named `default`. */
const ecsArn = (event: Envelope, context: Context): string | null => {
  const known = firstOf(answered(event, 'service', 'serviceArn'), answered(event, 'task', 'taskArn'));
  const deployment = asked(event, 'serviceDeploymentArn');
  if (known !== null) return known;
  if (deployment !== null) return deployment.replace(/:service-deployment\/([^/]+\/[^/]+)\/.*$/, ':service/$1');
  const cluster = bare(firstOf(asked(event, 'cluster'), asked(event, 'clusterName')) ?? 'default');
  const [service, task] = [firstOf(asked(event, 'service'), asked(event, 'serviceName')), asked(event, 'task')];
  const [kind, name] = service === null ? ['task', task] : ['service', service];
  if (name !== null) return isArnOf(name) ? name : arnOf(event, 'ecs', `${kind}/${cluster}/${name}`, context);
  const own = asked(event, 'cluster') ?? asked(event, 'clusterName');
  return own === null ? null : arnOf(event, 'ecs', `cluster/${cluster}`, context);
};

/**
 * A function, without the version or alias that may be part of its name (`shop:live`, `111122223333:function:shop`, an
 * ARN): everything about a function is then found under one subject.
 */
const functionArn = (event: Envelope, context: Context): string | null => {
  const name = asked(event, 'functionName');
  if (name === null) return null;
  if (isArnOf(name, 'lambda')) return name.split(':').slice(0, 7).join(':');
  const [first = name, ...rest] = name.replace(/^\d{12}:function:/, '').split(':');
  return rest.length > 1 ? null : arnOf(event, 'lambda', `function:${first}`, context);
};

const groupOfDeployments = (event: Envelope, context: Context): string | null => {
  const [application, group] = [asked(event, 'applicationName'), asked(event, 'deploymentGroupName')];
  const known = application !== null && group !== null;
  return known ? arnOf(event, 'codedeploy', `deploymentgroup:${application}/${group}`, context) : null;
};

/** A group's ARN has an id that calls do not say; an instance that is spoken about alone is one of EC2's. */
const scalingArn = (event: Envelope, context: Context): string | null => {
  const [group, instance] = [groupCalled(event), asked(event, 'instanceId')];
  if (group !== null) return scalingGroupArn(event, group, context);
  return instance === null ? null : arnOf(event, 'ec2', `instance/${instance}`, context);
};

export const scalingGroupArn = (event: Envelope, group: string, context: Context): string =>
  arnOf(event, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${group}`, context);

export const groupCalled = (event: Envelope): string | null =>
  asked(event, 'autoScalingGroupName') ?? answered(event, 'activity', 'autoScalingGroupName');

/** A pull request names its repository as its target; a push through git, beside the parameters. */
export const repositoryCalled = (event: Envelope): string | null => {
  const { requestParameters, responseElements, additionalEventData } = event.detail;
  const target =
    list(requestParameters, 'targets')[0] ?? list(responseElements, 'pullRequest', 'pullRequestTargets')[0];
  return (
    asked(event, 'repositoryName') ?? text(target, 'repositoryName') ?? text(additionalEventData, 'repositoryName')
  );
};

/** Some calls are about one alarm, others about up to a hundred. */
export const alarmsCalled = ({ detail }: Envelope): string[] => {
  const parameters = detail['requestParameters'];
  const names = [at(parameters, 'alarmName'), ...list(parameters, 'alarmNames')];
  return names.filter((name) => typeof name === 'string' && name !== '') as string[];
};

const instancesCalled = ({ detail }: Envelope): string[] =>
  list(detail, 'requestParameters', 'instancesSet', 'items').flatMap((item) => text(item, 'instanceId') ?? []);

const listedArn = ({ detail }: Envelope): string | null => {
  const listed = list(detail, 'resources').map((one) => text(one, 'ARN') ?? text(one, 'arn'));
  return listed.find((found) => found !== null && isArnOf(found)) ?? null;
};

/** A parameter, or else a part of the answer, that is an ARN of the called service in the account that was called. */
const ownArn = (event: Envelope, service: string): string | null => {
  const { requestParameters, serviceEventDetails, responseElements } = event.detail;
  const parameters = [requestParameters, serviceEventDetails].flatMap((said) => Object.values(object(said)));
  const answers = Object.values(object(responseElements)).flatMap(arnsIn);
  const isOwn = (value: Json): value is string =>
    typeof value === 'string' && isArnOf(value, service) && value.split(':')[4] === event.account;
  return [...parameters, ...answers].find(isOwn) ?? null;
};

const arnsIn = (value: Json): Json[] =>
  isObject(value) ? Object.entries(value).flatMap(([key, inner]) => (/arn$/i.test(key) ? [inner] : [])) : [value];
