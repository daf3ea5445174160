import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handlerFor } from '../../functions/send-alert/handler.ts';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { logTo } from '../../functions/support/log.ts';
import type { Json } from '../../shared/trail/entry.ts';
import { draftOf } from '../harness/drafts.ts';
import { batchOf, laneOf, wired, type Wired } from './wired.ts';
import { alertOf } from '../harness/alert.ts';

let there: Wired;
beforeAll(async () => {
  logTo(() => {});
  there = await wired();
}, 120_000);
afterAll(() => there.remove(), 60_000);

const alert: Json = { ...alertOf({ severity: 'page', next: 'a person decides' }), change: null };

it('a deleted topic: the alert comes back until there is one again, and is then sent once', async () => {
  const { environment, place } = there;
  const trail = createTrail(environment);
  const raised = draftOf({ kind: 'alert.raised', environment: 'production', service: 'shop', detail: { alert } });
  const [recorded] = await trail.append([{ key: 'ladder/production/shop#5', entries: [raised] }]);
  const batch = batchOf([JSON.stringify(recorded?.place)]);
  const sns = new SNSClient(place.config);
  const sqs = new SQSClient(clientConfig(environment));
  const asked = new GetQueueAttributesCommand({ QueueUrl: environment.terminal, AttributeNames: ['All'] });
  const terminal = (await sqs.send(asked)).Attributes;
  const send = handlerFor(environment);

  await sns.send(new DeleteTopicCommand({ TopicArn: environment.topics['sre'] }));
  for (let receive = 0; receive < 6; receive += 1) expect((await send(batch)).batchItemFailures).toHaveLength(1);
  expect((await laneOf(environment)).filter(({ kind }) => kind === 'alert.sent')).toEqual([]);

  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `${place.prefix}-sre` }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: terminal?.QueueArn }));
  expect((await send(batch)).batchItemFailures).toEqual([]);
  expect((await send(batch)).batchItemFailures).toEqual([]);
  expect((await laneOf(environment)).filter(({ kind }) => kind === 'alert.sent')).toHaveLength(1);
  expect((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages).toBe('1');
});
