import { type AutoScalingClient, StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { refreshReading, type RefreshInstances } from '../../shared/ladder/actions/refresh-instances.ts';
import { readRefreshes } from '../support/instance-refreshes.ts';
import type { Action } from './actions.ts';
import { refused, result } from './answers.ts';

/** What says that another refresh, or something else of the group, is under way; the SDK and AWS name it differently. */
const busy = [
  'InstanceRefreshInProgress',
  'InstanceRefreshInProgressFault',
  'ResourceContention',
  'ResourceContentionFault',
  'ScalingActivityInProgress',
];

/** StartInstanceRefresh. No token: called once, and read back by a refresh that was not there before. */
export const createRefreshInstances = (client: AutoScalingClient): Action<RefreshInstances> => ({
  start: async (_service, { group }) => {
    try {
      const { InstanceRefreshId: operation } = await client.send(
        new StartInstanceRefreshCommand({ AutoScalingGroupName: group }),
      );
      return result('started', `StartInstanceRefresh of ${group}`, operation === undefined ? {} : { operation });
    } catch (error) {
      return refused(error, busy);
    }
  },
  readBack: async (_service, { group }, claim) => {
    const before = refreshReading(claim.target)?.newest?.id ?? null;
    const { newest } = await readRefreshes(client, group);
    return newest === null || newest.id === before
      ? result('not-started', `no instance refresh of ${group} was started`)
      : result('started', `instance refresh ${newest.id} was started since`, { operation: newest.id });
  },
});
