import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { handlerFor as react } from '../../functions/react/handler.ts';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { handlerFor as sendAlert } from '../../functions/send-alert/handler.ts';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { oneWriter, type TrailOptions } from '../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../functions/support/environment.ts';
import { runQueue } from '../../local/runtime/run-queue.ts';
import { readerRestMs, wakeable } from '../../local/runtime/wakeable.ts';
import { failing } from '../many-services.ts';
import { inTheNameOf } from './calls.ts';

/** The endpoint of one machine, in a process of its own: what waits for it is here, what it costs is there. */
export const startEndpoint = async (
  configFile: string,
): Promise<{ environment: Environment; stop: () => Promise<void> }> => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-react-'));
  const file = fileURLToPath(new URL('../cost/endpoint-process.ts', import.meta.url));
  const child = fork(file, [dir, configFile, 'bare'], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const [environment] = (await once(child, 'message')) as [Environment];
  const stop = async (): Promise<void> => {
    child.disconnect();
    await once(child, 'exit');
    rmSync(dir, { recursive: true, force: true });
  };
  return { environment, stop };
};

/**
 * The functions between an event and its message, wired as on one machine.
 * @param indexed whether the index follows too, for which no message waits
 */
export const startFunctions = (environment: Environment, { indexed }: { indexed: boolean }) => {
  const readers = [
    wakeable(
      'react',
      follower(environment, () => writing),
      console.error,
    ),
  ];
  if (indexed)
    readers.push(wakeable('index-trail', named('index-trail', indexTrail(environment)), console.error, readerRestMs));
  const wake = (): void => readers.forEach((reader) => reader.wake());
  const writing: TrailOptions = { wake, writer: oneWriter() };
  const [record, send] = [recordChange(environment, writing), sendAlert(environment, writing)];
  const queue = runQueue({
    client: new SQSClient(clientConfig(environment)),
    url: environment.queues.alerts,
    handler: (event, context) => inTheNameOf('send-alert', () => send(event, context)),
    region: environment.region,
    log: console.error,
  });
  return {
    take: (event: SQSEvent) => inTheNameOf('record-change', () => record(event, {})),
    stop: async () => void (await Promise.all([queue, ...readers].map((part) => part.stop()))),
  };
};

const named = (name: string, run: () => Promise<void>) => () => inTheNameOf(name, run);

/** Made when it is first woken: it writes by what wakes it. */
const follower = (environment: Environment, writing: () => TrailOptions): (() => Promise<void>) => {
  let follow: (() => Promise<void>) | undefined;
  return named('react', () => (follow ??= react(environment, writing()).follow)());
};

/** Events of alarms that begin to fail, as the urgent queue hands them over. */
export const batchOf = (alarms: string[], { account, region }: Environment): SQSEvent => {
  const queue = { eventSource: 'aws:sqs', eventSourceARN: `arn:aws:sqs:${region}:${account}:escalator-urgent` };
  const bodies = alarms.map((alarm) => bodyOf(alarm, { account, region }));
  const Records = bodies.map((body) => ({ messageId: randomUUID(), body, attributes: {}, ...queue }));
  return { Records } as unknown as SQSEvent;
};

const bodyOf = (alarm: string, place: Pick<Environment, 'account' | 'region'>): string => {
  const at = new Date();
  const { Source, DetailType, Detail, Resources } = failing(alarm, at);
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    ...place,
    time: at.toISOString(),
    resources: Resources,
    source: Source,
    'detail-type': DetailType,
    detail: JSON.parse(Detail) as object,
  });
};
