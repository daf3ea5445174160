import { type AutoScalingClient, SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import type { ReplaceInstances } from '../../shared/ladder/intents.ts';
import { readInstances } from '../support/instances.ts';
import type { Action } from './actions.ts';
import { result } from './answers.ts';

/**
 * Gives up the instances of an Auto Scaling group, which then launches new ones. Contract `natural`: marking an
 * instance unhealthy twice is harmless, so an act whose result was lost is simply seen through.
 */
export const createReplaceInstances = (client: AutoScalingClient): Action<ReplaceInstances> => ({
  start: async (_service, intent, readings) => {
    const instances = intent.targets ?? readings.instances ?? [];
    if (instances.length === 0) return result('refused', `${intent.group} has no instance to replace`);
    for (const InstanceId of instances) {
      await client.send(
        new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy', ShouldRespectGracePeriod: false }),
      );
    }
    return result('started', `${instances.join(', ')} given up`, { instances });
  },
  readBack: async (_service, intent, claim) => {
    const given = intent.targets ?? claim.instances;
    const serving = await readInstances(client, intent.group);
    if (serving === null) return result('unknown', `the instances of ${intent.group} cannot be read`);
    const gone = given.filter((instance) => !serving.includes(instance));
    // Of some that fail by their names, those that are gone were given up; what still fails is for the next attempt.
    const isStarted = intent.targets === undefined ? gone.length === given.length : gone.length > 0;
    return isStarted
      ? result('started', `${gone.join(', ')} gone`, { instances: gone })
      : result('not-started', 'the instances are still in service');
  },
});
