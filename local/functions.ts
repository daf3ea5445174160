import type { MachineAlert } from '../shared/alert/machine.ts';
import { short } from '../shared/story/words.ts';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { Hono } from 'hono';
import { handlerFor as answerQuestion } from '../functions/answer-question/handler.ts';
import { handlerFor as describeChange } from '../functions/describe-change/handler.ts';
import { handlerFor as indexTrail } from '../functions/index-trail/handler.ts';
import { handlerFor as react } from '../functions/react/handler.ts';
import { handlerFor as reconcile } from '../functions/reconcile/handler.ts';
import { handlerFor as sealTrail } from '../functions/seal-trail/handler.ts';
import { handlerFor as takeCommand } from '../functions/take-command/handler.ts';
import type { ReconcileReport } from '../functions/reconcile/reconcile.ts';
import { handlerFor as recordChange } from '../functions/record-change/handler.ts';
import { handlerFor as sendAlert } from '../functions/send-alert/handler.ts';
import { clientConfig } from '../functions/support/aws-clients.ts';
import { oneWriter, type TrailOptions } from '../functions/support/dynamo-trail.ts';
import type { Environment } from '../functions/support/environment.ts';
import type { QueueHandler } from '../functions/support/per-batch.ts';
import type { Claim } from '../functions/take-step/actions.ts';
import { handlerFor as takeStep, outlived } from '../functions/take-step/handler.ts';
import { type Config, laddersOf } from '../shared/config/config.ts';
import { type RunQueue, runQueue } from './runtime/run-queue.ts';
import { every, readerRestMs, wakeable } from './runtime/wakeable.ts';

export type Functions = {
  /** questions, and commands */
  api: Hono;
  stop: () => Promise<void>;
};

export type FunctionsOptions = {
  environment: Environment & { terminal: string };
  config: Config;
  /** this start of the process: a claim of another one has nobody at work behind it */
  boot: string;
  about: () => { [field: string]: unknown };
  /** where the page is; null before it is served */
  page: () => string | null;
  /** shows one alert to the person at the terminal, as SNS delivered it */
  show: (alert: string) => void;
  log: (line: string) => void;
};

/** As the bulk queue's mapping on AWS: a storm makes large segments, and a batch is read while another is put. */
const bulk = { batchSize: 100, atOnce: 2 };
/** How often due timers are looked for that no message told of (ms). */
const sweepEvery = 2_000;
/** How often the trail is sealed (ms), as the schedule on AWS. */
const sealEvery = 60_000;

/** How often the services are asked what no event told (ms), and for how long it is left to events: they take no time here. */
const reconcileEvery = 15_000;
const reconcileLimits = { grace: 5_000, settle: 5_000, callEvery: 0, lookupEvery: 0 };

/** Runs every function behind what calls it on AWS: queues, the growth of the trail, and the clock. */
export const runFunctions = ({ environment, config, boot, about, page, show, log }: FunctionsOptions): Functions => {
  const wake = (): void => {
    indexer.wake();
    reactor.wake();
  };
  const writing: TrailOptions = { wake, writer: oneWriter() };
  const reacting = react(environment, { ...writing, page });
  const indexer = wakeable('index-trail', indexTrail(environment), log, readerRestMs);
  const reactor = wakeable('react', reacting.follow, log);
  const sealer = wakeable('seal-trail', sealTrail(environment, writing), log);
  const reconciling = reconcile(environment, { ...writing, limits: reconcileLimits, report: tellFailed(log) });
  const isAbandoned = (claim: Claim): boolean => claim.holder !== boot || outlived(claim);
  const client = new SQSClient(clientConfig(environment));
  const queue = (url: string, handler: QueueHandler, more: Pick<RunQueue, 'batchSize' | 'atOnce'> = {}) =>
    runQueue({ client, url, handler, region: environment.region, log, ...more });
  const { queues, terminal } = environment;
  const running = [
    queue(queues.urgent, recordChange(environment, writing)),
    queue(queues.bulk, recordChange(environment, writing), bulk),
    queue(queues.describe, describeChange(environment, writing)),
    queue(queues.acts, takeStep(environment, { ...writing, holder: boot, isAbandoned })),
    queue(queues.alerts, sendAlert(environment, writing)),
    queue(queues.timers, reacting.timers),
    queue(terminal, showing(show)),
    every(sweepEvery, 'sweep', reacting.sweep, log),
    every(Math.min(...laddersOf(config).map(({ poll }) => poll), 60_000), 'read checks', reacting.readChecks, log),
    every(sealEvery, 'seal', () => Promise.resolve(sealer.wake()), log),
    every(reconcileEvery, 'reconcile', reconciling, log),
    indexer,
    reactor,
    sealer,
  ];
  wake();
  return {
    api: doors(takeCommand(environment, { ...writing, seal: sealer.wake }), answerQuestion(environment, about)),
    stop: async () => void (await Promise.all(running.map((part) => part.stop()))),
  };
};

/** People are told of what could not be read; what was found is on the trail. */
const tellFailed =
  (log: (line: string) => void) =>
  ({ failed }: ReconcileReport): void => {
    for (const { target, error } of failed) log(`reconcile: ${target}: ${String(error)}`);
  };

/** Commands and questions behind one address. */
const doors = (commands: Hono, questions: Hono): Hono => new Hono().route('/', commands).route('/', questions);

/** The terminal subscribes to the topics like anybody else: what it shows is what SNS delivered. */
const showing =
  (show: (alert: string) => void): QueueHandler =>
  (event: SQSEvent) => {
    for (const { body } of event.Records) show(shown(JSON.parse(body) as Notification));
    return Promise.resolve({ batchItemFailures: [] });
  };

type Notification = { Subject?: string; Message?: string; Timestamp?: string };

/** What it takes to follow along: what fails, what changed before, what was done about it, and what comes next. */
const shown = ({ Subject = '', Message = '{}', Timestamp = '' }: Notification): string => {
  const alert = JSON.parse(Message) as MachineAlert;
  const { failing, done, also, next, links } = alert;
  const lines = [
    ...(failing.length === 0 ? [] : [`failing: ${failing.join(', ')}`]),
    ...causeIn(alert),
    ...done.map((deed) => `did: ${deed}`),
    ...also,
    `next: ${next}`,
    ...(alert.severity === 'page' && links.page !== null ? [`page: ${links.page}`] : []),
  ];
  return `${Timestamp.slice(11, 19)}  ${Subject}\n${indented(lines.join('\n'))}`;
};

/** What is likeliest to have caused it; else the change it is about. */
const causeIn = ({ suspects: [first], commit, subject, author }: MachineAlert): string[] => {
  if (first !== undefined) return [`suspect: ${first.what}, because ${first.why}`];
  if (commit === null) return [];
  return [`change: ${short(commit)} ${[subject, author].filter((said) => said !== null).join(', ')}`];
};

const indented = (text: string): string => text.replaceAll(/^/gm, ' '.repeat(10));
