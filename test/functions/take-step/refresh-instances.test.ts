import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { refreshAfter, refreshBefore } from '../../../functions/support/instance-refreshes.ts';
import { createRefreshInstances } from '../../../functions/take-step/refresh-instances.ts';
import { refreshInstances, type RefreshInstances } from '../../../shared/ladder/actions/refresh-instances.ts';
import type { TargetReading } from '../../../shared/ladder/intents.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { nothingKnown, shop } from '../../harness/ladder.ts';
import { startFleet } from '../../local/service/fleet.ts';

const now = '2026-11-21T12:00:00.000Z';
const intent: RefreshInstances = {
  action: 'refresh-instances',
  actKey: 'production/shop#4.1',
  level: 'node',
  target: 'shop-asg',
  group: 'shop-asg',
  deadline: '2026-11-21T13:00:00.000Z',
};

let fleet: Awaited<ReturnType<typeof startFleet>>;
let client: AutoScalingClient;
beforeAll(async () => {
  fleet = await startFleet();
  client = new AutoScalingClient(fleet.config);
});
afterAll(() => fleet.stop());

const look = async (of = intent): Promise<ActReadings> => {
  const seen = await refreshBefore(client)(shop(), of, null);
  return { released: true, alarms: {}, readAt: now, traffic: null, instances: null, ...seen };
};
const claimOn = (target: TargetReading | null | undefined) => ({
  holder: 'me',
  attempt: '1',
  instances: [],
  at: now,
  ...(target && { target }),
});

it('replaces the instances once; a lost answer is found by the refresh that is new', async () => {
  const hand = createRefreshInstances(client);
  const before = await look();
  expect(refreshInstances.mayAct(intent, before, nothingKnown)).toEqual({ may: 'act' });
  expect(await hand.readBack(shop(), intent, claimOn(before.target))).toMatchObject({ outcome: 'not-started' });

  fleet.keepDown();
  const result = await hand.start(shop(), intent, before);
  expect(result).toMatchObject({ outcome: 'started', operation: expect.any(String) });
  const found = await hand.readBack(shop(), intent, claimOn(before.target));
  expect(found).toMatchObject({ outcome: 'started', operation: result.operation });
  expect(await hand.start(shop(), intent, before)).toMatchObject({ outcome: 'deferred' });
  expect(refreshInstances.mayAct(intent, await look(), nothingKnown)).toMatchObject({ may: 'wait' });

  const step = {
    intent,
    claim: claimOn(before.target),
    execution: null,
    instances: [],
    operation: result.operation ?? '',
  };
  expect(await refreshAfter(client)(step)).toMatchObject({ status: 'running' });
  fleet.letUp();
  await vi.waitUntil(async () => (await refreshAfter(client)(step))?.status === 'done', { timeout: 10_000 });
  expect(refreshInstances.mayAct(intent, await look(), nothingKnown)).toEqual({ may: 'act' });
});

it('sees that a group is not there', async () => {
  const { target, instances } = await look({ ...intent, group: 'none' });
  expect([target?.of, instances]).toEqual(['nothing', []]);
});
