import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startFleet } from './fleet.ts';

let fleet: Awaited<ReturnType<typeof startFleet>>;
let client: AutoScalingClient;
beforeAll(async () => {
  fleet = await startFleet();
  client = new AutoScalingClient(fleet.config);
});
afterAll(() => fleet.stop());

const start = (AutoScalingGroupName = 'shop-asg') =>
  client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName }));
const refreshes = async () =>
  (await client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'shop-asg' }))).InstanceRefreshes ??
  [];

it('replaces the instances of a group; one at a time, and over when the new one serves', async () => {
  fleet.keepDown();
  const { InstanceRefreshId: id } = await start();
  expect(await refreshes()).toMatchObject([
    { InstanceRefreshId: id, Status: 'InProgress', PercentageComplete: 0, InstancesToUpdate: 1 },
  ]);
  await expect(start()).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
  fleet.letUp();
  await vi.waitUntil(async () => (await refreshes())[0]?.Status === 'Successful', { timeout: 10_000 });
  expect(await refreshes()).toMatchObject([{ PercentageComplete: 100, EndTime: expect.any(Date) }]);
});

it('of a group that is not there is refused', async () => {
  await expect(start('none')).rejects.toMatchObject({ name: 'ValidationError' });
});
