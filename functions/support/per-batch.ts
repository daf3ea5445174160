import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Messages, readMessage } from '../../shared/messages.ts';
import { isOfMessage } from '../../shared/watch/failure.ts';
import type { DeadLetter, Letter } from './dead-letter.ts';
import { type Handler, house, logFailure } from './house.ts';
import { log, within } from './log.ts';

/** One message as the plain functions see it. `attributes` are SQS's own, e.g. `ApproximateReceiveCount`. */
export type BatchMessage = { id: string; body: string; attributes: { [name: string]: string } };

/** A message that must come back; `error` is why, where that was of this message alone. */
export type Failed = { id: string; error?: unknown };

/** Does the work of a batch; answers the messages that must come back. */
export type BatchWork = (messages: BatchMessage[]) => Promise<Failed[]>;

/** What a queue calls. On AWS the event source mapping does, on one machine `local/runtime/run-queue.ts`. */
export type QueueHandler = Handler<SQSEvent, SQSBatchResponse>;

/**
 * Makes a Lambda handler for an SQS queue from plain work.
 *
 * Takes the function's name and the work; returns a handler that answers `{ batchItemFailures }`, and throws only where it
 * was handed something else than a batch.
 * A throw of the work fails the whole batch, and so does an id it names that is not in the batch: Lambda would take
 * such an answer for a failure of everything, and a loud copy of that rule here keeps one machine the same.
 * On a FIFO queue what follows a failed message in its group fails with it, so that order is kept.
 *
 * @param bury where there is one, a message that fails by itself (`isOfMessage`) does not come back but goes to the dead
 *   letters at once; where that fails it comes back
 */
export const perBatch = (name: string, work: BatchWork, bury?: DeadLetter): QueueHandler =>
  house<SQSEvent, SQSBatchResponse>(
    {
      name,
      wrongWith: (event) => (isBatch(event) ? null : 'it is no batch of a queue'),
      tally: ({ Records }, { batchItemFailures }) => ({ records: Records.length, failures: batchItemFailures.length }),
      recover: ({ Records }) => failures(Records),
    },
    async ({ Records }) => {
      const failed = known(Records, await work(Records.map(asMessage)));
      return answer(Records, await notBuried(name, Records, failed, bury));
    },
  );

const isBatch = (event: unknown): event is SQSEvent => {
  const { Records } = (event ?? {}) as { Records?: unknown };
  return Array.isArray(Records) && Records.every(isRecord);
};

const isRecord = (record: unknown): boolean => {
  const { messageId, body, eventSource, eventSourceARN } = (record ?? {}) as Partial<SQSRecord>;
  const isTold = [messageId, body, eventSourceARN].every((said) => typeof said === 'string');
  return isTold && eventSource === 'aws:sqs';
};

const asMessage = (record: SQSRecord): BatchMessage => ({
  id: record.messageId,
  body: record.body,
  attributes: { ...record.attributes },
});

/** @throws Error where the work names what is not in the batch */
const known = (records: SQSRecord[], failed: Failed[]): Failed[] => {
  const ids = new Set(records.map((record) => record.messageId));
  const stranger = failed.find(({ id }) => !ids.has(id));
  if (stranger !== undefined)
    throw new Error(`the work named a failed message that is not in the batch: ${stranger.id}`);
  return failed;
};

/** Buries what can be nothing but a dead letter; answers what is left to come back. */
const notBuried = async (
  name: string,
  records: SQSRecord[],
  failed: Failed[],
  bury: DeadLetter | undefined,
): Promise<Failed[]> => {
  const left: Failed[] = [];
  for (const one of failed) {
    const record = records.find(({ messageId }) => messageId === one.id);
    const isDead = bury !== undefined && record !== undefined && isOfMessage(one.error);
    if (!isDead || !(await isBuried(name, record, one.error, bury))) left.push(one);
  }
  return left;
};

const isBuried = async (name: string, record: SQSRecord, why: unknown, bury: DeadLetter): Promise<boolean> => {
  try {
    await bury(letterOf(record), name, why);
    log('error', { function: name, message: record.messageId, deadLettered: true });
    return true;
  } catch (error) {
    logFailure(name, error, { message: record.messageId });
    return false;
  }
};

const letterOf = (record: SQSRecord): Letter => ({
  id: record.messageId,
  body: record.body,
  queueArn: record.eventSourceARN,
  group: groupOf(record),
  receives: Number(record.attributes.ApproximateReceiveCount),
});

const answer = (records: SQSRecord[], failed: Failed[]): SQSBatchResponse =>
  failures(inOrder(records, new Set(failed.map(({ id }) => id))));

/** The failed messages, and on a FIFO queue those behind them in the same group. */
const inOrder = (records: SQSRecord[], failed: Set<string>): SQSRecord[] => {
  const stopped = new Set<string>();
  return records.filter((record) => {
    const group = groupOf(record);
    const fails = failed.has(record.messageId) || (group !== null && stopped.has(group));
    if (fails && group !== null) stopped.add(group);
    return fails;
  });
};

const groupOf = (record: SQSRecord): string | null =>
  record.eventSourceARN.endsWith('.fifo') ? (record.attributes.MessageGroupId ?? '') : null;

const failures = (records: SQSRecord[]): SQSBatchResponse => ({
  batchItemFailures: records.map((record) => ({ itemIdentifier: record.messageId })),
});

/**
 * Makes a handler of work on one message of our own after the other. A message that is not one, or whose work throws,
 * comes back alone, and so does one that is not done yet: its work answers false.
 */
export const perMessage = <Queue extends keyof Messages>(
  name: string,
  queue: Queue,
  work: (message: Messages[Queue]) => Promise<unknown>,
  bury?: DeadLetter,
): QueueHandler =>
  perBatch(
    name,
    async (messages) => {
      const failed: Failed[] = [];
      for (const { id, body, attributes } of messages) {
        try {
          if ((await onOne(queue, id, body, work)) === false) failed.push({ id });
        } catch (error) {
          failed.push({ id, error });
          logFailure(name, error, { message: id, receives: Number(attributes['ApproximateReceiveCount'] ?? 1) });
        }
      }
      return failed;
    },
    bury,
  );

/** Every line of the work says which message it is of, and what that message says: ids, all of it. */
const onOne = <Queue extends keyof Messages>(
  queue: Queue,
  id: string,
  body: string,
  work: (message: Messages[Queue]) => Promise<unknown>,
): Promise<unknown> => {
  const message = readMessage(queue, body);
  return within({ message: id, ...message }, () => work(message));
};
