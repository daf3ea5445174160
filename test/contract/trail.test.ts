import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCursors } from '../../functions/support/dynamo-cursors.ts';
import { createRows } from '../../functions/support/dynamo-rows.ts';
import { createTimers } from '../../functions/support/dynamo-timers.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { failureClass } from '../../shared/watch/failure.ts';
import { groupOf } from '../harness/drafts.ts';
import { findPlace, type Place } from './place.ts';

let place: Place;
beforeAll(async () => void (place = await findPlace()), 180_000);
afterAll(() => place.remove(), 120_000);

describe('DynamoDB, as the trail uses it', () => {
  it('takes a group once, whoever puts it and however often', async () => {
    const [one, other] = [createTrail(place.environment), createTrail(place.environment)];
    const [ours, theirs] = [groupOf('a#1', { reason: 'ours' }), groupOf('a#1', { reason: 'theirs' })];
    const both = await Promise.all([one.append([ours, groupOf('b#1')]), other.append([theirs])]);
    expect(
      both
        .flat()
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(['recorded', 'recorded', 'stood']);
    expect((await one.append([groupOf('a#1')])).map(({ status }) => status)).toEqual(['stood']);
    const entries = (await one.since(0, 10)).flatMap((segment) => segment.entries);
    expect(entries.map(({ seq }) => seq)).toEqual([0, 1]);
  });

  it('answers where a group stands, and nothing of one that is not there', async () => {
    const trail = createTrail(place.environment);
    const found = await trail.find('a#1');
    expect(found === null ? [] : await trail.read(found)).toMatchObject([{ factKey: 'a#1' }]);
    expect(await trail.find('nobody#1')).toBeNull();
  });

  it('takes more items than one batch has, and more bytes than one answer has', async () => {
    const rows = createRows(place.environment);
    const row = (n: number) => ({
      question: 'q',
      sort: `s-${String(n).padStart(4, '0')}`,
      segment: n,
      body: { text: 'x'.repeat(9_000) },
    });
    await rows.put(Array.from({ length: 150 }, (_, n) => row(n)));
    const found = await rows.newest('q', 1_000);
    expect(found.map(({ segment }) => segment)).toEqual(Array.from({ length: 150 }, (_, n) => 149 - n));
  });

  it('moves a cursor forward only', async () => {
    const cursors = createCursors(place.environment);
    expect(await cursors.get('r')).toBe(0);
    await cursors.advance('r', 5);
    await cursors.advance('r', 3);
    expect(await cursors.get('r')).toBe(5);
    expect([await cursors.attempt('r', 9), await cursors.attempt('r', 9)]).toEqual([1, 2]);
  });

  it('gives out timers that are due, soonest first, until they are cleared', async () => {
    const timers = createTimers(place.environment);
    const timer = (due: string) => ({ ladder: 'production/shop', version: 1, name: 'quiescence', due });
    const [early, late] = [timer('2026-11-21T04:05:06.000Z'), timer('2026-11-21T04:05:07.000Z')];
    await timers.set(late);
    await timers.set(early);
    expect(await timers.due('2026-11-21T04:05:06.999Z', 10)).toEqual([early]);
    expect(await timers.due('2026-11-21T04:05:07.000Z', 10)).toEqual([early, late]);
    await timers.clear(early);
    expect(await timers.due('2026-11-21T04:05:08.000Z', 10)).toEqual([late]);
  });

  it('says of a table that is not there that trying again does not help', async () => {
    const asked = new DynamoDBClient(place.config).send(
      new DescribeTableCommand({ TableName: `${place.prefix}-none` }),
    );
    const error = await asked.then(
      () => null,
      (refused: unknown) => refused,
    );
    expect(error).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(failureClass(error)).toBe('terminal');
  });
});
