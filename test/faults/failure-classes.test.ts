import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { createDeadLetter } from '../../functions/support/dead-letter.ts';
import { createDeadLetters } from '../../functions/support/dead-letters.ts';
import type { QueueName } from '../../functions/support/environment.ts';
import { logTo } from '../../functions/support/log.ts';
import { perMessage } from '../../functions/support/per-batch.ts';
import { type Running, runQueue } from '../../local/runtime/run-queue.ts';
import { queueSettings } from '../../shared/queues.ts';
import { impatient } from './impatient.ts';
import { wired, type Wired } from './wired.ts';

let there: Wired;
let sqs: SQSClient;
let running: Running;
beforeAll(async () => {
  logTo(() => {});
  there = await wired();
  sqs = new SQSClient(clientConfig(there.environment));
  running = describing();
}, 120_000);
afterAll(async () => {
  await running.stop();
  await there.remove();
}, 60_000);

/** How often the work of each was begun, and what it is in this test: a queue keeps one reader for all of them. */
let tries: Map<string, number>;
let work: (commit: string, tried: number) => void;
beforeEach(() => {
  tries = new Map();
  work = () => {};
});

const deadOf = (queue: QueueName): string =>
  there.environment.queues[queue].replace(`escalator-${queue}`, `escalator-${queue}-dead`);
const dead = async (queue: QueueName): Promise<Message[]> => {
  const asked = { QueueUrl: deadOf(queue), MessageAttributeNames: ['All'], VisibilityTimeout: 0 };
  return (await sqs.send(new ReceiveMessageCommand({ ...asked, MaxNumberOfMessages: 10 }))).Messages ?? [];
};
/** As many dead letters as there are, those included that somebody holds. */
const countOf = async (queue: QueueName): Promise<number> => {
  const names = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const];
  const asked = new GetQueueAttributesCommand({ QueueUrl: deadOf(queue), AttributeNames: names });
  const { Attributes = {} } = await sqs.send(asked);
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
};
const saidOf = ({ MessageAttributes = {} }: Message) =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));

const described = (commit: string): string => JSON.stringify({ repository: 'shop', commit, old: null });
const send = (queue: QueueName, MessageBody: string, group?: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: there.environment.queues[queue],
      MessageBody,
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: MessageBody.slice(-40) }),
    }),
  );

const describing = (): Running =>
  runQueue({
    client: impatient(new SQSClient(clientConfig(there.environment))),
    url: there.environment.queues.describe,
    region: there.environment.region,
    log: () => {},
    handler: perMessage(
      'describe-change',
      'describe',
      async ({ commit }) => {
        const tried = (tries.get(commit) ?? 0) + 1;
        tries.set(commit, tried);
        work(commit, tried);
      },
      createDeadLetter(there.environment),
    ),
  });
const named = (name: string): Error => Object.assign(new Error(`${name} it is`), { name, $fault: 'client' });

it('terminal by itself: dead-lettered at its first receive with class and reason, and redriven after the fix', async () => {
  let isMended = false;
  work = (commit) => {
    if (commit === 'wrong' && !isMended) throw named('ValidationException');
  };
  for (const commit of ['good-1', 'wrong', 'good-2']) await send('describe', described(commit));
  await vi.waitFor(async () => expect(await dead('describe')).toHaveLength(1), 30_000);
  await vi.waitFor(() => expect(tries.size).toBe(3), 30_000);
  const [letter] = await dead('describe');
  expect(letter?.Body).toBe(described('wrong'));
  expect(letter && saidOf(letter)).toEqual({
    Function: 'describe-change',
    Class: 'terminal',
    Reason: 'ValidationException: ValidationException it is',
    Receives: '1',
  });
  expect(Object.fromEntries(tries)).toEqual({ 'good-1': 1, wrong: 1, 'good-2': 1 });
  isMended = true;
  expect(await createDeadLetters(there.environment).move('describe', 10)).toBe(1);
  await vi.waitFor(() => expect(tries.get('wrong')).toBe(2), 30_000);
  expect(await dead('describe')).toEqual([]);
}, 90_000);

it('none of ours: dead-lettered at once, in the words of what is wrong with it, quoting nothing of it', async () => {
  await send('describe', '{"secret":"hunter2"}');
  await vi.waitFor(async () => expect(await dead('describe')).toHaveLength(1), 30_000);
  const [letter] = await dead('describe');
  expect(letter && saidOf(letter)).toMatchObject({ Class: 'terminal', Receives: '1' });
  expect(JSON.stringify(letter?.MessageAttributes)).not.toContain('hunter2');
  expect(tries.size).toBe(0);
}, 60_000);

it('one that is redriven and fails again does not go round: it is put back once, and is a dead letter again', async () => {
  expect(await createDeadLetters(there.environment).move('describe', 10)).toBe(1);
  await vi.waitFor(async () => expect(await countOf('describe')).toBe(1), 30_000);
}, 60_000);

it('terminal by what is around it: comes back, and is done once somebody has mended that', async () => {
  work = (_commit, tried) => {
    if (tried < 3) throw named('AccessDeniedException');
  };
  await send('describe', described('denied'));
  await vi.waitFor(() => expect(tries.get('denied')).toBe(3), 30_000);
  expect((await dead('describe')).filter(({ Body }) => Body === described('denied'))).toEqual([]);
}, 60_000);

it('retry: comes back until it goes well, and is no dead letter', async () => {
  work = (_commit, tried) => {
    if (tried < 4) throw named('ThrottlingException');
  };
  await send('describe', described('throttled'));
  await vi.waitFor(() => expect(tries.get('throttled')).toBe(4), 30_000);
  expect((await dead('describe')).filter(({ Body }) => Body === described('throttled'))).toEqual([]);
}, 60_000);

it('unknown: tried as often as the queue says, and dead-lettered by the queue', async () => {
  work = () => {
    throw new TypeError('a fault of ours');
  };
  await send('describe', described('unknown'));
  const letters = async () => (await dead('describe')).filter(({ Body }) => Body === described('unknown'));
  await vi.waitFor(async () => expect(await letters()).toHaveLength(1), 60_000);
  expect(tries.get('unknown')).toBe(queueSettings.describe.receives);
}, 90_000);

it('in order: one that is dead-lettered at once keeps nothing of its group waiting', async () => {
  const done: number[] = [];
  const acting = runQueue({
    client: impatient(new SQSClient(clientConfig(there.environment))),
    url: there.environment.queues.acts,
    region: there.environment.region,
    log: () => {},
    handler: perMessage(
      'take-step',
      'acts',
      async ({ seq }) => void done.push(seq),
      createDeadLetter(there.environment),
    ),
  });
  try {
    const act = (seq: number) => JSON.stringify({ ladder: 'production/shop', version: 1, actKey: `k.${seq}`, seq });
    await send('acts', act(1), 'target');
    await send('acts', '{"ladder":1}', 'target');
    await send('acts', act(2), 'target');
    await vi.waitFor(() => expect(done).toEqual([1, 2]), 30_000);
    const [letter] = await dead('acts');
    expect(letter && saidOf(letter)).toMatchObject({ Function: 'take-step', Class: 'terminal', Receives: '1' });
  } finally {
    await acting.stop();
  }
}, 60_000);
