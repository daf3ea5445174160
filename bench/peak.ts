/**
 * A peak, like a fundraiser's: `node bench/peak.ts [seconds] [events a second] [burst]`, by default 600, 300 and 2,000. The
 * real process on this machine is sent so many events a second by PutEvents, with a burst within one second in the middle.
 * Then: is every event on record, once; how long did the backlog take; is there a dead letter; did memory stay flat. Prints
 * JSON and a line for each of the four, and exits 1 where one is not as it should be.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsOf, type Product, startProduct, temporary } from '../test/harness/product.ts';

const seconds = Number(process.argv[2] ?? 600);
const rate = Number(process.argv[3] ?? 300);
const burst = Number(process.argv[4] ?? 2_000);
const drainedWithin = 60;
/**
 * Resident memory is flat where the line through the samples of the second half, the burst and what it leaves behind among
 * them, rises over that half by no more than this part of their median. The first half fills caches and grows heaps.
 */
const flat = 0.1;

const inOneCall = 10;
let sent = 0;
const eventOf = (n: number) => ({
  Source: 'aws.ecr',
  DetailType: 'ECR Image Action',
  Detail: JSON.stringify({
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'repository-name': `peak-${n}`,
    'image-tag': `t${n}`,
  }),
});

/** Sends so many, ten a call, all calls of them under way together; those that the bus did not take are sent again. */
const send = async (bus: EventBridgeClient, count: number): Promise<void> => {
  const numbers = Array.from({ length: count }, () => (sent += 1));
  const calls = Array.from({ length: Math.ceil(count / inOneCall) }, (_, at) =>
    numbers.slice(at * inOneCall, (at + 1) * inOneCall),
  );
  await Promise.all(calls.map((few) => put(bus, few)));
};

const put = async (bus: EventBridgeClient, numbers: number[]): Promise<void> => {
  const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: numbers.map(eventOf) }));
  const again = numbers.filter((_, at) => Entries[at]?.EventId === undefined);
  if (again.length > 0) await put(bus, again);
};

/** A second's events each second, late or not; answers how late the last second was (s). */
const sendAll = async (bus: EventBridgeClient): Promise<number> => {
  const began = performance.now();
  const underWay: Promise<void>[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await pause(Math.max(0, began + second * 1_000 - performance.now()));
    underWay.push(send(bus, second === Math.floor(seconds / 2) ? rate + burst : rate));
  }
  await Promise.all(underWay);
  return (performance.now() - began) / 1_000 - seconds;
};

/** Resident memory of the product's process (Linux; MB). */
const memoryOf = ({ process: { pid } }: Product): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024;

const newest = async (product: Product): Promise<number> =>
  (await product.get('/api/entries?limit=1')).items[0]?.seq ?? -1;

/** How often each event stands on record. */
const recorded = async (product: Product): Promise<Map<string, number>> => {
  const found = new Map<string, number>();
  const end = await newest(product);
  for (let from = 0; from <= end; from += 1_000) {
    const text = await (await fetch(new URL(`/api/lines?from=${from}&count=1000`, product.ready.console))).text();
    for (const line of text.split('\n').filter(Boolean)) {
      const { detail } = JSON.parse(line) as { detail?: { repository?: string } };
      const name = detail?.repository ?? '';
      if (name.startsWith('peak-')) found.set(name, (found.get(name) ?? 0) + 1);
    }
  }
  return found;
};

const deadLetters = async (product: Product): Promise<number> => {
  const sqs = new SQSClient(awsOf(product));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const counts = QueueUrls.filter((url) => /-dead(\.fifo)?$/.test(url)).map(async (QueueUrl) => {
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
    return Number((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages ?? 0);
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How much the line through samples that are equally far apart (least squares) rises from the first to the last. */
const rise = (values: number[]): number => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const across = values.reduce((sum, one, at) => sum + (at - middle) * (one - mean), 0);
  return (across / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)) * (values.length - 1);
};

const place = temporary();
const product = await startProduct(join(place.dir, 'data'));
try {
  const before = await newest(product);
  const memory: number[] = [];
  const sampler = setInterval(() => memory.push(memoryOf(product)), 1_000);
  const late = await sendAll(
    new EventBridgeClient({ ...awsOf(product), requestHandler: { httpAgent: { maxSockets: 400 } } }),
  );
  const ended = performance.now();
  await product.until('all on record', async () => (await newest(product)) - before >= sent, 600_000);
  const drained = (performance.now() - ended) / 1_000;
  clearInterval(sampler);
  const found = await recorded(product);
  const quarter = (n: number): number => median(memory.slice((memory.length * (n - 1)) / 4, (memory.length * n) / 4));
  const half = memory.slice(memory.length / 2);
  const grown = rise(half) / median(half);
  const result = {
    seconds,
    rate,
    burst,
    sent,
    late: Math.round(late),
    missing: sent - found.size,
    twice: [...found.values()].filter((count) => count > 1).length,
    drained: Math.round(drained * 10) / 10,
    deadLetters: await deadLetters(product),
    memory: {
      quarters: [1, 2, 3, 4].map((n) => Math.round(quarter(n))),
      most: Math.round(Math.max(...memory)),
      grown: Math.round(grown * 1_000) / 1_000,
    },
  };
  console.log(JSON.stringify(result));
  const verdicts: [string, boolean][] = [
    [`${result.missing} of ${sent} events missing, ${result.twice} twice`, result.missing + result.twice === 0],
    [`the backlog gone after ${result.drained} s, goal ${drainedWithin} s`, drained <= drainedWithin],
    [`${result.deadLetters} dead letters`, result.deadLetters === 0],
    [`memory ${(grown * 100).toFixed(1)} % more over the second half, goal at most ${flat * 100} %`, grown <= flat],
  ];
  for (const [said, isGood] of verdicts) console.log(`${isGood ? 'good' : 'MISSED'}  ${said}`);
  process.exitCode = verdicts.every(([, isGood]) => isGood) ? 0 : 1;
} finally {
  await product.stop();
  place.remove();
}
