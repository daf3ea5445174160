import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventBus, type EventBus } from '../../../local/endpoint/event-bus.ts';
import { createParameters } from '../../../local/endpoint/parameters.ts';
import { openStore, type Store } from '../../../local/store.ts';
import { intakeRules } from '../../../shared/event/rules.ts';
import { account, region, temporary, type Running } from './harness.ts';

const now = new Date('2026-11-21T04:05:06.789Z');
const place = temporary();
let ids: number;
let sent: [queue: string, body: string][];
let refusals: { [queue: string]: string };
let bus: EventBus;
let store: Store;
let endpoint: Running;

const newId = (): string => `id-${(ids += 1)}`;
const send = async (queue: string, body: string): Promise<void> => {
  if (refusals[queue] !== undefined) throw new Error(refusals[queue]);
  sent.push([queue, body]);
};
const reset = (): void => {
  [ids, sent, refusals] = [0, [], {}];
};

beforeAll(async () => {
  reset();
  bus = createEventBus({ account, region, rules: intakeRules(account), send, now: () => now, newId });
  store = openStore({ dataDir: place.dataDir, account, region, now: () => now, newId, log: () => undefined });
  endpoint = await place.start({ events: bus.operations, ssm: createParameters(store.world, store.transaction) });
});
beforeEach(reset);
afterAll(async () => {
  await endpoint.close();
  await store.close();
  place.remove();
});

const put = (...entries: PutEventsRequestEntry[]) =>
  new EventBridgeClient(endpoint.config).send(new PutEventsCommand({ Entries: entries }));
const entry = (changes: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  Source: 'aws.codepipeline',
  DetailType: 'CodePipeline Pipeline Execution State Change',
  Detail: '{"pipeline":"shop"}',
  ...changes,
});

describe('PutEvents', () => {
  it('takes events of AWS services, keeps their time and resources, and puts them in the queue of the rule', async () => {
    const Time = new Date('2020-01-02T03:04:05Z');
    const answer = await put(entry({ Time, Resources: ['arn:aws:x'] }), entry({ Source: 'my.own' }));
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: 'id-1' }, { EventId: 'id-2' }] });
    expect(sent.map(([queue]) => queue)).toEqual(['urgent', 'bulk']);
    expect(JSON.parse(sent[0]?.[1] ?? '')).toEqual({
      version: '0',
      id: 'id-1',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      source: 'aws.codepipeline',
      account,
      time: '2020-01-02T03:04:05Z',
      region,
      resources: ['arn:aws:x'],
      detail: { pipeline: 'shop' },
    });
    expect(JSON.parse(sent[1]?.[1] ?? '')).toMatchObject({ time: '2026-11-21T04:05:06Z', resources: [] });
  });

  it('answers each entry that is wrong with its own error, and takes the others', async () => {
    const answer = await put(
      entry({ Detail: 'no JSON' }),
      entry({ Detail: '["no object"]' }),
      entry({ Source: undefined }),
      entry({ DetailType: '' }),
      entry(),
    );
    const codes = answer.Entries?.map(({ ErrorCode: code, EventId: id }) => code ?? id);
    expect(codes).toEqual(['MalformedDetail', 'MalformedDetail', 'InvalidArgument', 'InvalidArgument', 'id-1']);
    expect([answer.FailedEntryCount, sent.length]).toEqual([4, 1]);
  });

  it('never acknowledges an event that the queue did not take', async () => {
    refusals.urgent = 'full';
    const answer = await put(entry(), entry({ Source: 'my.own' }));
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toMatchObject([{ ErrorCode: 'InternalFailure' }, { EventId: 'id-2' }]);
    expect(answer.Entries?.[0]?.EventId).toBeUndefined();
  });

  it('acknowledges an event that no rule wants', async () => {
    const none = createEventBus({ account, region, rules: [], send, now: () => now, newId });
    expect(await none.operations.PutEvents?.({ Entries: [entry()] })).toMatchObject({ Entries: [{ EventId: 'id-1' }] });
    expect(sent).toEqual([]);
  });

  it('puts an event once in a queue that two rules name', async () => {
    const rules = ['a', 'b'].map((name) => ({ name, pattern: { account: [account] }, queue: 'same' }));
    const twice = createEventBus({ account, region, rules, send, now: () => now, newId });
    await twice.operations.PutEvents?.({ Entries: [entry()] });
    expect(sent).toHaveLength(1);
  });

  it('refuses more than ten entries, none, and a megabyte in all', async () => {
    const refusal = { name: 'ValidationException', $metadata: { httpStatusCode: 400 } };
    await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toMatchObject(refusal);
    await expect(put()).rejects.toMatchObject(refusal);
    const half = JSON.stringify({ text: 'é'.repeat(262_144) });
    await expect(put(entry({ Detail: half }), entry({ Detail: half }))).rejects.toMatchObject(refusal);
    expect((await put(entry({ Detail: half }))).FailedEntryCount).toBe(0);
  });

  it('keeps any text as it is, also what a queue would not take unescaped', async () => {
    const text = '\u0000\u001f\u202e\uffff 🎉 \ud800 </script>';
    await put(entry({ Detail: JSON.stringify({ text }) }));
    const sqs = new SQSClient(endpoint.config);
    const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: 'text' }));
    await endpoint.send('text', sent[0]?.[1] ?? '');
    const { Messages: messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(JSON.parse(messages?.[0]?.Body ?? '')).toMatchObject({ detail: { text } });
  });
});

describe('what the stand-ins emit', () => {
  it('goes the same way, with the id and time of its emission', async () => {
    await bus.deliver({ id: 'e-1', source: 'aws.cloudwatch', detailType: 'T', detail: { a: 1 }, time: new Date(0) });
    expect(sent.map(([queue]) => queue)).toEqual(['urgent']);
    expect(JSON.parse(sent[0]?.[1] ?? '')).toMatchObject({ id: 'e-1', time: '1970-01-01T00:00:00Z', resources: [] });
  });

  it('is not delivered as long as the queue does not take it', async () => {
    refusals.urgent = 'full';
    await expect(bus.deliver({ source: 'aws.cloudwatch', detailType: 'T', detail: {} })).rejects.toThrow('full');
  });
});

describe('SSM parameters', () => {
  const ssm = () => new SSMClient(endpoint.config);
  const name = '/escalator/kill-switch';
  const putParameter = (value: string, more: object = {}) =>
    ssm().send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', ...more }));

  afterEach(() => store.world.db.exec('DELETE FROM parameters'));

  it('are put and read, each write a version', async () => {
    expect(await putParameter('off')).toMatchObject({ Version: 1 });
    expect(await putParameter('all', { Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
    expect((await ssm().send(new GetParameterCommand({ Name: name }))).Parameter).toEqual({
      Name: name,
      Type: 'String',
      Value: 'all',
      Version: 2,
      LastModifiedDate: now,
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/escalator/kill-switch',
      DataType: 'text',
    });
  });

  it('are not overwritten unasked', async () => {
    await putParameter('off');
    await expect(putParameter('all')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  });

  it('that are not there are said to be so', async () => {
    await expect(ssm().send(new GetParameterCommand({ Name: name }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await putParameter('off');
    const both = await ssm().send(new GetParametersCommand({ Names: [name, 'other'] }));
    expect([both.Parameters?.map((one) => one.Value), both.InvalidParameters]).toEqual([['off'], ['other']]);
    await ssm().send(new DeleteParameterCommand({ Name: name }));
    await expect(ssm().send(new DeleteParameterCommand({ Name: name }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('have a name and a type, and no more than 4 KB', async () => {
    const refusal = { name: 'ValidationException' };
    await expect(putParameter('x'.repeat(4097))).rejects.toMatchObject(refusal);
    await expect(putParameter('x', { Name: 'a b' })).rejects.toMatchObject(refusal);
    await expect(putParameter('x', { Type: undefined })).rejects.toMatchObject(refusal);
  });
});
