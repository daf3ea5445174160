import { arnOf } from '../arn.ts';
import type { Normaliser } from '../fact.ts';
import { present, text } from '../fields.ts';
import type { Kind } from '../kinds.ts';

const outcomes = {
  START: 'started',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  STOP: 'stopped',
  READY: 'ready',
} as const;

const levels: { [detailType: string]: 'deployment' | 'deployment-instance' } = {
  'CodeDeploy Deployment State-change Notification': 'deployment',
  'CodeDeploy Instance State-change Notification': 'deployment-instance',
};

/** CodeDeploy User Guide, "Monitoring deployments with EventBridge": `source` is `aws.codedeploy`. */
export const codedeploy: Normaliser = (event, context) => {
  const { detail } = event;
  const level = levels[event.detailType];
  const state = text(detail, 'state') ?? '';
  const deployment = text(detail, 'deploymentId');
  if (level === undefined || deployment === null || !isState(state)) return null;
  const outcome = outcomes[state];
  const kind: Kind = `${level}.${outcome}`;
  const [application, group, instance] = ['application', 'deploymentGroup', 'instanceId'].map((key) =>
    text(detail, key),
  );
  return {
    kind,
    subject: arnOf(event, 'codedeploy', `deploymentgroup:${application ?? '-'}/${group ?? '-'}`, context),
    key: [deployment, ...(level === 'deployment' ? [] : [instance ?? null]), outcome],
    outcome,
    detail: present({ application, group, deployment, instance }),
  };
};

const isState = (state: string): state is keyof typeof outcomes => Object.hasOwn(outcomes, state);
