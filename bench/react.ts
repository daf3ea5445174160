/**
 * From an alarm's event to the published message, without a wait for a group: `node bench/react.ts [events]`, 300 after 30
 * by default. The event is handed to record-change as its queue does; what the trail wakes is react; what that sends goes
 * through the queue to send-alert, until SNS took it. All on the endpoint of one machine, in another process.
 * Beside each, in turns: the limit, which is the very calls of the SDK that the reaction waited for, one after the other
 * with nothing thought between them; and Alertmanager, which writes nothing down, at a wait of 0 s; at the end all at its
 * default of 30 s.
 */
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { clientConfig } from '../functions/support/aws-clients.ts';
import { logTo } from '../functions/support/log.ts';
import { hasAlertmanager, startAlertmanager } from './alertmanager.ts';
import { alarmOf, configOfMany } from './many-services.ts';
import { type Call, listenTo } from './react/calls.ts';
import { batchOf, startEndpoint, startFunctions } from './react/functions.ts';
import { replay } from './react/limit.ts';

const events = Number(process.argv[2] ?? 300);
const warmUps = 30;

/** How long it took from an event to its message (ms), and the calls it waited for. */
type Reaction = { took: number; path: Call[] };

const reactionTo = async (event: SQSEvent, take: (event: SQSEvent) => Promise<unknown>): Promise<Reaction> => {
  const calls: Call[] = [];
  const published = new Promise<number>((resolve) => {
    listenTo((call) => {
      calls.push(call);
      if (call.command.constructor.name === 'PublishCommand') resolve(call.answeredAt);
    });
  });
  const began = performance.now();
  await take(event);
  const ended = await published;
  return { took: ended - began, path: waitedFor(calls.filter(({ answeredAt }) => answeredAt <= ended)) };
};

/** What react does after it sent the message on is waited for by nobody. */
const waitedFor = (calls: Call[]): Call[] => {
  const sent = calls.findLastIndex(
    ({ by, command }) => by === 'react' && command.constructor.name === 'SendMessageCommand',
  );
  return calls.filter(({ by }, at) => by !== 'react' || at <= sent);
};

/** Posts alerts to Alertmanager and waits for the message of each. */
const tellingBy = async (wait: string) => {
  const waiting = new Map<string, () => void>();
  const alertmanager = await startAlertmanager({ wait, interval: '5m' }, (body) => {
    const { groupLabels } = JSON.parse(body) as { groupLabels: { group: string } };
    waiting.get(groupLabels.group)?.();
  });
  const tell = async (alarm: string): Promise<number> => {
    const began = performance.now();
    const told = new Promise<void>((resolve) => void waiting.set(alarm, resolve));
    const labels = { alertname: alarm, group: alarm, service: 'shop', severity: 'page' };
    await alertmanager.post([{ labels, annotations: { summary: `${alarm} fails` } }]);
    await told;
    return performance.now() - began;
  };
  return { tell, stop: alertmanager.stop };
};

/** The same where groups wait as long as they do unless told otherwise: all at once, or it would take hours. */
const afterItsWait = async (): Promise<number[]> => {
  const { tell, stop } = await tellingBy('30s');
  const took = await Promise.all(Array.from({ length: events }, (_, n) => tell(`alarm-${n}`)));
  stop();
  return took;
};

const quantile = (values: number[], q: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const row = (what: string, values: number[]): string =>
  `| ${what} | ${quantile(values, 0.5).toFixed(1)} | ${quantile(values, 0.99).toFixed(1)} |`;
const ratio = (ours: number[], limit: number[], q: number): string =>
  (quantile(ours, q) / quantile(limit, q)).toFixed(2);

logTo(() => {});
const config = configOfMany(events + warmUps, 1);
const { environment, stop } = await startEndpoint(config.file);
const functions = startFunctions(environment, { indexed: false });
const compared = hasAlertmanager();
const atOnce = compared ? await tellingBy('0s') : null;
try {
  const made = await new SQSClient(clientConfig(environment)).send(new CreateQueueCommand({ QueueName: 'beside' }));
  const [ours, limit, theirs]: number[][] = [[], [], []];
  let calls: Call[] = [];
  for (let n = 0; n < events + warmUps; n += 1) {
    const { took, path } = await reactionTo(batchOf([alarmOf(n, 0)], environment), functions.take);
    const bare = await replay(path, made.QueueUrl ?? '');
    const other = await atOnce?.tell(`alarm-${n}`);
    if (n < warmUps) continue;
    calls = path;
    ours?.push(took);
    limit?.push(bare);
    if (other !== undefined) theirs?.push(other);
  }
  console.log('| from an event to its message | p50 (ms) | p99 (ms) |\n| --- | --- | --- |');
  console.log(row('Escalator', ours ?? []));
  console.log(row(`the limit: its ${calls.length} calls`, limit ?? []));
  if (compared) {
    console.log(row('Alertmanager, wait 0 s', theirs ?? []));
    console.log(row('Alertmanager, wait 30 s (its default)', await afterItsWait()));
  }
  const counts = Map.groupBy(calls, ({ by, command }) => `${by} ${command.constructor.name.replace('Command', '')}`);
  console.log([...counts].map(([name, { length }]) => `${length} ${name}`).join(', '));
  console.log(
    `Escalator to the limit: p50 ${ratio(ours ?? [], limit ?? [], 0.5)}, p99 ${ratio(ours ?? [], limit ?? [], 0.99)}`,
  );
} finally {
  atOnce?.stop();
  await functions.stop();
  await stop();
  config.remove();
}
