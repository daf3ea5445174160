import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { ReplaceInstances } from '../../shared/ladder/intents.ts';

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

/** A replacement is done when the group serves again and none of the instances given up is among those serving. */
export const readReplacement = async (client: AutoScalingClient, intent: ReplaceInstances, given: string[]) => {
  const serving = await readInstances(client, intent.group);
  if (serving === null) return null;
  const replaced = serving.length > 0 && !given.some((instance) => serving.includes(instance));
  return replaced
    ? { status: 'done' as const, reason: `${serving.join(', ')} in service` }
    : { status: 'running' as const, reason: 'no new instance is in service yet' };
};
