import { randomUUID } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { handlerFor as react } from '../../functions/react/handler.ts';
import { handlerFor as reconcile } from '../../functions/reconcile/handler.ts';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { handlerFor as sealTrail } from '../../functions/seal-trail/handler.ts';
import type { Environment } from '../../functions/support/environment.ts';
import { handlerFor as watchPath } from '../../functions/watch-path/handler.ts';
import { canaryDetail, canaryDetailType, canarySource } from '../../shared/watch/canary.ts';
import { add, times, type Usage } from './bill.ts';
import { invoke, logged, type ReadMeter } from './lambda.ts';
import { minutesAMonth } from './stack.ts';

/** What schedules call here: each minute react, index-trail, seal-trail and watch-path, every five minutes reconcile. */
export const lived: { [schedule: string]: number } = { 'rate(1 minute)': 4, 'rate(5 minutes)': 1 };

/**
 * What a month costs in which nothing happens: so many minutes are lived through, each with all that a schedule calls and
 * the way of the canary, and multiplied.
 */
export const idleMonth = async (environment: Environment, read: ReadMeter, minutes: number): Promise<Usage> => {
  const began = Date.now();
  let clock = began;
  const now = (): Date => new Date(clock);
  const record = recordChange(environment, { now });
  const reactor = react(environment, { now });
  const index = indexTrail(environment);
  const seal = sealTrail(environment, { now });
  const watch = watchPath(environment, { now });
  const reconciler = reconcile(environment);
  const minute = async (): Promise<Usage> => {
    clock += 60_000;
    const fifth = (clock - began) % 300_000 === 0;
    const sent = now();
    const arrives = () => record(canary(environment, sent));
    return add(
      await invoke(read, watch),
      { 'sqs.standard': 3 }, // the bus sends the canary, Lambda receives and deletes it
      await invoke(read, arrives),
      await invoke(read, reactor.follow), // woken by the stream
      await invoke(read, index),
      await invoke(read, async () => {
        await reactor.sweep();
        await reactor.readChecks();
        await reactor.follow();
      }),
      await invoke(read, index),
      await invoke(read, seal),
      fifth ? await invoke(read, reconciler) : {},
    );
  };
  await minute(); // the first one makes what later ones find
  logged.length = 0;
  let usage: Usage = {};
  for (let n = 0; n < minutes; n += 1) usage = add(usage, await minute());
  return add(times(usage, minutesAMonth / minutes), keyUse, { 'cloudwatch.metric': metricsIn(logged).size });
};

/**
 * Keys are used by others for us: whoever sends to or receives from an encrypted queue asks for a data key every five
 * minutes (SQS Developer Guide, "Key management"), and DynamoDB as often for each role that uses the table (DynamoDB
 * Developer Guide, "Usage notes"). Here: two of a queue, and six roles.
 */
const keyUse: Usage = { 'kms.request': (2 + 6) * (minutesAMonth / 5) };

const canary = ({ account, region }: Environment, sent: Date): SQSEvent => ({
  Records: [
    {
      ...({} as SQSRecord),
      messageId: randomUUID(),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${region}:${account}:escalator-urgent`,
      body: JSON.stringify({
        version: '0',
        id: randomUUID(),
        account,
        region,
        resources: [],
        source: canarySource,
        'detail-type': canaryDetailType,
        time: sent.toISOString(),
        detail: canaryDetail(sent.toISOString()),
      }),
    },
  ],
});

type Emf = {
  _aws?: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [field: string]: unknown;
};

/** The custom metrics that lines of a log become, each by its name and the values of its dimensions. */
export const metricsIn = (lines: string[]): Set<string> => {
  const found = new Set<string>();
  for (const line of lines.filter((one) => one.includes('"_aws"'))) {
    const read = JSON.parse(line) as Emf;
    for (const { Namespace, Dimensions, Metrics } of read._aws?.CloudWatchMetrics ?? [])
      for (const { Name } of Metrics)
        for (const dimensions of Dimensions)
          found.add([Namespace, Name, ...dimensions.map((name) => `${name}=${String(read[name])}`)].join(' '));
  }
  return found;
};
