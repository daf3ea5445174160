import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeadLetters } from '../../functions/support/dead-letters.ts';
import { readKillSwitch } from '../../functions/support/kill-switch.ts';
import { createQueue } from '../../functions/support/sqs-queue.ts';
import { actingAllowed } from '../../shared/ladder/kill-switch.ts';
import { failureClass } from '../../shared/watch/failure.ts';
import { findPlace, type Place } from './place.ts';

let place: Place;
let sqs: SQSClient;
beforeAll(async () => {
  place = await findPlace();
  sqs = new SQSClient(place.config);
}, 180_000);
afterAll(() => place.remove(), 120_000);

/** Takes messages until there are so many, or none came for a while. */
const taken = async (QueueUrl: string, count: number): Promise<Message[]> => {
  const found: Message[] = [];
  for (let empty = 0; found.length < count && empty < 5;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, MessageSystemAttributeNames: ['All'] }),
    );
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    found.push(...Messages);
    empty = Messages.length === 0 ? empty + 1 : 0;
  }
  return found;
};

describe('SQS, as functions send to each other', () => {
  it('hands out what was sent, with how often it was', async () => {
    await createQueue(place.environment, 'alerts').send({ seq: 1, segment: 0 });
    const [message] = await taken(place.environment.queues.alerts, 1);
    expect(JSON.parse(message?.Body ?? '')).toEqual({ seq: 1, segment: 0 });
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
  });

  it('keeps order within a group of a FIFO queue, and takes a message once', async () => {
    const acts = createQueue<{ n: number }>(place.environment, 'acts');
    for (const n of [1, 2, 2, 3]) await acts.send({ n }, { group: 'shop', deduplication: `n-${n}` });
    const bodies = (await taken(place.environment.queues.acts, 4)).map(
      ({ Body }) => JSON.parse(Body ?? '') as { n: number },
    );
    expect(bodies.map(({ n }) => n)).toEqual([1, 2, 3]);
  }, 60_000);

  it('says itself where its dead letters go, and takes them back', async () => {
    const { queues } = place.environment;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${place.prefix}-bulk-dead` }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a dead letter' }));
    const letters = createDeadLetters({ ...place.environment, queues: { ...queues } });
    expect(await letters.move('bulk', 10)).toBe(1);
    expect((await taken(queues.bulk, 1)).map(({ Body }) => Body)).toEqual(['a dead letter']);
  }, 60_000);

  it('says of a queue that is not there that trying again does not help', async () => {
    const asked = sqs.send(new GetQueueUrlCommand({ QueueName: `${place.prefix}-none` }));
    expect(
      failureClass(
        await asked.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    ).toBe('terminal');
  });
});

describe('SNS, as alerts are sent', () => {
  it('delivers to a queue that subscribed, with subject and text', async () => {
    const TopicArn = place.environment.topics['sre'];
    const sent = new PublishCommand({ TopicArn, Subject: '[page] shop', Message: 'next: a person\nsays what' });
    const { MessageId } = await new SNSClient(place.config).send(sent);
    const [message] = await taken(place.environment.terminal, 1);
    expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
      MessageId,
      Subject: '[page] shop',
      Message: 'next: a person\nsays what',
    });
  }, 60_000);

  it.each<[string, object, RegExp]>([
    ['a subject of two lines', { Message: 'x', Subject: 'one\ntwo' }, /Subject/],
    ['more than 256 KiB', { Message: 'x'.repeat(262_145) }, /too long/],
    ['a structure without a default', { Message: '{"sqs":"x"}', MessageStructure: 'json' }, /default/],
  ])('takes no message with %s', async (_what, message, why) => {
    const command = new PublishCommand({ TopicArn: place.environment.topics['sre'], Message: '', ...message });
    await expect(new SNSClient(place.config).send(command)).rejects.toThrow(why);
  });

  it('takes no filter policy that is none', async () => {
    const TopicArn = place.environment.topics['sre'];
    const Endpoint = `${TopicArn?.replace(':sns:', ':sqs:')}-none`;
    const subscribe = (FilterPolicy: string) =>
      new SNSClient(place.config).send(
        new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { FilterPolicy } }),
      );
    await expect(subscribe('{"author":')).rejects.toThrow(/FilterPolicy/);
    await expect(subscribe('{"author": "ann"}')).rejects.toThrow(/FilterPolicy/);
  });

  it('says of a topic that is gone that trying again does not help', async () => {
    const TopicArn = `${place.environment.topics['sre']}-none`;
    const asked = new SNSClient(place.config).send(new PublishCommand({ TopicArn, Message: 'x' }));
    const error = await asked.then(
      () => null,
      (refused: unknown) => refused,
    );
    expect(failureClass(error)).toBe('terminal');
  });
});

describe('Systems Manager, as the kill switch is read', () => {
  it('answers the text, and as unreadable what is not there', async () => {
    const client = new SSMClient(place.config);
    expect(await readKillSwitch(client, place.environment.killSwitch)).toBe(actingAllowed);
    expect(await readKillSwitch(client, `${place.environment.killSwitch}-none`)).toBeNull();
    await client.send(
      new PutParameterCommand({ Name: place.environment.killSwitch, Value: 'stop: all', Overwrite: true }),
    );
    expect(await readKillSwitch(client, place.environment.killSwitch)).toBe('stop: all');
  });

  it('says of a parameter that is not there that trying again does not help', async () => {
    const asked = new SSMClient(place.config).send(new GetParameterCommand({ Name: `/${place.prefix}/none` }));
    expect(
      failureClass(
        await asked.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    ).toBe('terminal');
  });
});
