import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { house } from '../../../functions/support/house.ts';
import { type Line, log, logTo, metric, within } from '../../../functions/support/log.ts';
import { perRequest, perWakeUp } from '../../../functions/support/per-call.ts';

let lines: Line[] = [];
beforeEach(() => {
  lines = [];
  logTo((line) => lines.push(line));
});
afterEach(() => logTo((line) => console.log(JSON.stringify(line))));

const anything = { name: 'f', wrongWith: () => null };

describe('the house around a function', () => {
  it('says how a call ended in one line, with its request id', async () => {
    await house(anything, () => Promise.resolve('done'))({}, { awsRequestId: 'r-7' });
    expect(lines).toEqual([{ level: 'info', function: 'f', request: 'r-7', ms: expect.any(Number) }]);
  });

  it('throws a failure on, told with what it was about as innermost known', async () => {
    const work = () => within({ seq: 4 }, () => within({ fact: 'a#1' }, () => Promise.reject(new Error('no'))));
    await expect(house(anything, work)({})).rejects.toThrow('no');
    expect(lines[0]).toMatchObject({ level: 'error', function: 'f', seq: 4, fact: 'a#1', error: 'Error: no' });
  });

  it('ends a call before Lambda does, so that it is told', async () => {
    const work = () => pause(5_000, 'late', { ref: false });
    const began = performance.now();
    await expect(house(anything, work)({}, { getRemainingTimeInMillis: () => 520 })).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(lines[0]).toMatchObject({ level: 'warn', Class: 'retry', error: expect.stringContaining('TimeoutError') });
  });

  it('tells calls that run beside each other apart', async () => {
    const work = async (id: string) => {
      await pause(1);
      log('info', { said: id });
    };
    const call = house(anything, work);
    await Promise.all(['a', 'b', 'c'].map((id) => call(id, { awsRequestId: `r-${id}` })));
    for (const line of lines.filter(({ said }) => said !== undefined))
      expect(line.request).toBe(`r-${String(line.said)}`);
  });
});

describe('a line of the log', () => {
  it('has no secret in it, wherever it was said', async () => {
    const key = ['AKIA', 'Z7QK3VYTR2WXLMNP'].join('');
    const work = () => Promise.reject(new Error(`signed with ${key}, password=hunter2hunter2`));
    await expect(house(anything, () => within({ about: `password=hunter2hunter2` }, work))({})).rejects.toThrow();
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(JSON.stringify(lines)).not.toContain(key);
  });

  it('stays one line, and short, whatever it is given', () => {
    log('warn', { error: `a\nb\u001b[31m${'x'.repeat(20_000)}` });
    const line = JSON.stringify(lines[0]);
    for (const control of ['\n', '\u001b']) expect(line).not.toContain(control);
    expect(line.length).toBeLessThan(700);
  });

  it('may carry one value of a metric, in the unit that stands for it', () => {
    metric('Behind', 12, { Reader: 'react' });
    expect(lines[0]).toMatchObject({ Behind: 12, Reader: 'react' });
    expect(JSON.stringify(lines[0])).toContain('{"Name":"Behind","Unit":"Seconds"}');
  });
});

describe('a function that is woken', () => {
  const woken = perWakeUp('index-trail', () => Promise.resolve());

  it('takes a schedule and the stream of the table, and nothing else', async () => {
    await woken({ schedule: true });
    await woken({ Records: [{ eventSource: 'aws:dynamodb' }] });
    for (const event of [{}, undefined, { Records: [{ eventSource: 'aws:sqs' }] }, 'x', { schedule: 'true' }])
      await expect(woken(event as never)).rejects.toThrow(/ESC-044|what is not for it/);
  });
});

describe('a function behind the door', () => {
  const asked = {
    rawPath: '/api/entries',
    rawQueryString: 'text=hunter2',
    requestContext: { requestId: 'g-1', http: { method: 'GET' } },
  };

  it('says who was answered what, and nothing of what was asked after it', async () => {
    await perRequest('answer-question', () => Promise.resolve({ statusCode: 404 }))(asked);
    expect(lines[0]).toMatchObject({ method: 'GET', path: '/api/entries', api: 'g-1', status: 404, records: 1 });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('takes nothing that is no request', async () => {
    await expect(perRequest('answer-question', () => Promise.resolve({}))({ Records: [] })).rejects.toThrow(
      /no request/,
    );
  });
});
