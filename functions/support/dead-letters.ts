import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientConfig } from './aws-clients.ts';
import type { Environment, QueueName } from './environment.ts';

const receivedAtOnce = 10;

/** Dead letters of the product's own queues, and the way back. */
export const createDeadLetters = (environment: Environment) => {
  const client = new SQSClient(clientConfig(environment));
  const queues = Object.entries(environment.queues).filter(([, url]) => url !== '');
  return {
    queues: queues.map(([name]) => name),
    move: async (queue: string, limit: number): Promise<number> => {
      const to = environment.queues[queue as QueueName];
      const from = await deadOf(client, to);
      const moved = new Set<string>();
      while (moved.size < limit) {
        const letters = await receive(client, from, Math.min(receivedAtOnce, limit - moved.size));
        // One that fails by itself is back at once: it is left there, or it would go round until the limit.
        const fresh = letters.filter(({ Body = '' }) => !moved.has(Body));
        if (fresh.length === 0) return moved.size;
        for (const letter of fresh) {
          await send(client, to, letter);
          await client.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: letter.ReceiptHandle }));
          moved.add(letter.Body ?? '');
        }
      }
      return moved.size;
    },
  };
};

/** Where a queue sends what nobody could take: the queue says so itself. */
export const deadOf = async (client: SQSClient, QueueUrl: string): Promise<string> => {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
  const { RedrivePolicy = '{}' } = (await client.send(asked)).Attributes ?? {};
  const { deadLetterTargetArn = '' } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn?: string };
  return urlOf(client, deadLetterTargetArn);
};

/** Where a queue of this account and Region is, by its ARN. */
export const urlOf = async (client: SQSClient, arn: string): Promise<string> => {
  const QueueName = arn.split(':').at(-1) ?? '';
  return (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
};

const receive = async (client: SQSClient, QueueUrl: string, MaxNumberOfMessages: number): Promise<Message[]> => {
  const MessageSystemAttributeNames = ['MessageGroupId' as const, 'MessageDeduplicationId' as const];
  const answer = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, VisibilityTimeout: 60, MessageSystemAttributeNames }),
  );
  return answer.Messages ?? [];
};

/** In order and once, where the queue keeps order: under its old group, as a message of its own. */
const send = (client: SQSClient, QueueUrl: string, { Body, MessageId, Attributes }: Message) =>
  client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: Body ?? '',
      ...(Attributes?.MessageGroupId !== undefined && {
        MessageGroupId: Attributes.MessageGroupId,
        MessageDeduplicationId: `redriven-${MessageId}`,
      }),
    }),
  );
