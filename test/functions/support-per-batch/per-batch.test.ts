import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logBatchesTo, perBatch } from '../../../functions/support/per-batch.ts';
import type { BatchLine } from '../../../functions/support/per-batch.ts';

let lines: BatchLine[] = [];
beforeEach(() => {
  lines = [];
  logBatchesTo((line) => lines.push(line));
});
afterEach(() => logBatchesTo((line) => console.log(JSON.stringify(line))));

/** A batch of `id` or `id@group` messages. */
const batch = (ids: string[], queue = 'bulk'): SQSEvent => ({
  Records: ids.map((text) => {
    const [messageId = '', group] = text.split('@');
    const attributes = { ApproximateReceiveCount: '1', SentTimestamp: '0', SenderId: 'x' };
    return {
      messageId,
      receiptHandle: `handle-${messageId}`,
      body: `body of ${messageId}`,
      attributes: { ...attributes, ApproximateFirstReceiveTimestamp: '0', ...(group && { MessageGroupId: group }) },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      awsRegion: 'us-east-1',
    };
  }),
});

const failing = (ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the house wrapper of a queue', () => {
  it('gives the work every message with its id, body and attributes', async () => {
    const seen: unknown[] = [];
    await perBatch('f', async (messages) => {
      seen.push(...messages.map((m) => [m.id, m.body, m.attributes['ApproximateReceiveCount']]));
      return [];
    })(batch(['a', 'b']));
    expect(seen).toEqual([
      ['a', 'body of a', '1'],
      ['b', 'body of b', '1'],
    ]);
  });

  it('answers an empty list when nothing failed', async () => {
    expect(await perBatch('f', async () => [])(batch(['a']))).toEqual(failing([]));
  });

  it('gives back only what failed', async () => {
    expect(await perBatch('f', async () => ['b'])(batch(['a', 'b', 'c']))).toEqual(failing(['b']));
  });

  it('fails the whole batch when the work throws', async () => {
    const thrown = perBatch('f', () => Promise.reject(new Error('the store does not answer')));
    expect(await thrown(batch(['a', 'b']))).toEqual(failing(['a', 'b']));
    expect(lines).toMatchObject([{ function: 'f', messages: 2, failed: 2, error: 'Error: the store does not answer' }]);
  });

  it('fails the whole batch when the work names a message that is not in it', async () => {
    expect(await perBatch('f', async () => ['z'])(batch(['a', 'b']))).toEqual(failing(['a', 'b']));
  });

  it('on a FIFO queue gives back what follows a failed message in its group, and nothing of other groups', async () => {
    const handler = perBatch('f', async () => ['b']);
    expect(await handler(batch(['a@x', 'b@x', 'c@y', 'd@x'], 'acts.fifo'))).toEqual(failing(['b', 'd']));
  });

  it('writes one line a batch, without bodies', async () => {
    await perBatch('f', async () => ['a'])(batch(['a', 'b']));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ function: 'f', messages: 2, failed: 1 });
    expect(JSON.stringify(lines)).not.toContain('body of');
  });

  it('never logs what a parser quotes of a body', async () => {
    await perBatch('f', async () => JSON.parse('secret-that-is-not-json') as string[])(batch(['a']));
    expect(lines[0]?.error).toBe('SyntaxError');
  });

  it('answers also when its log cannot be written', async () => {
    logBatchesTo(() => {
      throw new Error('the disk is full');
    });
    expect(await perBatch('f', async () => [])(batch(['a']))).toEqual(failing([]));
    expect(await perBatch('f', () => Promise.reject(new Error('x')))(batch(['a']))).toEqual(failing(['a']));
  });
});
