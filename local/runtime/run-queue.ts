import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueueHandler } from '../../functions/support/per-batch.ts';

export type RunQueue = {
  client: SQSClient;
  url: string;
  handler: QueueHandler;
  region: string;
  /** messages handed to the function at once, at most; more than one receive gives is gathered while there are more */
  batchSize?: number;
  /** batches in hand at once, at most */
  atOnce?: number;
  log: (line: string) => void;
};

/** Something that runs until it is told to stop; stopping waits for what is under way. */
export type Running = { stop: () => Promise<void> };

const waitSeconds = 20;
/** How long an answer may take beside that. */
const answerSeconds = 15;
/** What one receive gives at most. */
const receivedAtOnce = 10;
/** A failed message is tried again after this long, doubled with each receive; the queue sends it to its DLQ in the end. */
const backoffSeconds = (received: number): number => Math.min(2 ** (received - 1), 60);

/** Calls a function with what a queue holds, as Lambda's event source mapping does: what it does not fail is deleted. */
export const runQueue = (queue: RunQueue): Running => {
  const { client, url, log, batchSize = receivedAtOnce, atOnce = 1 } = queue;
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const messages = await gather(client, url, batchSize, stopping.signal);
        if (messages.length > 0) await handle(queue, messages);
      } catch (error) {
        if (stopping.signal.aborted) return;
        log(`queue ${nameOf(url)}: ${error instanceof Error ? error.message : String(error)}`);
        await pause(500);
      }
    }
  };
  const ended = Promise.all(Array.from({ length: atOnce }, loop));
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};

/** Waits for the first messages, then takes what else is there already, as a batching window would have gathered. */
const gather = async (client: SQSClient, url: string, size: number, signal: AbortSignal): Promise<Message[]> => {
  const messages = await receive(client, url, waitSeconds, signal);
  for (let more = messages; more.length === receivedAtOnce && messages.length + receivedAtOnce <= size;) {
    more = await receive(client, url, 0, signal).catch(() => []); // what was taken before is still to be handled
    messages.push(...more);
  }
  return messages;
};

const receive = async (client: SQSClient, url: string, wait: number, abortSignal: AbortSignal): Promise<Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: receivedAtOnce,
    WaitTimeSeconds: wait,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  // The queue answers when there is something, or when the wait is over: until then it is not too slow.
  const requestTimeout = (wait + answerSeconds) * 1_000;
  return (await client.send(command, { abortSignal, requestTimeout })).Messages ?? [];
};

const handle = async ({ client, url, handler, region }: RunQueue, messages: Message[]): Promise<void> => {
  const event: SQSEvent = { Records: messages.map((message) => recordOf(message, url, region)) };
  const { batchItemFailures } = await handler(event);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  for (let start = 0; start < done.length; start += receivedAtOnce)
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entriesOf(done, start) }));
  for (const { MessageId, ReceiptHandle, Attributes } of messages) {
    if (!failed.has(MessageId ?? '')) continue;
    const VisibilityTimeout = backoffSeconds(Number(Attributes?.ApproximateReceiveCount ?? 1));
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }));
  }
};

const entriesOf = (messages: Message[], start: number) =>
  messages
    .slice(start, start + receivedAtOnce)
    .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));

/** The record as Lambda hands it to a function. */
const recordOf = (message: Message, url: string, awsRegion: string): SQSRecord => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: { ...message.Attributes } as unknown as SQSRecord['attributes'],
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:${awsRegion}:${url.split('/').at(-2)}:${nameOf(url)}`,
  awsRegion,
});

const nameOf = (url: string): string => url.split('/').at(-1) ?? url;
