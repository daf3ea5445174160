import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it, vi } from 'vitest';
import { openStore } from '../../../local/store.ts';
import type { EmittedEvent } from '../../../local/world.ts';
import { account, region, temporary } from './harness.ts';

const place = temporary();
afterEach(place.remove);

const startProcess = async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./process.ts', import.meta.url)), place.dataDir]);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: String(line).trim() };
};

it('a process killed while it is written to has lost nothing that it acknowledged', async () => {
  const { child, url } = await startProcess();
  const config = { endpoint: url, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
  const [sqs, dynamodb] = [new SQSClient(config), new DynamoDBClient(config)];
  const { QueueUrl: queue } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'kept',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  const acknowledged: { sent: string[]; put: string[] } = { sent: [], put: [] };
  const write = async (n: number): Promise<void> => {
    const id = String(n);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: id })).then(() => acknowledged.sent.push(id));
    await dynamodb
      .send(new PutItemCommand({ TableName: 'kept', Item: { pk: { S: id } } }))
      .then(() => acknowledged.put.push(id));
    if (acknowledged.put.length === 40) child.kill('SIGKILL');
  };
  const writers = Array.from({ length: 100 }, (_, n) => n).map((n) => write(n).catch(() => undefined));
  await Promise.all([...writers, once(child, 'exit')]);
  expect(acknowledged.put.length).toBeGreaterThanOrEqual(40);
  expect(acknowledged.put.length).toBeLessThan(100); // it was killed in the midst of it

  const again = await place.start();
  const items = await new DynamoDBClient(again.config).send(
    new ScanCommand({ TableName: 'kept', ConsistentRead: true }),
  );
  expect(items.Items?.map((item) => item.pk?.S)).toEqual(expect.arrayContaining(acknowledged.put));
  const messages = await receiveAll(new SQSClient(again.config), `${again.url}/${account}/q`);
  expect(messages).toEqual(expect.arrayContaining(acknowledged.sent));
  await again.close();
  await expectEmitted();
});

const receiveAll = async (sqs: SQSClient, url: string): Promise<(string | undefined)[]> => {
  const bodies: (string | undefined)[] = [];
  for (let round = 0; round < 100; round += 1) {
    const { Messages: messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    if (messages === undefined) break;
    bodies.push(...messages.map(({ Body }) => Body));
  }
  return bodies;
};

const expectEmitted = async (): Promise<void> => {
  const options = {
    dataDir: place.dataDir,
    account,
    region,
    now: () => new Date(),
    newId: () => 'new',
    log: () => undefined,
  };
  const store = openStore(options);
  const delivered: EmittedEvent[] = [];
  store.pump(async (event) => void delivered.push(event));
  await vi.waitFor(() => expect(delivered).toMatchObject([{ detail: { n: 1 }, time: new Date(0) }]));
  await store.close();
};
