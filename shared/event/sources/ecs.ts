import type { Actor } from '../../trail/entry.ts';
import { serviceActor } from '../actor.ts';
import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Fact, keyAt, type Normaliser } from '../fact.ts';
import { isObject, type JsonObject, list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { lookUp } from '../look-up.ts';

/** ECS Developer Guide, "Amazon ECS events": `source` is `aws.ecs`. */
export const ecs: Normaliser = (event) => {
  switch (event.detailType) {
    case 'ECS Deployment State Change':
      return deployment(event);
    case 'ECS Service Action':
    case 'ECS Daemon Service Action':
    case 'ECS Daemon Deployment State Change':
      return serviceAction(event);
    case 'ECS Task State Change':
      return task(event);
    case 'ECS Container Instance State Change':
    case 'ECS Container Instance Health Change':
      return containerInstance(event);
    default:
      return null;
  }
};

const deploymentKinds: { [eventName: string]: Kind } = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'service-deployment.started',
  SERVICE_DEPLOYMENT_COMPLETED: 'service-deployment.succeeded',
  SERVICE_DEPLOYMENT_FAILED: 'service-deployment.failed',
};

/**
 * A failure is only told where the circuit breaker, or alarms, end a deployment; else it goes on in silence. Who asked for
 * a deployment is not told, only that ECS itself goes back.
 */
const deployment = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = firstArn(event, 'ecs');
  const kind = lookUp(deploymentKinds, text(detail, 'eventName'));
  if (subject === null || kind === null) return null;
  const [id, updated, reason] = [text(detail, 'deploymentId'), text(detail, 'updatedAt'), text(detail, 'reason')];
  const isBack = /rolling back to/.test(reason ?? ''); // only the reason tells it from a deployment forward
  return {
    kind,
    subject,
    ...keyAt(updated ?? event.time, id, kind, ...(isBack ? ['rollback'] : [])),
    occurredAt: instant(updated) ?? instant(event.time),
    ...(kind === 'service-deployment.started' && !isBack ? { actor: { type: 'unknown' } } : {}),
    outcome: kind.slice('service-deployment.'.length),
    reason,
    detail: {
      ...present({ deployment: id, eventType: text(detail, 'eventType'), cluster: clusterOf(subject) }),
      ...(isBack ? { rollback: true } : {}),
    },
  };
};

/** `arn:aws:ecs:eu-west-1:111122223333:service/main/shop` is of the cluster `main`; older ARNs do not say. */
const clusterOf = (service: string): string | null => /:service\/([^/]+)\/[^/]+$/.exec(service)?.[1] ?? null;

const serviceAction = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = firstArn(event, 'ecs');
  const name = text(detail, 'eventName');
  if (subject === null || name === null) return null;
  return {
    kind: 'ecs-service.reported',
    subject,
    occurredAt: instant(detail['createdAt']) ?? instant(event.time),
    outcome: text(detail, 'eventType')?.toLowerCase() ?? null,
    reason: text(detail, 'reason'),
    detail: present({
      eventName: name,
      cluster: text(detail, 'clusterArn'),
      deployment: text(detail, 'deploymentId'),
      capacityProviders: detail['capacityProviderArns'],
    }),
  };
};

const taskKinds: { [status: string]: Kind } = { RUNNING: 'task.running', STOPPED: 'task.stopped' };

/** ECS counts the versions of a task: that, where it is given, is what makes it this fact. */
const task = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = text(detail, 'taskArn') ?? firstArn(event, 'ecs');
  const status = text(detail, 'lastStatus');
  if (subject === null || status === null) return null;
  const version = number(detail, 'version');
  return {
    kind: lookUp(taskKinds, status) ?? 'task.changed',
    subject,
    ...(version === null ? {} : { key: ['task', version, status, text(detail, 'desiredStatus')] }),
    occurredAt: instant(detail['updatedAt']) ?? instant(event.time),
    actor: stoppedBy(event),
    outcome: status.toLowerCase(),
    reason: taskReason(event),
    detail: { ...taskDetail(event, version), containers: containersOf(event) },
  };
};

/** A user who stops a task is not named; the call to stop it, where it comes, says who. */
const stoppedBy = ({ detail }: Envelope): Actor =>
  text(detail, 'stopCode') === 'UserInitiated' ? { type: 'unknown' } : serviceActor('ecs.amazonaws.com');

const taskDetail = ({ detail }: Envelope, version: number | null): JsonObject => {
  const startedBy = text(detail, 'startedBy');
  return present({
    cluster: text(detail, 'clusterArn'),
    group: text(detail, 'group'),
    ecsService: serviceArn(text(detail, 'clusterArn'), text(detail, 'group')),
    startedBy,
    deployment: startedBy?.startsWith('ecs-svc/') === true ? startedBy : null,
    desired: text(detail, 'desiredStatus'),
    stopCode: text(detail, 'stopCode'),
    taskDefinition: text(detail, 'taskDefinitionArn'),
    version,
  });
};

/** A task says of its service only the name, as its group: `service:shop`. */
const serviceArn = (cluster: string | null, group: string | null): string | null => {
  const name = /^service:(.+)$/.exec(group ?? '')?.[1];
  return cluster === null || name === undefined ? null : `${cluster.replace(':cluster/', ':service/')}/${name}`;
};

/** A task has at most ten containers. */
const maxContainers = 10;

const containersOf = ({ detail }: Envelope): JsonObject[] =>
  list(detail, 'containers')
    .filter(isObject)
    .slice(0, maxContainers)
    .map((container) =>
      present({
        name: text(container, 'name'),
        exitCode: number(container, 'exitCode'),
        reason: text(container, 'reason'),
        image: text(container, 'imageDigest'),
      }),
    );

/** `Essential container in task exited` says nothing by itself: which one did, and how, is said of the containers. */
const taskReason = (event: Envelope): string | null => {
  const stopped = text(event.detail, 'stoppedReason');
  const said = [stopped, ...containersOf(event).map(stopped === null ? troubled : exited)];
  const reasons = said.filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join('; ');
};

/** While a task goes on, a container that is done is no trouble unless it says so. */
const troubled = (container: JsonObject): string | null =>
  text(container, 'reason') === null ? null : exited(container);

const exited = (container: JsonObject): string | null => {
  const [code, reason] = [number(container, 'exitCode'), text(container, 'reason')];
  if (reason === null && (code === null || code === 0)) return null;
  const how = [code === null ? null : `exited with ${code}`, reason].filter((part) => part !== null).join(': ');
  return `${text(container, 'name') ?? 'a container'} ${how}`;
};

const containerInstance = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = text(detail, 'containerInstanceArn') ?? firstArn(event, 'ecs');
  if (subject === null) return null;
  return {
    kind: 'container-instance.changed',
    subject,
    occurredAt: instant(detail['updatedAt']) ?? instant(event.time),
    outcome: (text(detail, 'status') ?? text(detail, 'overallStatus'))?.toLowerCase() ?? null,
    reason: text(detail, 'statusReason'),
    detail: present({
      cluster: text(detail, 'clusterArn'),
      instance: text(detail, 'ec2InstanceId'),
      agentConnected: detail['agentConnected'],
      version: number(detail, 'version'),
    }),
  };
};
