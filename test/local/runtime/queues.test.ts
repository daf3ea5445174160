import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { logTo } from '../../../functions/support/log.ts';
import { perBatch, type QueueHandler } from '../../../functions/support/per-batch.ts';
import { createQueue } from '../../../functions/support/sqs-queue.ts';
import { loadConfig } from '../../../local/load-config.ts';
import { createParameters } from '../../../local/endpoint/parameters.ts';
import { provision } from '../../../local/runtime/provision.ts';
import { runQueue } from '../../../local/runtime/run-queue.ts';
import { openStore } from '../../../local/store.ts';
import { createTopics, type Topics } from '../../../local/topics/topics.ts';
import { queueSettings } from '../../../shared/queues.ts';
import { account, region, type Running, temporary } from '../endpoint/harness.ts';

const place = temporary();
let endpoint: Running;
let store: ReturnType<typeof openStore>;
let topics: Topics;
let base: Environment;
let environment: Environment & { terminal: string };
let sqs: SQSClient;
const config = loadConfig('examples/shop/escalator.yaml');
const running: { stop: () => Promise<void> }[] = [];

beforeAll(async () => {
  logTo(() => {});
  const newId = () => crypto.randomUUID();
  store = openStore({ dataDir: place.dataDir, account, region, now: () => new Date(), newId, log: () => {} });
  const { world, transaction } = store;
  topics = createTopics({ world, transaction, toQueue: (...message) => endpoint.send(...message), origin: () => '' });
  endpoint = await place.start({ ssm: createParameters(world, transaction), sns: topics.operations });
  base = {
    ...environmentFrom({}),
    account,
    region,
    endpoint: endpoint.url,
    table: 'trail',
    bucket: 'details',
    killSwitch: '/escalator/acting',
  };
  environment = await provision(base, config);
  sqs = new SQSClient(clientConfig(base));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.stop()));
});
afterAll(async () => {
  await topics.stop();
  await endpoint.close();
  await store.close();
  place.remove();
});

const run = (url: string, handler: QueueHandler, { client = sqs, log = (_line: string): void => {} } = {}): void => {
  running.push(runQueue({ client, url, handler, region, log }));
};
const attributes = async (url: string): Promise<{ [name: string]: string }> =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes ?? {};

describe('provisioning', () => {
  it('makes each queue with its dead letters, as the settings say', async () => {
    for (const [name, { fifo, receives }] of Object.entries(queueSettings)) {
      const url = environment.queues[name as keyof typeof queueSettings];
      const { RedrivePolicy = '{}', FifoQueue } = await attributes(url);
      const redrive = JSON.parse(RedrivePolicy) as { maxReceiveCount: number; deadLetterTargetArn: string };
      expect(url).toContain(`escalator-${name}`);
      expect(redrive.maxReceiveCount).toBe(receives);
      expect(redrive.deadLetterTargetArn).toContain(`escalator-${name}-dead`);
      expect(FifoQueue === 'true').toBe(fifo);
    }
  });

  it('is the same when it is done again', async () => {
    expect(await provision(base, config)).toEqual(environment);
  });

  it('gives a queue of an earlier version the settings of now', async () => {
    const url = environment.queues.bulk;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }));
    expect(await provision(base, config)).toEqual(environment);
    expect((await attributes(url))['VisibilityTimeout']).not.toBe('7');
  });

  it('leaves a thrown kill switch thrown', async () => {
    const ssm = new SSMClient(clientConfig(base));
    await ssm.send(new PutParameterCommand({ Name: base.killSwitch, Value: 'stop', Overwrite: true }));
    await provision(base, config);
    expect((await ssm.send(new GetParameterCommand({ Name: base.killSwitch }))).Parameter?.Value).toBe('stop');
  });

  it('subscribes the terminal to the topics: it gets what SNS delivers', async () => {
    const seen: string[] = [];
    run(environment.terminal, ({ Records }) => {
      seen.push(...Records.map(({ body }) => String((JSON.parse(body) as { Message: string }).Message)));
      return Promise.resolve({ batchItemFailures: [] });
    });
    const sns = new SNSClient(clientConfig(base));
    const TopicArn = environment.topics['sre'] ?? '';
    await sns.send(new PublishCommand({ TopicArn, Subject: 's', Message: 'shop: smoke failing' }));
    await vi.waitFor(() => expect(seen).toEqual(['shop: smoke failing']), 5_000);
  });
});

describe('a function behind a queue', () => {
  it('is called with records as Lambda makes them, and what it did is gone', async () => {
    const url = environment.queues.urgent;
    const events: SQSEvent[] = [];
    run(url, (event) => {
      events.push(event);
      return Promise.resolve({ batchItemFailures: [] });
    });
    await createQueue<{ n: number }>(environment, 'urgent').send({ n: 1 });
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);
    const [record] = events[0]?.Records ?? [];
    expect(record).toMatchObject({
      body: '{"n":1}',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${region}:${account}:escalator-urgent`,
      awsRegion: region,
      attributes: { ApproximateReceiveCount: '1' },
    });
    expect(record?.messageId).toMatch(/^[0-9a-f-]{36}$/);
    await vi.waitFor(async () => {
      const { ApproximateNumberOfMessages: here, ApproximateNumberOfMessagesNotVisible: under } = await attributes(url);
      expect([here, under]).toEqual(['0', '0']);
    }, 5_000);
  });

  it('gets back only the message that failed, and it goes to the dead letters in the end', async () => {
    const url = environment.queues.describe;
    const tries = new Map<string, number>();
    run(
      url,
      perBatch('test', (messages) => {
        for (const { body } of messages) tries.set(body, (tries.get(body) ?? 0) + 1);
        return Promise.resolve(messages.filter(({ body }) => body === '"bad"'));
      }),
      // Five receives with the growing wait between them would take half a minute.
      { client: clientThat((input) => 'VisibilityTimeout' in input && (input.VisibilityTimeout = 0)) },
    );
    const queue = createQueue<string>(environment, 'describe');
    await Promise.all([queue.send('good'), queue.send('bad')]);
    const dead = url.replace('escalator-describe', 'escalator-describe-dead');
    await vi.waitFor(async () => expect((await attributes(dead))['ApproximateNumberOfMessages']).toBe('1'), 10_000);
    expect(Object.fromEntries(tries)).toEqual({ '"good"': 1, '"bad"': queueSettings.describe.receives });
  });

  it('on a FIFO queue gets the messages of a target in order, also when the first fails once', async () => {
    const seen: string[] = [];
    let failures = 0;
    run(
      environment.queues.acts,
      perBatch('test', (messages) => {
        const fails = messages.filter(({ body }) => body === '1' && (failures += 1) === 1);
        if (fails.length === 0) seen.push(...messages.map(({ body }) => body));
        return Promise.resolve(fails);
      }),
    );
    const queue = createQueue<number>(environment, 'acts');
    for (const n of [1, 2, 3]) await queue.send(n, { group: 'target', deduplication: `act-${n}` });
    await vi.waitFor(() => expect(seen).toEqual(['1', '2', '3']), 15_000);
    expect(failures).toBe(2);
  });

  it('is called again after the endpoint was away', async () => {
    const lines: string[] = [];
    const seen: string[] = [];
    let calls = 0;
    const client = clientThat(() => {
      if ((calls += 1) === 1) throw new Error('ECONNREFUSED');
    });
    run(
      environment.queues.timers,
      ({ Records }) => {
        seen.push(...Records.map(({ body }) => body));
        return Promise.resolve({ batchItemFailures: [] });
      },
      { client, log: (line) => lines.push(line) },
    );
    await createQueue(environment, 'timers').send('due');
    await vi.waitFor(() => expect(seen).toEqual(['"due"']), 5_000);
    expect(lines).toEqual(['queue escalator-timers: ECONNREFUSED']);
  });

  it('ends what is under way before it stops, and is not called after', async () => {
    let ended = false;
    let calls = 0;
    let release = (): void => {};
    run(environment.queues.alerts, async () => {
      calls += 1;
      await new Promise<void>((resolve) => (release = resolve));
      ended = true;
      return { batchItemFailures: [] };
    });
    const queue = createQueue(environment, 'alerts');
    await queue.send('one');
    await vi.waitFor(() => expect(calls).toBe(1), 5_000);
    const stopping = running.splice(0)[0]?.stop();
    release();
    await stopping;
    expect(ended).toBe(true);
    await queue.send('two');
    expect(calls).toBe(1);
  });
});

/** A client that looks at each request before it goes. */
const clientThat = (look: (input: { VisibilityTimeout?: number }) => void): SQSClient => {
  const client = new SQSClient({ ...clientConfig(base), maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (request) => (look(request.input as { VisibilityTimeout?: number }), next(request)),
    { step: 'initialize' },
  );
  return client;
};
