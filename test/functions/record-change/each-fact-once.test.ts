import { describe, expect, it } from 'vitest';
import { recordChange } from '../../../functions/record-change/record-change.ts';
import { trailIn } from '../../../functions/support/dynamo-trail.ts';
import type { StoredSegment } from '../../../shared/trail/segment.ts';
import { rootOf } from '../../../shared/trail/merkle.ts';
import { type AwsEvent, deliveryEvent } from '../../harness/deliveries.ts';
import { laneEntries, treeOf, wrongWith } from '../../harness/lane-check.ts';
import { memoryTable, type Strain } from '../../harness/memory-table.ts';
import { seeded, shuffled } from '../../harness/random.ts';
import { context, groupsOf } from '../../shared/event/harness.ts';

const facts = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 10_000;
const seed = Number(process.env['ESCALATOR_SEED'] ?? 20_261_121);

/** Most facts come once or twice, as they do; some as often as twenty times. */
const timesOf = (random: () => number): number => 1 + Math.floor(20 * random() ** 6);

/** What a state machine says of itself can be asked for later: these facts are known by what they say, not by when. */
const polled = new Set(['aws.codepipeline']);

const topic = 'arn:aws:sns:eu-west-1:111122223333:changes';

/** The fact as it is told again: under another id, by another way, and where it was asked for, at another time. */
const told = (event: AwsEvent, random: () => number): string => {
  const poll = random() < 0.5;
  const id = `${Math.floor(random() * 1e15)}`;
  const time = poll && polled.has(event.source) ? '2026-11-20T10:10:10Z' : event.time;
  const again = { ...event, id, time };
  const way = Math.floor(random() * 3);
  if (way === 0) return JSON.stringify(again);
  if (way === 1)
    return JSON.stringify({ Type: 'Notification', MessageId: id, TopicArn: topic, Message: JSON.stringify(again) });
  const { 'detail-type': detailType, ...rest } = again;
  return JSON.stringify({
    ...rest,
    detailType,
    notificationRuleArn: 'arn:aws:codestar-notifications:r',
    additionalAttributes: {},
  });
};

/** A queue that gives batches of up to a hundred, and takes back what failed. */
const queueOf = (numbers: number[], random: () => number) => {
  const waiting = [...numbers];
  return {
    take: (): number[] => waiting.splice(-Math.ceil(random() * 100)),
    back: (failed: number[]): void => void waiting.unshift(...failed),
    isEmpty: (): boolean => waiting.length === 0,
  };
};

describe('facts delivered 1 to 20 times in any order, by push and by poll', () => {
  it.each<[string, number, Strain]>([
    ['by a table that answers', facts * 0.7, { unprocessed: 0, throttled: 0, lost: 0 }],
    ['by a table that is throttled and loses replies', facts * 0.3, { unprocessed: 0.1, throttled: 0.01, lost: 0.02 }],
  ])(
    `are recorded once each, four writers taking them ${'%s'} (seed ${seed})`,
    async (_, count, strain) => {
      const random = seeded(seed);
      const { table, items, refused } = memoryTable(random, strain);
      const place = { table, putter: table, lane: 'l', origin: 'escalator/999988887777/us-east-1' };
      const deliveries = Array.from({ length: count }, (_fact, n) => Array<number>(timesOf(random)).fill(n)).flat();
      const queue = queueOf(shuffled(deliveries, random), random);
      const write = async (): Promise<void> => {
        const objects = { put: () => Promise.resolve() };
        const record = recordChange({
          trail: trailIn(place, { random: () => 0 }),
          objects,
          context,
          trouble: () => {},
        });
        while (!queue.isEmpty()) {
          const numbers = queue.take();
          const messages = numbers.map((n, index) => ({ id: String(index), body: told(deliveryEvent(n), random) }));
          const failed = await record(messages);
          queue.back(failed.map(({ id }) => numbers[Number(id)] ?? 0));
        }
      };
      await Promise.all(Array.from({ length: 4 }, write));

      const entries = await laneEntries(trailIn(place));
      expect(wrongWith(entries)).toBeNull();
      const wanted = new Set(Array.from({ length: count }, (_fact, n) => groupsOf(deliveryEvent(n))[0]?.key ?? ''));
      expect(wanted.size).toBe(count);
      expect(entries.find(({ factKey }) => !wanted.has(factKey))?.factKey).toBeUndefined();
      expect(entries).toHaveLength(count);
      const segments = items().filter(({ pk }) => pk === 'LANE#l') as unknown as StoredSegment[];
      const last = segments.reduce((newest, segment) => (segment.n > newest.n ? segment : newest));
      expect(rootOf(last.frontier)).toBe(treeOf(entries.map(({ hash }) => hash)));
      expect(refused() > 0).toBe(strain.throttled > 0);
    },
    120_000 * Math.max(1, facts / 10_000),
  );
});
