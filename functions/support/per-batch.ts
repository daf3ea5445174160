import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** One message as the plain functions see it. `attributes` are SQS's own, e.g. `ApproximateReceiveCount`. */
export type BatchMessage = { id: string; body: string; attributes: { [name: string]: string } };

/** Does the work of a batch; answers the ids of the messages that must come back. */
export type BatchWork = (messages: BatchMessage[]) => Promise<string[]>;

/** What a queue calls. On AWS the event source mapping does, on one machine `local/runtime/run-queue.ts`. */
export type QueueHandler = (event: SQSEvent, context?: unknown) => Promise<SQSBatchResponse>;

/** One log line a batch: counts and times, never a body, for bodies may hold what must not be logged. */
export type BatchLine = { function: string; messages: number; failed: number; ms: number; error?: string };

const sink = { write: (line: BatchLine): void => console.log(JSON.stringify(line)) };

/** Where batch lines go, for the whole process as the console is: standard output unless told otherwise. */
export const logBatchesTo = (write: (line: BatchLine) => void): void => {
  sink.write = write;
};

/**
 * Makes a Lambda handler for an SQS queue from plain work.
 *
 * Takes the function's name and the work; returns a handler that answers `{ batchItemFailures }` and never throws.
 * A throw of the work fails the whole batch, and so does an id it names that is not in the batch: Lambda would take
 * such an answer for a failure of everything, and a loud copy of that rule here keeps one machine the same.
 * On a FIFO queue what follows a failed message in its group fails with it, so that order is kept.
 */
export const perBatch = (name: string, work: BatchWork): QueueHandler => {
  const handler = middy<SQSEvent, SQSBatchResponse>()
    .use(timed(name))
    .handler(async (event: SQSEvent) => answer(event.Records, await work(event.Records.map(asMessage))));
  return (event) => handler(event, {} as never);
};

const asMessage = (record: SQSRecord): BatchMessage => ({
  id: record.messageId,
  body: record.body,
  attributes: { ...record.attributes },
});

const answer = (records: SQSRecord[], failed: string[]): SQSBatchResponse => {
  const known = new Set(records.map((record) => record.messageId));
  const stranger = failed.find((id) => !known.has(id));
  if (stranger !== undefined) throw new Error(`the work named a failed message that is not in the batch: ${stranger}`);
  return failures(inOrder(records, new Set(failed)));
};

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

/** Turns a throw into "all come back", and writes the batch's line whatever happened. */
const timed = (name: string): middy.MiddlewareObj<SQSEvent, SQSBatchResponse> => {
  const started = new WeakMap<object, number>();
  const say = (request: middy.Request<SQSEvent, SQSBatchResponse>): void => {
    const failed = request.response?.batchItemFailures.length ?? 0;
    const ms = Math.round(performance.now() - (started.get(request) ?? performance.now()));
    const error = request.error ? describe(request.error) : undefined;
    writeSafely({ function: name, messages: request.event.Records.length, failed, ms, ...(error && { error }) });
  };
  return {
    before: (request) => {
      started.set(request, performance.now());
    },
    after: (request) => {
      say(request);
    },
    onError: (request) => {
      request.response = failures(request.event.Records);
      say(request);
    },
  };
};

/** A parser quotes what it could not read, and that is the body: of such an error only the name is logged. */
const describe = (error: Error): string =>
  error instanceof SyntaxError ? error.name : `${error.name}: ${error.message}`.slice(0, 500);

/** A log that cannot be written must not turn done work into failed work. */
const writeSafely = (line: BatchLine): void => {
  try {
    sink.write(line);
  } catch {
    // nothing is left to tell it to
  }
};

/** Work on one message after the other; one that throws comes back alone. The messages are JSON of our own making. */
export const perMessage =
  <Message>(work: (message: Message) => Promise<unknown>): BatchWork =>
  async (messages) => {
    const failed: string[] = [];
    for (const { id, body } of messages) {
      try {
        if ((await work(JSON.parse(body) as Message)) === false) failed.push(id);
      } catch (error) {
        failed.push(id);
        writeSafely({ function: 'message', messages: 1, failed: 1, ms: 0, error: String(error).slice(0, 500) });
      }
    }
    return failed;
  };
