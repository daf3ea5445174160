import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { temporary, type Running } from '../endpoint/harness.ts';
import { type Machine, startMachine } from './harness.ts';

const place = temporary();
let machine: Machine;
let endpoint: Running;
let client: AutoScalingClient;
/** while this file is there a new node comes up */
const up = join(place.dataDir, 'up');
const server = `
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
const begin = () => existsSync(${JSON.stringify(up)})
  ? createServer((_request, response) => response.end('{}')).listen(Number(process.env.PORT), '127.0.0.1')
  : setTimeout(begin, 20);
begin();
`;
beforeAll(async () => {
  machine = await startMachine();
  writeFileSync(up, '');
  await machine.services.providers.EscalatorDeploy(machine.job({ 'server.js': server }));
  endpoint = await place.start({ autoscaling: machine.services.operations.autoscaling });
  client = new AutoScalingClient(endpoint.config);
});
afterAll(async () => {
  await endpoint.close();
  place.remove();
  await machine.stop();
});

const start = (AutoScalingGroupName = 'shop-asg') =>
  client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName }));
const refreshes = async () =>
  (await client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'shop-asg' }))).InstanceRefreshes ??
  [];

it('replaces the instances of a group; one at a time, and over when the new one serves', async () => {
  rmSync(up);
  const { InstanceRefreshId: id } = await start();
  expect(await refreshes()).toMatchObject([
    { InstanceRefreshId: id, Status: 'InProgress', PercentageComplete: 0, InstancesToUpdate: 1 },
  ]);
  await expect(start()).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
  writeFileSync(up, '');
  await vi.waitUntil(async () => (await refreshes())[0]?.Status === 'Successful', { timeout: 10_000 });
  expect(await refreshes()).toMatchObject([{ PercentageComplete: 100, EndTime: expect.any(Date) }]);
});

it('of a group that is not there is refused', async () => {
  await expect(start('none')).rejects.toMatchObject({ name: 'ValidationError' });
});
