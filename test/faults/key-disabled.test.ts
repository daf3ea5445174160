import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handlerFor as recordChange } from '../../functions/record-change/handler.ts';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { handlerFor as react } from '../../functions/react/handler.ts';
import { type Line, logTo } from '../../functions/support/log.ts';
import { type Body, startBetween } from '../harness/between.ts';
import { batchOf, laneOf, namesIn, pushed, wired, type Wired } from './wired.ts';

/** As DynamoDB answers for a table whose key is disabled (DynamoDB Developer Guide, "Encryption at rest": inaccessible). */
const disabled: Body = {
  __type: 'com.amazon.coral.service#AccessDeniedException',
  message: 'The key arn:aws:kms:us-east-1:000000000000:key/k is disabled (KMS.DisabledException)',
};

let there: Wired;
let isDisabled = false;
let between: Awaited<ReturnType<typeof startBetween>>;
let lines: Line[];
beforeAll(async () => {
  there = await wired();
  between = await startBetween(there.environment.endpoint ?? '', () => (isDisabled ? { refuse: disabled } : {}));
}, 120_000);
beforeEach(() => {
  lines = [];
  logTo((line) => lines.push(line));
});
afterAll(async () => {
  between.close();
  await there.remove();
}, 60_000);

it('a disabled key: nothing is acknowledged or done while it is, and all of it is recorded once when it is enabled again', async () => {
  const { environment } = there;
  const behind = { ...environment, endpoint: between.endpoint };
  const record = recordChange(behind);
  const names = Array.from({ length: 10 }, (_, n) => `image-${n}`);
  const batch = batchOf(names.map((name) => pushed(name)));
  isDisabled = true;
  expect((await record(batch)).batchItemFailures).toHaveLength(10);
  expect(lines.find(({ error }) => error !== undefined)).toMatchObject({ level: 'error', Class: 'terminal' });
  await expect(indexTrail(behind)()).rejects.toThrow(/disabled/);
  await expect(react(behind).follow()).rejects.toThrow(/disabled/);
  isDisabled = false;
  expect(await laneOf(environment)).toEqual([]);
  expect((await record(batch)).batchItemFailures).toEqual([]);
  expect((await record(batch)).batchItemFailures).toEqual([]);
  expect(namesIn(await laneOf(environment)).toSorted()).toEqual(names);
});
