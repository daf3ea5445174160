import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
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
  log: (line: string) => void;
};

/** Something that runs until it is told to stop; stopping waits for what is under way. */
export type Running = { stop: () => Promise<void> };

const waitSeconds = 20;
const batchSize = 10;
/** A failed message is tried again after this long, doubled with each receive; the queue sends it to its DLQ in the end. */
const backoffSeconds = (received: number): number => Math.min(2 ** (received - 1), 60);

/** Calls a function with what a queue holds, as Lambda's event source mapping does: what it does not fail is deleted. */
export const runQueue = ({ client, url, handler, region, log }: RunQueue): Running => {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const messages = await receive(client, url, stopping.signal);
        if (messages.length > 0) await handle({ client, url, handler, region, log }, messages);
      } catch (error) {
        if (stopping.signal.aborted) return;
        log(`queue ${nameOf(url)}: ${error instanceof Error ? error.message : String(error)}`);
        await pause(500);
      }
    }
  };
  const ended = loop();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
};

const receive = async (client: SQSClient, url: string, abortSignal: AbortSignal): Promise<Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: batchSize,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (await client.send(command, { abortSignal })).Messages ?? [];
};

const handle = async ({ client, url, handler, region }: RunQueue, messages: Message[]): Promise<void> => {
  const event: SQSEvent = { Records: messages.map((message) => recordOf(message, url, region)) };
  const { batchItemFailures } = await handler(event);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId, ReceiptHandle, Attributes } of messages) {
    const received = Number(Attributes?.ApproximateReceiveCount ?? 1);
    const command = failed.has(MessageId ?? '')
      ? new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle,
          VisibilityTimeout: backoffSeconds(received),
        })
      : new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle });
    await client.send(command as DeleteMessageCommand);
  }
};

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
