import { describe, expect, it } from 'vitest';
import { listEntries } from '../../../functions/answer-question/entries.ts';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import { actorName } from '../../../shared/trail/actor-name.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { seeded } from '../../harness/random.ts';

type Asked = { kind?: string; actor?: string; environment?: string; service?: string };

/** 600 segments: kinds, people and places of which most are met everywhere, and some pairs hardly ever. */
const lane = async () => {
  const random = seeded(20261121);
  const [trail, rows] = [memoryTrail(), memoryRows()];
  const pick = <T>(some: T[]): T => some[Math.floor(random() ** 3 * some.length)] as T;
  for (let n = 0; n < 600; n += 1)
    await trail.append([
      {
        key: `f#${n}`,
        entries: Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
          draftOf({
            kind: pick(['a', 'b', 'c', 'd']),
            actor: { type: 'service', name: pick(['x', 'y', 'z']) },
            environment: pick(['production', 'staging', null]),
            service: pick(['shop', 'cart', null, 'mail']),
          }),
        ),
      },
    ]);
  const index = indexSegments(rows);
  await index(await trail.since(0, 1_000));
  return { ports: { trail, rows }, entries: trail.entries };
};

const answers = (entry: Entry, { kind, actor, environment, service }: Asked): boolean =>
  (kind ?? entry.kind) === entry.kind &&
  (actor ?? actorName(entry.actor)) === actorName(entry.actor) &&
  (environment ?? entry.environment) === entry.environment &&
  (service ?? entry.service) === entry.service;

const among = <T>(...some: T[]): (T | undefined)[] => [undefined, ...some];

const everything: Asked[] = among('a', 'd', 'never').flatMap((kind) =>
  among('x', 'z').flatMap((actor) =>
    among('production', 'staging').flatMap((environment) =>
      among('shop', 'mail').map(
        (service) => JSON.parse(JSON.stringify({ kind, actor, environment, service })) as Asked,
      ),
    ),
  ),
);

describe('what happened, by whom, where: in any combination', () => {
  it('is all that answers, and nothing else, over as many pages as it takes', async () => {
    const { ports, entries } = await lane();
    for (const asked of everything) {
      const found: number[] = [];
      for (let cursor: string | undefined, pages = 0; pages < 200; pages += 1) {
        const page = await listEntries(ports, asked, { limit: 40, ...(cursor === undefined ? {} : { cursor }) });
        found.push(...page.items.map(({ seq }) => seq));
        if (page.next === null) break;
        cursor = page.next;
      }
      const expected = entries.filter((entry) => answers(entry, asked)).map(({ seq }) => seq);
      expect({ asked, found }).toEqual({ asked, found: expected.toReversed() });
    }
  });
});
