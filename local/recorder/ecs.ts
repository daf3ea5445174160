import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import type { Book } from './book.ts';
import {
  briefView,
  type EcsArns,
  ecsArns,
  type EcsService,
  revisionView,
  rolloutView,
  serviceView,
  type TaskDefinition,
  taskDefinitionView,
} from './ecs-views.ts';
import { nameIn, textIn, textsIn } from './members.ts';
import type { Plan } from './plan.ts';
import { isOver, type Revision, type Rollout, stageAt, steadyRevision, wantedRevision } from './rollout.ts';

export type RecorderOptions = { world: World; transaction: Transaction; book: Book; plan: Plan };

type Ecs = RecorderOptions & { arns: EcsArns };

/** The deployments of a service as they are kept: one thing in the book for each service. */
type Rollouts = { all: Rollout[] };

/** As many deployments of a service are kept; ECS keeps 90 days of them. */
const keptAtMost = 100;

/**
 * The calls of ECS that the product makes, and those that set up what it makes them on. It keeps what it is told and
 * answers as ECS does; no task is run.
 */
export const ecsOperations = (options: RecorderOptions): Operations => {
  const ecs: Ecs = { ...options, arns: ecsArns(options.world) };
  const { transaction } = options;
  return {
    CreateCluster: (input) => createCluster(ecs, input),
    RegisterTaskDefinition: (input) => transaction(() => register(ecs, input)),
    DescribeTaskDefinition: (input) => ({
      taskDefinition: taskDefinitionView(ecs.arns, definitionOf(ecs, textIn(input, 'taskDefinition', badParameter))),
    }),
    CreateService: (input) => transaction(() => createService(ecs, input)),
    UpdateService: (input) => transaction(() => updateService(ecs, input)),
    DeleteService: (input) => transaction(() => deleteService(ecs, input)),
    DescribeServices: (input) => describeServices(ecs, input),
    ListServiceDeployments: (input) => listDeployments(ecs, input),
    DescribeServiceDeployments: (input) => describeDeployments(ecs, input),
    DescribeServiceRevisions: (input) => describeRevisions(ecs, input),
    StopServiceDeployment: (input) => transaction(() => stopDeployment(ecs, input)),
  };
};

const badParameter = 'InvalidParameterException';
const nowOf = ({ world }: Ecs): number => world.now().getTime();

const createCluster = ({ book, arns }: Ecs, input: Members) => {
  const clusterName = String(input.clusterName ?? 'default');
  book.put('cluster', clusterName, { clusterName });
  return { cluster: { clusterName, clusterArn: arns.cluster(clusterName), status: 'ACTIVE' } };
};

const register = (ecs: Ecs, input: Members) => {
  const family = textIn(input, 'family', 'ClientException');
  const revision = familyOf(ecs, family).length + 1;
  const containers = Array.isArray(input.containerDefinitions) ? input.containerDefinitions : [];
  const definition: TaskDefinition = { family, revision, containers, registeredAt: nowOf(ecs) };
  ecs.book.put('task-definition', `${family}:${revision}`, definition);
  return { taskDefinition: taskDefinitionView(ecs.arns, definition) };
};

const familyOf = ({ book }: Ecs, family: string): TaskDefinition[] =>
  book.all<TaskDefinition>('task-definition').filter((definition) => definition.family === family);

/** By ARN, `family:revision`, or a family alone, which means its newest. */
const definitionOf = (ecs: Ecs, asked: string): TaskDefinition => {
  const name = nameIn(asked);
  const found = name.includes(':') ? ecs.book.get<TaskDefinition>('task-definition', name) : familyOf(ecs, name).at(-1);
  if (found === null || found === undefined)
    throw new AwsError('ClientException', 'Unable to describe task definition.');
  return found;
};

const createService = (ecs: Ecs, input: Members) => {
  const cluster = clusterOf(ecs, input);
  const name = textIn(input, 'serviceName', badParameter);
  const { taskDefinition } = input;
  if (serviceNamed(ecs, cluster, name)?.status === 'ACTIVE')
    throw new AwsError(badParameter, 'Creation of service was not idempotent.');
  const { deploymentCircuitBreaker: breaker } = (input.deploymentConfiguration ?? {}) as Members;
  const service: EcsService = {
    cluster,
    name,
    status: 'ACTIVE',
    controller: input.deploymentController?.type ?? 'ECS',
    desiredCount: Number(input.desiredCount ?? 0),
    breaker: { enable: breaker?.enable === true, rollback: breaker?.rollback === true },
    createdAt: nowOf(ecs),
  };
  const revision = newRevision(ecs, String(taskDefinition ?? ''));
  ecs.book.put('service', `${cluster}/${name}`, service);
  ecs.book.put('service-deployment', `${cluster}/${name}`, { all: [] } satisfies Rollouts);
  rollOut(ecs, service, revision);
  return { service: viewOf(ecs, service) };
};

const newRevision = (ecs: Ecs, taskDefinition: string): Revision => {
  const { family, revision } = definitionOf(ecs, taskDefinition);
  return { id: numberId(ecs), taskDefinition: `${family}:${revision}`, createdAt: nowOf(ecs) };
};

/** Nineteen digits, as ECS names revisions. */
const numberId = ({ world }: Ecs): string =>
  String(BigInt(`0x${world.newId().replaceAll('-', '').slice(0, 15)}`)).padStart(19, '1');

/** A new deployment takes the place of one that is still under way. */
const rollOut = (ecs: Ecs, service: EcsService, target: Revision): void => {
  const now = nowOf(ecs);
  const before = rolloutsOf(ecs, service);
  const newest = before.at(-1);
  const rollout: Rollout = {
    id: ecs.world.newId().replaceAll('-', '').slice(0, 21),
    target,
    backId: numberId(ecs),
    source: newest === undefined ? null : steadyRevision(newest, now),
    createdAt: now,
    pace: ecs.plan.pace,
    steady: !ecs.plan.fails.includes(target.taskDefinition),
    breaker: service.breaker,
    stopped: null,
    replacedAt: null,
  };
  const replaced = before.map((one) => (isOver(stageAt(one, now).status) ? one : { ...one, replacedAt: now }));
  keep(ecs, service, [...replaced, rollout]);
};

const keep = ({ book }: Ecs, { cluster, name }: EcsService, all: Rollout[]): void =>
  book.put('service-deployment', `${cluster}/${name}`, { all: all.slice(-keptAtMost) } satisfies Rollouts);

const rolloutsOf = ({ book }: Ecs, { cluster, name }: EcsService): Rollout[] =>
  book.get<Rollouts>('service-deployment', `${cluster}/${name}`)?.all ?? [];

const viewOf = (ecs: Ecs, service: EcsService) => serviceView(ecs.arns, service, rolloutsOf(ecs, service), nowOf(ecs));

/**
 * UpdateService. Setting the task definition it has changes nothing; a new deployment of the same one has to be asked
 * for. A service whose deployments CodeDeploy or somebody else makes takes neither.
 */
const updateService = (ecs: Ecs, input: Members) => {
  const service = activeService(ecs, input);
  const { forceNewDeployment, taskDefinition, desiredCount } = input;
  if (service.controller !== 'ECS' && (forceNewDeployment === true || taskDefinition !== undefined))
    throw new AwsError(badParameter, refusedFor(service, forceNewDeployment === true));
  const scaled = { ...service, desiredCount: Number(desiredCount ?? service.desiredCount) };
  ecs.book.put('service', `${service.cluster}/${service.name}`, scaled);
  const newest = rolloutsOf(ecs, service).at(-1);
  const runs = newest === undefined ? '' : wantedRevision(newest, nowOf(ecs)).taskDefinition;
  const wanted = taskDefinition === undefined ? null : newRevision(ecs, String(taskDefinition));
  if (forceNewDeployment === true || (wanted !== null && wanted.taskDefinition !== runs))
    rollOut(ecs, scaled, wanted ?? newRevision(ecs, runs));
  return { service: viewOf(ecs, scaled) };
};

const refusedFor = ({ controller }: EcsService, forced: boolean): string =>
  controller === 'CODE_DEPLOY'
    ? `Unable to ${forced ? 'force a new deployment' : 'update task definition'} on services with a CODE_DEPLOY ` +
      'deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
    : `Unable to update the service: its deployment controller is ${controller}.`;

const deleteService = (ecs: Ecs, input: Members) => {
  const service: EcsService = { ...activeService(ecs, input), status: 'INACTIVE', desiredCount: 0 };
  ecs.book.put('service', `${service.cluster}/${service.name}`, service);
  return { service: viewOf(ecs, service) };
};

const clusterOf = ({ book }: Ecs, input: Members): string => {
  const cluster = nameIn(String(input.cluster ?? 'default'));
  if (book.get('cluster', cluster) === null) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
};

const serviceNamed = ({ book }: Ecs, cluster: string, name: string): EcsService | null =>
  book.get<EcsService>('service', `${cluster}/${name}`);

const activeService = (ecs: Ecs, input: Members): EcsService => {
  const service = knownService(ecs, input);
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
};

const knownService = (ecs: Ecs, input: Members): EcsService => {
  const service = serviceNamed(ecs, clusterOf(ecs, input), nameIn(textIn(input, 'service', badParameter)));
  if (service === null) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service;
};

const describeServices = (ecs: Ecs, input: Members) => {
  const cluster = clusterOf(ecs, input);
  const asked = textsIn(input, 'services', badParameter, 10).map((name) => ({
    name: nameIn(name),
    service: serviceNamed(ecs, cluster, nameIn(name)),
  }));
  return {
    services: asked.flatMap(({ service }) => (service === null ? [] : [viewOf(ecs, service)])),
    failures: asked
      .filter(({ service }) => service === null)
      .map(({ name }) => ({ arn: ecs.arns.service({ cluster, name } as EcsService), reason: 'MISSING' })),
  };
};

/** Newest first. */
const listDeployments = (ecs: Ecs, input: Members) => {
  const service = knownService(ecs, input);
  const statuses = textsIn(input, 'status', badParameter, 9);
  const briefs = rolloutsOf(ecs, service)
    .toReversed()
    .map((rollout) => briefView(ecs.arns, service, rollout, nowOf(ecs)))
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status));
  return { serviceDeployments: briefs.slice(0, Number(input.maxResults ?? 100)) };
};

/** The service that an ARN of its deployments or revisions names, with the id behind it. */
const partsOf = (ecs: Ecs, arn: string): { service: EcsService; id: string } | null => {
  const [cluster = '', name = '', id = ''] = arn.split('/').slice(1);
  const service = serviceNamed(ecs, cluster, name);
  return service === null ? null : { service, id };
};

const found = <T>(arns: string[], view: (arn: string) => T | null) => {
  const all = arns.map((arn) => ({ arn, view: view(arn) }));
  return {
    views: all.flatMap((one) => one.view ?? []),
    failures: all.filter((one) => one.view === null).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

const describeDeployments = (ecs: Ecs, input: Members) => {
  const { views, failures } = found(textsIn(input, 'serviceDeploymentArns', badParameter, 20), (arn) => {
    const parts = partsOf(ecs, arn);
    const rollout = parts && rolloutsOf(ecs, parts.service).find(({ id }) => id === parts.id);
    return parts && rollout ? rolloutView(ecs.arns, parts.service, rollout, nowOf(ecs)) : null;
  });
  return { serviceDeployments: views, failures };
};

const describeRevisions = (ecs: Ecs, input: Members) => {
  const { views, failures } = found(textsIn(input, 'serviceRevisionArns', badParameter, 20), (arn) => {
    const parts = partsOf(ecs, arn);
    const revision = parts && rolloutsOf(ecs, parts.service).find(({ target }) => target.id === parts.id)?.target;
    return parts && revision ? revisionView(ecs.arns, parts.service, revision) : null;
  });
  return { serviceRevisions: views, failures };
};

/** One that is rolling back already goes on doing so; one that is over cannot be stopped. */
const stopDeployment = (ecs: Ecs, input: Members) => {
  const arn = textIn(input, 'serviceDeploymentArn', badParameter);
  const parts = partsOf(ecs, arn);
  const all = parts === null ? [] : rolloutsOf(ecs, parts.service);
  const rollout = all.find(({ id }) => id === parts?.id);
  if (parts === null || rollout === undefined)
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  if (parts.service.controller !== 'ECS')
    throw new AwsError('UnsupportedFeatureException', 'The deployment controller of the service is not ECS.');
  const { status } = stageAt(rollout, nowOf(ecs));
  if (isOver(status))
    throw new AwsError('ConflictException', `The service deployment is ${status} and cannot be stopped.`);
  const type: 'ROLLBACK' | 'ABORT' = input.stopType === 'ABORT' ? 'ABORT' : 'ROLLBACK';
  const stopped = { ...rollout, stopped: { at: nowOf(ecs), type } };
  const isStopping = status !== 'PENDING' && status !== 'IN_PROGRESS';
  if (!isStopping)
    keep(
      ecs,
      parts.service,
      all.map((one) => (one.id === rollout.id ? stopped : one)),
    );
  return { serviceDeploymentArn: arn };
};
