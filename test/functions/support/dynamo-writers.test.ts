import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import type { Group, Recorded } from '../../../shared/trail/entry.ts';
import { rootOf } from '../../../shared/trail/merkle.ts';
import { createLane } from '../../../functions/support/dynamo-lane.ts';
import { draftOf } from '../../harness/drafts.ts';
import { laneEntries, treeOf, wrongWith } from '../../harness/lane-check.ts';
import { seeded, shuffled } from '../../harness/random.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

const facts = 5_000;
const duplicates = facts * 0.2;
const writers = 4;

/** Half of the facts alone, half in groups of 2 to 20. */
const groupsOfFacts = (random: () => number): Group[] => {
  const groups: Group[] = [];
  for (let made = 0; made < facts;) {
    const wanted = made < facts / 2 ? 1 : 2 + Math.floor(random() * 19);
    const size = Math.min(wanted, facts - made);
    const from = made;
    groups.push({
      key: `group#${groups.length}`,
      entries: Array.from({ length: size }, (_, part) => draftOf({ subject: `arn:aws:test:::${from + part}` })),
    });
    made += size;
  }
  return groups;
};

/** A fifth of the facts once more: whole groups, until there are so many. */
const again = (groups: Group[], random: () => number): Group[] => {
  let left = duplicates;
  return shuffled([...groups], random).filter(({ entries }) => left > 0 && (left -= entries.length) > -20);
};

describe('four writers at once, 5,000 facts, a fifth of them twice, half of them in groups', () => {
  let tables: TrailTables;
  beforeAll(async () => {
    tables = await startTrailTables();
  });
  afterAll(() => tables.close());

  it.each([1, 3])(
    'lose none, double none, halve none, leave no gap; chain and root are right, with %i in hand each',
    async (inHand) => {
      const random = seeded(3);
      const environment = await tables.make();
      const groups = groupsOfFacts(random);
      const given = shuffled([...groups, ...again(groups, random)], random);
      expect(given.flatMap(({ entries }) => entries).length).toBeGreaterThanOrEqual(facts + duplicates);

      const answers = await Promise.all(
        Array.from({ length: writers }, async (_, writer): Promise<Recorded[]> => {
          const trail = createTrail(environment);
          const mine = given.filter((_group, index) => index % writers === writer);
          const recorded: Recorded[] = [];
          const starts = Array.from({ length: Math.ceil(mine.length / 40) }, (_, n) => n * 40).values();
          const caller = async (): Promise<void> => {
            for (const from of starts) recorded.push(...(await trail.append(mine.slice(from, from + 40))));
          };
          await Promise.all(Array.from({ length: inHand }, caller));
          return recorded;
        }),
      );

      const entries = await laneEntries(createTrail(environment));
      expect(wrongWith(entries)).toBeNull();
      expect(entries).toHaveLength(facts);
      expect(new Set(entries.map(({ subject }) => subject)).size).toBe(facts);
      for (const { key, place } of answers.flat()) {
        expect(entries[place.seq]).toMatchObject({
          factKey: key,
          segment: place.segment,
          part: { index: 0, of: place.count },
        });
      }
      const newest = await createLane(environment).newest();
      expect(rootOf(newest?.frontier ?? [])).toBe(treeOf(entries.map(({ hash }) => hash)));
      expect(newest?.head).toBe(entries.at(-1)?.hash);
    },
    120_000,
  );
});
