import type { Actor } from '../../trail/entry.ts';
import { serviceActor } from '../actor.ts';
import { arnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { list, present, text } from '../fields.ts';
import { readJson } from '../json.ts';
import type { Kind } from '../kinds.ts';

const outcomes = {
  START: 'started',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  STOP: 'stopped',
  READY: 'ready',
} as const;

type State = keyof typeof outcomes;

/** CodeDeploy User Guide, "Monitoring deployments with EventBridge": `source` is `aws.codedeploy`. */
export const codedeploy: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'CodeDeploy Deployment State-change Notification':
      return stateChange(event, context, 'deployment');
    case 'CodeDeploy Instance State-change Notification':
      return stateChange(event, context, 'deployment-instance');
    case 'CodeDeploy Lifecycle Hook':
      return hook(event, context);
    default:
      return null;
  }
};

const isState = (state: string): state is State => Object.hasOwn(outcomes, state);

/**
 * What was deployed and who asked for it nothing says, and why it failed only a trigger's message: the action of the
 * pipeline and the calls do, joined by the deployment's id. A rollback is a deployment of its own.
 */
const stateChange = (event: Envelope, context: Context, level: 'deployment' | 'deployment-instance'): Fact | null => {
  const { detail } = event;
  const [state, deployment] = [text(detail, 'state') ?? '', text(detail, 'deploymentId')];
  if (deployment === null || !isState(state)) return null;
  const outcome = outcomes[state];
  const kind: Kind = `${level}.${outcome}`;
  const instance = level === 'deployment' ? null : (text(detail, 'instanceId') ?? '-');
  return {
    kind,
    subject: groupArn(event, context),
    key: [deployment, ...(instance === null ? [] : [instance]), outcome],
    actor: doerOf(kind),
    outcome,
    reason: outcome === 'failed' ? failureOf(event) : null,
    detail: present({
      application: text(detail, 'application'),
      group: text(detail, 'deploymentGroup'),
      deployment,
      instance,
      instanceGroup: text(detail, 'instanceGroupId'),
    }),
  };
};

/** Somebody asks for a deployment and for its stop; what comes of it is the service's. */
const doerOf = (kind: Kind): Actor =>
  kind === 'deployment.started' || kind === 'deployment.stopped'
    ? { type: 'unknown' }
    : serviceActor('codedeploy.amazonaws.com');

/** The error of the deployment, as an object or as its JSON; of an instance the first step that failed. */
const failureOf = ({ detail }: Envelope): string | null => {
  const said = detail['errorInformation'];
  const read = typeof said === 'string' ? readJson(said) : { value: said };
  const error = 'value' in read ? read.value : undefined;
  const words = [text(error, 'ErrorCode'), text(error, 'ErrorMessage')].filter((word) => word !== null);
  const steps = list(detail, 'lifecycleEvents').filter((step) => text(step, 'LifecycleEventStatus') === 'Failed');
  const step = text(steps[0], 'LifecycleEvent');
  return words.length > 0 ? words.join(': ') : step === null ? null : `${step} failed`;
};

/** The event's resources come in any order: application, deployment group, and the instance, where it is about one. */
const groupArn = (event: Envelope, context: Context): string => {
  const said = event.resources.find((resource) => /^arn:[^:]*:codedeploy:[^:]*:[^:]*:deploymentgroup:/.test(resource));
  const [application, group] = ['application', 'deploymentGroup'].map((key) => text(event.detail, key) ?? '-');
  const here = { ...event, region: text(event.detail, 'region') ?? event.region };
  const name = application === '-' ? `deployment:${text(event.detail, 'deploymentId')}` : null; // a trigger says no more
  return said ?? arnOf(here, 'codedeploy', name ?? `deploymentgroup:${application}/${group}`, context);
};

/** A deployment calls a function and waits for its answer. It names nothing but itself. */
const hook = (event: Envelope, context: Context): Fact | null => {
  const deployment = text(event.detail, 'DeploymentId');
  const execution = text(event.detail, 'LifecycleEventHookExecutionId');
  if (deployment === null || execution === null) return null;
  return {
    kind: 'deployment-hook.called',
    subject: arnOf(event, 'codedeploy', `deployment:${deployment}`, context),
    key: ['hook', execution],
    outcome: 'called',
    detail: { deployment },
  };
};
