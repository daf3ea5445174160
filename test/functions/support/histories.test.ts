import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAlarmHistory } from '../../../functions/support/alarm-history.ts';
import { createDeploymentHistory } from '../../../functions/support/deployment-history.ts';
import { paced } from '../../../functions/support/pace.ts';
import { readPast } from '../../../functions/support/past.ts';
import { readAlarm } from '../../../local/service/alarm-input.ts';
import { createAlarms } from '../../../local/service/alarms.ts';
import { monitoringOperations } from '../../../local/service/monitoring.ts';
import { openStore } from '../../../local/store.ts';
import type { EmittedEvent } from '../../../local/world.ts';
import { alarmEvent, type AlarmItem } from '../../../shared/reconcile/alarm-history.ts';
import { deploymentEvents } from '../../../shared/reconcile/deployments.ts';
import { account, region, temporary } from '../../local/endpoint/harness.ts';
import { pace as paceOf, startRecorder } from '../../local/recorder/harness.ts';
import { factOf, groupsOf } from '../../shared/event/harness.ts';

const atOnce = () => paced(() => Promise.resolve(), 0);
const place = { account, region };
const begin = Date.parse('2026-11-21T12:00:00.000Z');
const iso = (ms: number): string => new Date(begin + ms).toISOString();
const minute = 60_000;

/** Alarms behind the endpoint, with a clock that is moved by hand. */
const startAlarms = async () => {
  const here = temporary();
  let clock = begin;
  const events: EmittedEvent[] = [];
  const now = () => new Date(clock);
  const store = openStore({ dataDir: here.dataDir, account, region, now, newId: randomUUID, log: () => undefined });
  store.pump(async (event) => void events.push(event));
  const alarms = createAlarms(store.world, store.transaction);
  const endpoint = await here.start({ monitoring: monitoringOperations(alarms, store.world) });
  const metric = { Namespace: 'Shop', MetricName: 'Healthy', Statistic: 'Minimum', Period: 60, EvaluationPeriods: 1 };
  for (const AlarmName of ['shop-smoke', 'other'])
    alarms.put(readAlarm({ AlarmName, ...metric, Threshold: 1, ComparisonOperator: 'LessThanThreshold' }));
  return {
    client: new CloudWatchClient(endpoint.config),
    events,
    set: (name: string, value: 'OK' | 'ALARM', afterMs: number) => {
      clock = begin + afterMs;
      alarms.setState(name, { value, reason: `it is ${value}`, reasonData: '{"version":"1.0"}' });
    },
    stop: async () => {
      await endpoint.close();
      await store.close();
      here.remove();
    },
  };
};

describe('the history of an alarm', () => {
  it('comes over the wire oldest first, of the time that is asked for, and is what its events told', async () => {
    const world = await startAlarms();
    try {
      for (let n = 1; n <= 130; n += 1) world.set('shop-smoke', n % 2 === 0 ? 'ALARM' : 'OK', n * minute);
      world.set('other', 'OK', 131 * minute);
      const history = createAlarmHistory(world.client, atOnce());
      const pages: AlarmItem[][] = [];
      for await (const page of history.changes('shop-smoke', iso(0), iso(129 * minute))) pages.push(page);
      expect(pages.map(({ length }) => length)).toEqual([100, 29]);
      expect(pages[0]?.[0]).toMatchObject({ at: iso(minute), was: 'INSUFFICIENT_DATA', value: 'OK' });
      const read = pages.flat().map((item) => factOf(alarmEvent(item, place).event, place));
      const told = world.events
        .filter(({ detailType, detail }) => detailType.endsWith('State Change') && detail['alarmName'] === 'shop-smoke')
        .flatMap(({ source, detailType, detail, resources }) =>
          groupsOf({ ...place, source, 'detail-type': detailType, detail, resources: resources ?? [] }, place),
        );
      expect(read.map(({ key }) => key)).toEqual(told.slice(0, 129).map(({ key }) => key));
      expect(read.map(({ detail }) => detail['value'])).toEqual(
        told.slice(0, 129).map(({ entries }) => entries[0]?.detail['value']),
      );
    } finally {
      await world.stop();
    }
  });

  it('says when alarms passed within a time, also where nothing changed in it', async () => {
    const world = await startAlarms();
    try {
      world.set('shop-smoke', 'OK', minute);
      world.set('other', 'OK', minute);
      world.set('shop-smoke', 'ALARM', 5 * minute);
      world.set('shop-smoke', 'OK', 8 * minute);
      const span = { from: iso(2 * minute), until: iso(10 * minute) };
      expect(await readPast(world.client, ['shop-smoke', 'other'], span)).toEqual({
        ...span,
        passed: {
          'shop-smoke': [
            { from: iso(2 * minute), until: iso(5 * minute) },
            { from: iso(8 * minute), until: iso(10 * minute) },
          ],
          other: [span],
        },
      });
    } finally {
      await world.stop();
    }
  });
});

describe('the deployments of a group', () => {
  it('are those that were created in a time, with how they ended', async () => {
    const recorder = await startRecorder({ fails: ['broken.zip'] });
    try {
      const group = { applicationName: 'shop', deploymentGroupName: 'blue' };
      await recorder.codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }));
      await recorder.codedeploy.send(new CreateDeploymentGroupCommand({ ...group, serviceRoleArn: 'arn:x' }));
      const ids: string[] = [];
      for (const key of ['good.zip', 'broken.zip']) {
        const revision = { revisionType: 'S3' as const, s3Location: { bucket: 'b', key, bundleType: 'zip' as const } };
        ids.push(
          (await recorder.codedeploy.send(new CreateDeploymentCommand({ ...group, revision }))).deploymentId ?? '',
        );
        recorder.pass(60 * minute);
      }
      const history = createDeploymentHistory(recorder.codedeploy, atOnce());
      const later = recorder.now().toISOString();
      const between = new Date(recorder.now().getTime() - 90 * minute).toISOString();
      expect(await history.created('shop', 'blue', between, later)).toEqual([ids[1]]);
      expect(await history.created('shop', 'none', between, later)).toBeNull();
      expect(await history.created('none', 'blue', between, later)).toBeNull();
      const deployment = await history.deployment(ids[1] ?? '');
      expect(deployment).toMatchObject({ application: 'shop', group: 'blue', status: 'Failed' });
      expect(Date.parse(deployment?.completedAt ?? '') - Date.parse(deployment?.createdAt ?? '')).toBe(3 * paceOf);
      const facts = deployment === null ? [] : deploymentEvents(deployment, place).map(({ event }) => factOf(event));
      expect(facts.map(({ kind, reason }) => [kind, reason])).toEqual([
        ['deployment.started', null],
        ['deployment.failed', 'HEALTH_CONSTRAINTS: Too few healthy instances.'],
      ]);
      expect(await history.deployment('d-000000000')).toBeNull();
    } finally {
      await recorder.stop();
    }
  });
});
