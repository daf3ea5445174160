import { afterAll, beforeAll, expect, it } from 'vitest';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { createTimers } from '../../functions/support/dynamo-timers.ts';
import { logTo } from '../../functions/support/log.ts';
import { batchOf, laneOf, namesIn, pushed, wired, type Wired } from './wired.ts';

let there: Wired;
beforeAll(async () => {
  logTo(() => {});
  there = await wired();
}, 120_000);
afterAll(() => there.remove(), 60_000);

const fiveMinutes = 300_000;
const shifted = (ms: number) => ({ now: () => new Date(Date.now() + ms) });

it('clocks that are five minutes apart: the lane keeps its order, whoever writes; each fact is once, by its own time', async () => {
  const { environment } = there;
  const fast = recordChange(environment, shifted(fiveMinutes));
  const slow = recordChange(environment, shifted(-fiveMinutes));
  const names = Array.from({ length: 12 }, (_, n) => `image-${String(n).padStart(2, '0')}`);
  for (const [n, name] of names.entries()) {
    const time = new Date(Date.now() + (n % 3) * fiveMinutes - fiveMinutes).toISOString().replace(/\.\d+Z$/, 'Z');
    const batch = batchOf([pushed(name, time)]);
    const [first, second] = n % 2 === 0 ? [fast, slow] : [slow, fast];
    expect([await first(batch), await second(batch)]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  }
  expect(namesIn(await laneOf(environment))).toEqual(names);
});

it('a timer is not lost to a clock that is behind, and not early by one that is ahead: it is due by the reader’s own', async () => {
  const timers = createTimers(there.environment);
  const timer = { ladder: 'production/shop', version: 7, name: 'quiescence', due: '2026-11-21T12:00:00.000Z' };
  await timers.set(timer);
  expect(await timers.due('2026-11-21T11:55:00.000Z', 10)).toEqual([]);
  expect(await timers.due('2026-11-21T12:05:00.000Z', 10)).toEqual([timer]);
});
