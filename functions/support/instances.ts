import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { ReplaceInstances } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';

/** Ids of the instances in service and healthy by the group's own account; null when it does not answer. */
export const readInstances = async (client: AutoScalingClient, group: string): Promise<string[] | null> => {
  try {
    const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
    const instances = answer.AutoScalingGroups?.[0]?.Instances ?? [];
    return instances
      .filter(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy')
      .flatMap(({ InstanceId }) => InstanceId ?? []);
  } catch {
    return null;
  }
};

/** What is seen of a group whose instances are to be replaced. */
export const instanceEye = (client: AutoScalingClient): Eye<ReplaceInstances> => ({
  before: async (_service, { group }) => ({ instances: await readInstances(client, group) }),
  after: ({ intent, instances }) => readReplacement(client, intent, instances),
});

/** A replacement is done when the group serves again and none of the instances given up is among those serving. */
const readReplacement = async (
  client: AutoScalingClient,
  intent: ReplaceInstances,
  given: string[],
): Promise<OutcomeReading | null> => {
  const serving = await readInstances(client, intent.group);
  if (serving === null) return null;
  const replaced = serving.length > 0 && !given.some((instance) => serving.includes(instance));
  return replaced
    ? { status: 'done', reason: `${serving.join(', ')} in service` }
    : { status: 'running', reason: 'no new instance is in service yet' };
};
