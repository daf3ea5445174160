import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { createDeadLetters } from '../../../functions/support/dead-letters.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';

describe('dead letters', () => {
  let server: FauxqsServer;
  let client: SQSClient;
  let environment: Environment;
  let queues = 0;

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    const endpoint = `http://127.0.0.1:${server.port}`;
    environment = { ...environmentFrom({}), account: '000000000000', region: 'us-east-1', endpoint };
    client = new SQSClient(clientConfig(environment));
  });
  afterAll(() => server.stop());

  const makeQueue = async (QueueName: string, dead?: string): Promise<string> => {
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${dead}`;
    const Attributes = {
      ...(QueueName.endsWith('.fifo') && { FifoQueue: 'true' }),
      ...(dead !== undefined && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }) }),
    };
    return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  };
  /** a queue, its dead letters, and what moves them */
  const made = async (fifo = false) => {
    const [name, ending] = [`escalator-bulk${(queues += 1)}`, fifo ? '.fifo' : ''];
    const deadName = `what-${name}-could-not-take${ending}`;
    const dead = await makeQueue(deadName);
    const bulk = await makeQueue(`${name}${ending}`, deadName);
    return { bulk, dead, letters: createDeadLetters({ ...environment, queues: { ...environment.queues, bulk } }) };
  };
  const put = (QueueUrl: string, MessageBody: string, group?: string) =>
    client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: MessageBody }),
      }),
    );
  const taken = async (QueueUrl: string) => {
    const found: { body: string; group: string | undefined }[] = [];
    for (let round = 0; round < 20; round += 1) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      found.push(...Messages.map(({ Body = '', Attributes }) => ({ body: Body, group: Attributes?.MessageGroupId })));
      for (const { ReceiptHandle } of Messages)
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return found;
  };

  it('are moved back, each with its body, and are then no dead letters any more', async () => {
    const { bulk, dead, letters } = await made();
    const bodies = Array.from({ length: 23 }, (_, at) => `{"letter":${at},"text":"☃"}`);
    for (const body of bodies) await put(dead, body);
    expect(await letters.move('bulk', 1_000)).toBe(23);
    expect((await taken(bulk)).map(({ body }) => body).toSorted()).toEqual(bodies.toSorted());
    expect(await letters.move('bulk', 1_000)).toBe(0);
  });

  it('are moved up to the limit, and no further', async () => {
    const { bulk, letters, dead } = await made();
    for (let at = 0; at < 15; at += 1) await put(dead, `${at}`);
    expect(await letters.move('bulk', 12)).toBe(12);
    expect(await taken(bulk)).toHaveLength(12);
    expect(await letters.move('bulk', 12)).toBe(3);
  });

  it('of a FIFO queue go back into their groups, in their order', async () => {
    const { bulk, letters, dead } = await made(true);
    for (let at = 0; at < 6; at += 1) await put(dead, `${at}`, at % 2 === 0 ? 'even' : 'odd');
    let moved = 0;
    for (let round = 0; round < 6; round += 1) moved += await letters.move('bulk', 100);
    expect(moved).toBe(6);
    const back = await taken(bulk);
    for (const group of ['even', 'odd'])
      expect(back.filter((letter) => letter.group === group).map(({ body }) => body)).toEqual(
        group === 'even' ? ['0', '2', '4'] : ['1', '3', '5'],
      );
    expect(back).toHaveLength(6);
  });

  it('of queues that are not given are not moved: only those of the product are known', async () => {
    const { letters } = await made();
    expect(letters.queues).toEqual(['bulk']);
  });
});
