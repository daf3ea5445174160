import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { instanceAfter, readInstances } from '../../../functions/support/instances.ts';
import { createReplaceInstances } from '../../../functions/take-step/replace-instances.ts';
import type { ReplaceInstances } from '../../../shared/ladder/intents.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { shop } from '../../harness/ladder.ts';
import { startFleet } from '../../local/service/fleet.ts';

const now = '2026-11-21T12:00:00.000Z';
const intent: ReplaceInstances = {
  action: 'replace-instances',
  actKey: 'production/shop#4.1',
  level: 'node',
  target: 'shop-asg',
  group: 'shop-asg',
  deadline: '2026-11-21T13:00:00.000Z',
};

let fleet: Awaited<ReturnType<typeof startFleet>>;
let client: AutoScalingClient;
beforeAll(async () => {
  fleet = await startFleet(3);
  client = new AutoScalingClient(fleet.config);
});
afterAll(() => fleet.stop());

const serving = async (): Promise<string[]> => (await readInstances(client, 'shop-asg')) ?? [];
const readingsOf = (instances: string[]): ActReadings => ({
  released: true,
  alarms: {},
  readAt: now,
  traffic: null,
  instances,
});

it('gives up what the intent names and nothing else; it is done when the group has as many as it wants, and says what came', async () => {
  const before = await serving();
  const [given = '', ...others] = before;
  const hand = createReplaceInstances(client);
  const aimed = { ...intent, targets: [given] };
  const claim = { holder: 'me', attempt: '1', instances: before, at: now };
  expect(await hand.readBack(shop(), aimed, claim)).toMatchObject({ outcome: 'not-started' });

  fleet.keepDown();
  expect(await hand.start(shop(), aimed, readingsOf(before))).toEqual({
    outcome: 'started',
    reason: `${given} given up`,
    execution: null,
    instances: [given],
  });
  expect(await hand.readBack(shop(), aimed, claim)).toMatchObject({ outcome: 'started', instances: [given] });
  const after = () => instanceAfter(client)({ intent: aimed, claim, execution: null, instances: [given] });
  await vi.waitFor(async () => expect(await serving()).toEqual(others));
  expect(await after()).toMatchObject({ status: 'running' });

  fleet.letUp();
  const done = await vi.waitUntil(async () => (await after())?.status === 'done' && after(), { timeout: 10_000 });
  const came = (await serving()).filter((instance) => !before.includes(instance));
  expect(came).toHaveLength(1);
  expect(done).toEqual({ status: 'done', reason: `${came[0]} in service for ${given}`, became: came });
  expect(await serving()).toEqual(expect.arrayContaining(others));
});

it('whose caller died in the middle gave up what is gone; the rest is for the next attempt', async () => {
  const [still = ''] = await serving();
  const aimed = { ...intent, targets: ['i-gone', still] };
  const claim = { holder: 'me', attempt: '1', instances: aimed.targets, at: now };
  const found = await createReplaceInstances(client).readBack(shop(), aimed, claim);
  expect(found).toMatchObject({ outcome: 'started', instances: ['i-gone'] });
});

it('gives up all where the intent names none', async () => {
  const before = await serving();
  const result = await createReplaceInstances(client).start(shop(), intent, readingsOf(before));
  expect(result).toMatchObject({ outcome: 'started', instances: before });
  await vi.waitUntil(async () => (await serving()).length === 3, { timeout: 10_000 });
  expect((await serving()).filter((instance) => before.includes(instance))).toEqual([]);
});
