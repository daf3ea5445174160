import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../functions/support/dead-letter.ts';
import { type Line, logTo } from '../../../functions/support/log.ts';
import { perBatch, perMessage } from '../../../functions/support/per-batch.ts';

let lines: Line[] = [];
beforeEach(() => {
  lines = [];
  logTo((line) => lines.push(line));
});
afterEach(() => logTo((line) => console.log(JSON.stringify(line))));

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
    expect(await perBatch('f', async () => [{ id: 'b' }])(batch(['a', 'b', 'c']))).toEqual(failing(['b']));
  });

  it('fails the whole batch when the work throws', async () => {
    const thrown = perBatch('f', () => Promise.reject(new Error('the store does not answer')));
    expect(await thrown(batch(['a', 'b']))).toEqual(failing(['a', 'b']));
    expect(lines).toMatchObject([
      { level: 'error', function: 'f', error: 'Error: the store does not answer', Failures: 1, Class: 'unknown' },
      { level: 'info', function: 'f', records: 2, failures: 2 },
    ]);
  });

  it('fails the whole batch when the work names a message that is not in it', async () => {
    expect(await perBatch('f', async () => [{ id: 'z' }])(batch(['a', 'b']))).toEqual(failing(['a', 'b']));
  });

  it('on a FIFO queue gives back what follows a failed message in its group, and nothing of other groups', async () => {
    const handler = perBatch('f', async () => [{ id: 'b' }]);
    expect(await handler(batch(['a@x', 'b@x', 'c@y', 'd@x'], 'acts.fifo'))).toEqual(failing(['b', 'd']));
  });

  it('writes one line a batch, without bodies', async () => {
    await perBatch('f', async () => [{ id: 'a' }])(batch(['a', 'b']));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'info', function: 'f', records: 2, failures: 1 });
    expect(JSON.stringify(lines)).not.toContain('body of');
  });

  it('refuses, before anything is done, what is no batch of a queue: somebody wired it wrongly', async () => {
    const handler = perBatch('f', () => Promise.reject(new Error('the work was begun')));
    const wrong = [
      undefined,
      null,
      {},
      { Records: 'x' },
      { Records: [null] },
      { Records: [{ eventSource: 'aws:s3' }] },
    ];
    for (const event of wrong)
      await expect(handler(event as never)).rejects.toThrow(/f was called with what is not for it/);
    expect(lines.every(({ error }) => error === undefined || error.startsWith('ESC-044'))).toBe(true);
  });

  it('never logs what a parser quotes of a body', async () => {
    await perBatch('f', async () => JSON.parse('secret-that-is-not-json') as [])(batch(['a']));
    expect(lines[0]?.error).toBe('SyntaxError');
  });

  it('answers also when its log cannot be written', async () => {
    logTo(() => {
      throw new Error('the disk is full');
    });
    expect(await perBatch('f', async () => [])(batch(['a']))).toEqual(failing([]));
    expect(await perBatch('f', () => Promise.reject(new Error('x')))(batch(['a']))).toEqual(failing(['a']));
  });
});

const acts = (bodies: unknown[]): SQSEvent => {
  const event = batch(bodies.map((_, n) => `m${n}`));
  return { Records: event.Records.map((record, n) => ({ ...record, body: JSON.stringify(bodies[n]) })) };
};
const act = (seq: number) => ({ ladder: 'production/shop', version: 5, actKey: `production/shop#5.${seq}`, seq });

describe('work on one message after the other', () => {
  it('gives back a message that is not one of ours, and does the others', async () => {
    const done: number[] = [];
    const handler = perMessage('take-step', 'acts', ({ seq }) => Promise.resolve(done.push(seq)));
    const answer = await handler(acts([act(1), { ladder: 7 }, [], 'text', { ...act(2), version: '5' }, act(3)]));
    expect(answer).toEqual(failing(['m1', 'm2', 'm3', 'm4']));
    expect(done).toEqual([1, 3]);
    expect(lines.slice(0, 4)).toMatchObject([
      {
        level: 'error',
        message: 'm1',
        receives: 1,
        Class: 'terminal',
        error: expect.stringContaining('its ladder is no text'),
      },
      { message: 'm2', error: expect.stringContaining('it is no JSON object') },
      { message: 'm3', error: expect.stringContaining('it is no JSON object') },
      { message: 'm4', error: expect.stringContaining('its version is no number') },
    ]);
  });

  it('gives back a message whose work throws or is not done yet, and no other', async () => {
    const handler = perMessage('take-step', 'acts', ({ seq }) => {
      if (seq === 1) return Promise.reject(new Error('no'));
      return Promise.resolve(seq !== 2);
    });
    expect(await handler(acts([act(0), act(1), act(2), act(3)]))).toEqual(failing(['m1', 'm2']));
  });

  it('tells a failure with the call, the message and what that says', async () => {
    const handler = perMessage('take-step', 'acts', () => Promise.reject(new Error('no')));
    await handler(acts([act(9)]), { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30_000 });
    expect(lines[0]).toMatchObject({
      function: 'take-step',
      request: 'r-1',
      message: 'm0',
      ladder: 'production/shop',
      actKey: 'production/shop#5.9',
    });
  });
});

describe('a message that fails by itself', () => {
  const wrong = (): Error => Object.assign(new Error('too large'), { name: 'ValidationException', $fault: 'client' });
  const burying = (fails = false) => {
    const buried: unknown[] = [];
    const bury: DeadLetter = (letter, by, why) => {
      if (fails) return Promise.reject(new Error('the queue does not answer'));
      buried.push([letter, by, String(why)]);
      return Promise.resolve();
    };
    return { buried, bury };
  };

  it('is buried at once, with what it was, and does not come back; the others are not touched', async () => {
    const { buried, bury } = burying();
    const work = async () => [{ id: 'b', error: wrong() }, { id: 'c' }];
    expect(await perBatch('f', work, bury)(batch(['a', 'b', 'c']))).toEqual(failing(['c']));
    const queueArn = 'arn:aws:sqs:us-east-1:000000000000:bulk';
    const letter = { id: 'b', body: 'body of b', queueArn, group: null, receives: 1 };
    expect(buried).toEqual([[letter, 'f', 'ValidationException: too large']]);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'b', deadLettered: true }));
  });

  it.each([
    ['a permission that lacks', Object.assign(new Error('no'), { name: 'AccessDeniedException', $fault: 'client' })],
    [
      'a thing that is not there',
      Object.assign(new Error('no'), { name: 'ResourceNotFoundException', $fault: 'client' }),
    ],
    ['a throttle', Object.assign(new Error('no'), { name: 'ThrottlingException', $fault: 'client' })],
    ['a fault of ours', new TypeError('x is undefined')],
    ['nothing that was said', undefined],
  ])('is none that failed for %s: it comes back', async (_, error) => {
    const { buried, bury } = burying();
    expect(await perBatch('f', async () => [{ id: 'a', error }], bury)(batch(['a']))).toEqual(failing(['a']));
    expect(buried).toEqual([]);
  });

  it('comes back where it cannot be buried, and that is told', async () => {
    const { bury } = burying(true);
    expect(await perBatch('f', async () => [{ id: 'a', error: wrong() }], bury)(batch(['a']))).toEqual(failing(['a']));
    expect(lines[0]).toMatchObject({ message: 'a', error: 'Error: the queue does not answer' });
  });

  it('that is buried lets what follows in its group go on', async () => {
    const { bury } = burying();
    const work = async () => [{ id: 'a', error: wrong() }];
    expect(await perBatch('f', work, bury)(batch(['a@t', 'b@t'], 'acts.fifo'))).toEqual(failing([]));
  });

  it('is one that is none of ours', async () => {
    const { buried, bury } = burying();
    const handler = perMessage('take-step', 'acts', () => Promise.resolve(), bury);
    expect(await handler(acts([act(1), { ladder: 7 }]))).toEqual(failing([]));
    expect(buried).toMatchObject([[{ id: 'm1' }, 'take-step', expect.stringContaining('its ladder is no text')]]);
  });
});
