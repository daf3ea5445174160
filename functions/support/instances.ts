import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { ReplaceInstances } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';

/** Ids of the instances in service and healthy by the group's own account; null when it does not answer. */
export const readInstances = async (client: AutoScalingClient, group: string): Promise<string[] | null> =>
  (await readGroup(client, group))?.serving ?? null;

/** @returns `desired` is how many instances the group wants */
const readGroup = async (
  client: AutoScalingClient,
  name: string,
): Promise<{ serving: string[]; desired: number } | null> => {
  try {
    const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    const group = answer.AutoScalingGroups?.[0];
    const serving = (group?.Instances ?? [])
      .filter(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy')
      .flatMap(({ InstanceId }) => InstanceId ?? []);
    return { serving, desired: group?.DesiredCapacity ?? serving.length };
  } catch {
    return null;
  }
};

/** What is seen of a group whose instances are to be replaced. */
export const instanceBefore =
  (client: AutoScalingClient): Eye<ReplaceInstances>['before'] =>
  async (_service, { group }) => ({ instances: await readInstances(client, group) });

/** What became of the act. */
export const instanceAfter =
  (client: AutoScalingClient): Eye<ReplaceInstances>['after'] =>
  ({ intent, instances, claim }) =>
    readReplacement(client, intent, instances, claim?.instances ?? []);

/**
 * A replacement is done when the group serves again and none of the instances given up is among those serving. Of a group
 * that goes on serving meanwhile, when it has as many as it wants.
 */
const readReplacement = async (
  client: AutoScalingClient,
  intent: ReplaceInstances,
  given: string[],
  before: string[],
): Promise<OutcomeReading | null> => {
  const group = await readGroup(client, intent.group);
  if (group === null) return null;
  const { serving, desired } = group;
  const enough = intent.targets === undefined ? serving.length > 0 : serving.length >= desired;
  if (!enough || given.some((instance) => serving.includes(instance)))
    return { status: 'running', reason: 'no new instance is in service yet' };
  if (intent.targets === undefined) return { status: 'done', reason: `${serving.join(', ')} in service` };
  const became = serving.filter((instance) => !before.includes(instance));
  return { status: 'done', reason: `${became.join(', ') || 'nothing new'} in service for ${given.join(', ')}`, became };
};
