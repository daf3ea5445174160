import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Fact, Normaliser } from '../fact.ts';
import { list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

/** ECS Developer Guide, "Amazon ECS events": `source` is `aws.ecs`. */
export const ecs: Normaliser = (event) => {
  switch (event.detailType) {
    case 'ECS Deployment State Change':
      return deployment(event);
    case 'ECS Service Action':
      return serviceAction(event);
    case 'ECS Task State Change':
      return task(event);
    case 'ECS Container Instance State Change':
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

const deployment = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = firstArn(event, 'ecs');
  const kind = deploymentKinds[text(detail, 'eventName') ?? ''];
  if (subject === null || kind === undefined) return null;
  const [id, updated] = [text(detail, 'deploymentId'), text(detail, 'updatedAt')];
  return {
    kind,
    subject,
    key: [id, kind, updated ?? event.time],
    occurredAt: instant(updated) ?? instant(event.time),
    outcome: kind.slice('service-deployment.'.length),
    reason: text(detail, 'reason'),
    detail: present({ deployment: id, eventType: text(detail, 'eventType') }),
  };
};

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
    detail: present({ eventName: name, cluster: text(detail, 'clusterArn') }),
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
    kind: taskKinds[status] ?? 'task.changed',
    subject,
    ...(version === null ? {} : { key: ['task', version, status, text(detail, 'desiredStatus')] }),
    occurredAt: instant(detail['updatedAt']) ?? instant(event.time),
    outcome: status.toLowerCase(),
    reason: text(detail, 'stoppedReason') ?? containerReason(event),
    detail: present({
      cluster: text(detail, 'clusterArn'),
      group: text(detail, 'group'),
      startedBy: text(detail, 'startedBy'),
      desired: text(detail, 'desiredStatus'),
      stopCode: text(detail, 'stopCode'),
      taskDefinition: text(detail, 'taskDefinitionArn'),
      version,
    }),
  };
};

const containerReason = ({ detail }: Envelope): string | null =>
  list(detail, 'containers')
    .map((container) => text(container, 'reason'))
    .find((reason) => reason !== null) ?? null;

const containerInstance = (event: Envelope): Fact | null => {
  const { detail } = event;
  const subject = text(detail, 'containerInstanceArn') ?? firstArn(event, 'ecs');
  if (subject === null) return null;
  return {
    kind: 'container-instance.changed',
    subject,
    occurredAt: instant(detail['updatedAt']) ?? instant(event.time),
    outcome: text(detail, 'status')?.toLowerCase() ?? null,
    reason: text(detail, 'statusReason'),
    detail: present({ cluster: text(detail, 'clusterArn'), instance: text(detail, 'ec2InstanceId') }),
  };
};
