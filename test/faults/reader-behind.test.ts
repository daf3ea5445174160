import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { handlerFor as react } from '../../functions/react/handler.ts';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { createCursors } from '../../functions/support/dynamo-cursors.ts';
import { createRows } from '../../functions/support/dynamo-rows.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { logTo } from '../../functions/support/log.ts';
import { readers } from '../../shared/trail/readers.ts';
import { groupOf } from '../harness/drafts.ts';
import { batchOf, laneOf, wired, type Wired } from './wired.ts';

let there: Wired;
beforeAll(async () => {
  logTo(() => {});
  there = await wired();
}, 120_000);
afterAll(() => there.remove(), 60_000);

const dayMs = 86_400_000;
/** An entry every four minutes of the day. */
const entries = 360;
const apartMs = dayMs / entries;

const failing = (time: string): string =>
  JSON.stringify({
    version: '0',
    id: '00000000-0000-4000-8000-000000000001',
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account: '000000000000',
    region: 'us-east-1',
    time,
    resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-smoke'],
    detail: {
      alarmName: 'shop-smoke',
      state: { value: 'ALARM', reason: 'r', timestamp: time.replace('Z', '.000+0000') },
      previousState: { value: 'OK', reason: 'r', timestamp: time.replace('Z', '.000+0000') },
    },
  });

it('readers a day behind, two of each at once: each entry is in the index once, and nothing a day old is acted on', async () => {
  const { environment } = there;
  const began = Date.now() - dayMs;
  let written = 0;
  const now = (): Date => new Date(began + written * apartMs);
  const trail = createTrail(environment, { now });
  const then = now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  await recordChange(environment, { now })(batchOf([failing(then)]));
  for (; written < entries; written += 1) await trail.append([groupOf(`entry#${written}`)]);

  await Promise.all([indexTrail(environment)(), indexTrail(environment)()]);
  const answers = (await createRows(environment).newest('kind:test', 5_000)).flatMap(
    ({ body }) => body['seqs'] as number[],
  );
  expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: entries }, (_, n) => n + 1));

  await Promise.all([react(environment).follow(), react(environment).follow()]);
  const lane = await laneOf(environment);
  expect(await createCursors(environment).get(readers.react)).toBeGreaterThan(entries);
  expect(lane.filter(({ kind }) => kind === 'alarm.changed')).toHaveLength(1);
  expect(lane.filter(({ kind }) => kind.startsWith('step.'))).toEqual([]);
  const asked = { QueueUrl: environment.queues.acts, AttributeNames: ['ApproximateNumberOfMessages' as const] };
  const acts = await new SQSClient(clientConfig(environment)).send(new GetQueueAttributesCommand(asked));
  expect(acts.Attributes?.ApproximateNumberOfMessages).toBe('0');
}, 240_000);
