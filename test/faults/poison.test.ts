import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { createDeadLetters } from '../../functions/support/dead-letters.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { keyedDigest } from '../../functions/support/keyed-digest.ts';
import { logTo } from '../../functions/support/log.ts';
import { perBatch } from '../../functions/support/per-batch.ts';
import { createObjects } from '../../functions/support/s3-objects.ts';
import { createQueue } from '../../functions/support/sqs-queue.ts';
import { recordChange } from '../../functions/record-change/record-change.ts';
import { runQueue } from '../../local/runtime/run-queue.ts';
import { nowhere } from '../../shared/event/locate.ts';
import { queueSettings } from '../../shared/queues.ts';
import type { Trail } from '../../shared/ports.ts';
import { impatient } from './impatient.ts';
import { laneOf, namesIn, pushed, wired, type Wired } from './wired.ts';

let there: Wired;
beforeAll(async () => {
  logTo(() => {});
  there = await wired();
}, 120_000);
afterAll(() => there.remove(), 60_000);

it('a poison message in a batch of ten: nine are recorded once, the one is dead-lettered after five tries, and redriven after the fix', async () => {
  const { environment } = there;
  const trail = createTrail(environment);
  let isMended = false;
  const tries = new Map<string, number>();
  const append: Trail['append'] = async (groups) => {
    for (const { entries } of groups) {
      const name = JSON.stringify(entries[0]?.detail['repository'] ?? '').slice(1, -1);
      tries.set(name, (tries.get(name) ?? 0) + 1);
      if (name === 'poison' && !isMended) throw new TypeError('a fault of ours that only this message meets');
    }
    return trail.append(groups);
  };
  const context = {
    account: environment.account,
    region: environment.region,
    locate: nowhere,
    digest: keyedDigest(environment.digestKeyFile),
    identitiesVerified: false,
  };
  const handler = perBatch(
    'record-change',
    recordChange({ trail: { append }, objects: createObjects(environment), context, trouble: () => {} }),
  );
  const sqs = new SQSClient(clientConfig(environment));
  const dead = environment.queues.urgent.replace('escalator-urgent', 'escalator-urgent-dead');
  const waiting = async (QueueUrl: string): Promise<string | undefined> => {
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
    return (await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages;
  };

  const good = Array.from({ length: 9 }, (_, n) => `good-${n}`);
  const queue = createQueue<unknown>(environment, 'urgent');
  for (const name of [...good.slice(0, 4), 'poison', ...good.slice(4)]) await queue.send(JSON.parse(pushed(name)));
  const running = runQueue({
    client: impatient(new SQSClient(clientConfig(environment))),
    url: environment.queues.urgent,
    handler,
    region: environment.region,
    log: () => {},
  });
  try {
    await vi.waitFor(async () => expect(await waiting(dead)).toBe('1'), 60_000);
    expect(namesIn(await laneOf(environment)).toSorted()).toEqual(good);
    // Each receive tries it in its batch, and where that failed and was not of one, alone.
    expect(tries.get('poison')).toBeGreaterThanOrEqual(queueSettings.urgent.receives);
    isMended = true;
    expect(await createDeadLetters(environment).move('urgent', 10)).toBe(1);
    await vi.waitFor(async () => expect(namesIn(await laneOf(environment))).toContain('poison'), 30_000);
  } finally {
    await running.stop();
  }
  expect(namesIn(await laneOf(environment)).toSorted()).toEqual([...good, 'poison']);
  expect([await waiting(dead), await waiting(environment.queues.urgent)]).toEqual(['0', '0']);
}, 120_000);
