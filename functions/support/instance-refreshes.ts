import {
  type AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import type { RefreshReading } from '../../shared/ladder/actions/refresh-instances.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';
import { seen, seenOf } from './seen.ts';
import { readInstances } from './instances.ts';

/** What is seen of an Auto Scaling group whose instances an act refreshes. */
export const refreshBefore =
  (client: AutoScalingClient): Eye<Extract<Intent, { action: 'refresh-instances' }>>['before'] =>
  async (_ladder, { group }) => ({
    target: await seen(() => readRefreshes(client, group)),
    instances: await readInstances(client, group),
  });

/** What became of the act. */
export const refreshAfter =
  (client: AutoScalingClient): Eye<Extract<Intent, { action: 'refresh-instances' }>>['after'] =>
  ({ intent, operation }) =>
    seenOf(operation, (id) => readRefresh(client, intent.group, id));

export const readRefreshes = async (client: AutoScalingClient, group: string): Promise<RefreshReading> => {
  const [newest] = await describe(client, group);
  return {
    of: 'instance-refresh',
    newest: newest === undefined ? null : { id: newest.InstanceRefreshId ?? '', status: newest.Status ?? 'Pending' },
  };
};

/** Newest first. */
const describe = async (client: AutoScalingClient, group: string, ids?: string[]): Promise<InstanceRefresh[]> => {
  const asked = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, InstanceRefreshIds: ids });
  const { InstanceRefreshes = [] } = await client.send(asked);
  return InstanceRefreshes.toSorted((a, b) => Number(b.StartTime ?? 0) - Number(a.StartTime ?? 0));
};

const ends = ['Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed'];

const readRefresh = async (client: AutoScalingClient, group: string, id: string): Promise<OutcomeReading> => {
  const [refresh] = await describe(client, group, [id]);
  const status = refresh?.Status ?? 'MISSING';
  const reason = `instance refresh ${id} is ${status}, ${refresh?.PercentageComplete ?? 0} % done`;
  if (status === 'Successful') return { status: 'done', reason };
  if (!ends.includes(status) && status !== 'MISSING') return { status: 'running', reason };
  return { status: 'failed', reason: `${reason}: ${refresh?.StatusReason ?? 'Auto Scaling says no reason'}` };
};
