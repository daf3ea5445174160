import { randomUUID } from 'node:crypto';
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { handlerFor as react } from '../../functions/react/handler.ts';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { handlerFor as sealTrail } from '../../functions/seal-trail/handler.ts';
import { tableOf } from '../../functions/support/dynamo-table.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../functions/support/environment.ts';
import { deliveryEvent } from '../../test/harness/deliveries.ts';
import { add, chunks, type Usage } from './bill.ts';
import { invoke, type ReadMeter } from './lambda.ts';

/** How events come: how many in one invocation, how many of those in one receive, and what wakes the readers. */
export type Flow = {
  /** messages handed to the function at once */
  batch: number;
  /** messages that one ReceiveMessage and one DeleteMessageBatch are about: SQS takes ten */
  receive: number;
  /** segments that the stream hands to a reader at once */
  segmentsPerWake: number;
  /** whether the function still knows the last segment: not where seconds went by */
  warm: boolean;
};

/** A thousand a second: full batches of the bulk queue, ten segments a second, read four times a second. */
export const bulk: Flow = { batch: 100, receive: 10, segmentsPerWake: 2, warm: true };
/** One a second: each message alone, each segment of one, each reader woken for each. */
export const trickle: Flow = { batch: 1, receive: 1, segmentsPerWake: 1, warm: false };

/** Everything that recording so many events costs: transport, functions, trail, index, and the seal of them. */
export const recordEvents = async (
  environment: Environment,
  read: ReadMeter,
  flow: Flow,
  events: number,
  from: number,
): Promise<Usage> => {
  let clock = Date.now();
  const record = recordChange(environment, flow.warm ? {} : { now: () => new Date((clock += 2_000)) });
  const readers = [react(environment).follow, indexTrail(environment)];
  let usage: Usage = {};
  for (let first = 0, segments = 0; first < events; first += flow.batch, segments += 1) {
    const bodies = Array.from({ length: Math.min(flow.batch, events - first) }, (_, n) =>
      JSON.stringify(deliveryEvent(from + first + n)),
    );
    usage = add(usage, transport(bodies, flow), await invoke(read, () => recorded(record(batchOf(bodies)))));
    if (segments % flow.segmentsPerWake !== 0 && first + flow.batch < events) continue;
    for (const follow of readers) usage = add(usage, await invoke(read, follow));
  }
  return add(usage, await invoke(read, sealTrail(environment)));
};

/** EventBridge sends each event, Lambda receives and deletes them. */
const transport = (bodies: string[], { receive }: Flow): Usage => ({
  'sqs.standard':
    bodies.reduce((sum, body) => sum + chunks(Buffer.byteLength(body)), 0) + 2 * Math.ceil(bodies.length / receive),
});

const batchOf = (bodies: string[]): SQSEvent => ({
  Records: bodies.map((body) => ({
    ...({} as SQSRecord),
    messageId: randomUUID(),
    body,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:escalator-bulk',
  })),
});

/** A cheap wrong run is a failed run. */
const recorded = async (answer: Promise<{ batchItemFailures: unknown[] }>): Promise<void> => {
  if ((await answer).batchItemFailures.length > 0) throw new Error('an event was not recorded');
};

/** How many bytes an entry takes in the table, all in: segment, marker and rows, each as DynamoDB reckons. */
export const storedAnEntry = async (environment: Environment): Promise<number> => {
  const { client, name: TableName } = tableOf(environment);
  let bytes = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName }))
    for (const item of Items) bytes += itemOverhead + bytesOf(item);
  const [newest] = await createTrail(environment).latest(Number.MAX_SAFE_INTEGER, 1);
  return bytes / ((newest?.entries.at(-1)?.seq ?? 0) + 1);
};

/** DynamoDB Developer Guide, "Item sizes and formats": names and values, three bytes for a list or a map. */
const itemOverhead = 100;
const bytesOf = (item: { [name: string]: AttributeValue }): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0);

const bytesOfValue = ({ S, N, B, L, M }: AttributeValue): number => {
  if (L !== undefined) return L.reduce((sum, one) => sum + 1 + bytesOfValue(one), 3);
  if (M !== undefined) return 3 + bytesOf(M);
  return S === undefined ? (B?.length ?? Math.ceil((N?.length ?? 1) / 2) + 1) : Buffer.byteLength(S);
};
