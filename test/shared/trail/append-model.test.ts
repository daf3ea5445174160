import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../shared/trail/append.ts';
import type { Group } from '../../../shared/trail/entry.ts';
import { linesOf, type Segment } from '../../../shared/trail/segment.ts';
import { type Writer, type Leave, fact, large, ask, explore, once } from '../../harness/append-worlds.ts';

describe('append, over every interleaving', () => {
  it.each([
    [
      'two writers with a fact in common',
      [
        [fact('a'), fact('b')],
        [fact('b'), fact('c')],
      ],
      1,
      1,
    ],
    [
      'two writers with the same facts, each crashing twice',
      [
        [fact('a'), fact('b')],
        [fact('a'), fact('b')],
      ],
      2,
      0,
    ],
    ['three writers with facts in common', [[fact('a'), fact('b')], [fact('a')], [fact('b')]], 1, 0],
    ['three writers, one fact, a lost reply each', [[fact('a')], [fact('a')], [fact('a')]], 0, 1],
  ] as [string, Group[][], number, number][])(
    '%s: each once, no gap, the chain holds, nothing acknowledged is lost',
    (_, jobs, crashes, lost) => {
      const { wrong, worlds, ends } = explore(once(jobs), crashes, lost);
      expect(wrong).toBeNull();
      expect(worlds).toBeGreaterThan(100);
      expect(ends.length).toBeGreaterThan(0);
    },
  );

  it('two deciders with different groups for one version: one is recorded, the other learns that it stood', () => {
    const { wrong, ends } = explore(once([[fact('ladder/p/s#5', 'mine')], [fact('ladder/p/s#5', 'yours')]]), 1, 1);
    expect(wrong).toBeNull();
    for (const end of ends) {
      const statuses = end.writers.map((writer) => writer.acknowledged[0]?.[0]?.status);
      expect(new Set(statuses)).toEqual(new Set(['recorded', 'stood']));
      const line = linesOf(end.lane[0] as Segment)[0] ?? '';
      expect(line).toContain(statuses[0] === 'recorded' ? 'mine' : 'yours');
    }
  });

  it('a writer whose reply was lost learns that its own group is recorded', () => {
    const { ends } = explore(once([[fact('a')]]), 0, 1);
    expect(ends.map((end) => end.writers[0]?.acknowledged[0]?.[0]?.status)).not.toContain('stood');
  });

  it('finds the mistake when the mending of the markers is left out', () => {
    expect(explore(once([[fact('a')], [fact('b')], [fact('a')]]), 1, 0, { mending: false }).wrong).toMatch(
      /recorded twice/,
    );
  });
});

describe('append by writers that go on from their last segment, over every interleaving', () => {
  const [a, b, c] = [fact('a'), fact('b'), fact('c')];
  const writer: Writer = {
    appends: [],
    acknowledged: [],
    history: [],
    warm: null,
    unbroken: false,
    ahead: null,
    known: null,
    crashes: 0,
    lost: 0,
  };
  it.each<[string, Group[][][], number, number]>([
    ['one writer with another in between', [[[a], [b], [c]], [[b]]], 1, 0],
    [
      'two writers of the same facts, in turn',
      [
        [[a], [b]],
        [[a], [b]],
      ],
      1,
      1,
    ],
    [
      'two writers of the same facts, crossed, each crashing twice',
      [
        [[a], [b]],
        [[b], [a]],
      ],
      2,
      0,
    ],
    ['three writers', [[[a], [b]], [[b], [a]], [[a]]], 0, 0],
    [
      'a fact that comes again, and one after it',
      [
        [[a], [a, b], [c]],
        [[c], [a]],
      ],
      1,
      0,
    ],
    ['an append of two segments', [[[large('a'), large('b')]], [[b]]], 1, 0],
  ])('%s: each once, no gap, the chain holds, nothing acknowledged is lost', (_, jobs, crashes, lost) => {
    const { wrong, ends } = explore(jobs, crashes, lost);
    expect(wrong).toBeNull();
    expect(ends.length).toBeGreaterThan(0);
  });

  it('does go on from it: alone, it reads the newest segment once for three appends', () => {
    const { ends } = explore([[[a], [b], [c]]], 0, 0);
    expect(ends.map(({ lane: segments }) => segments.length)).toEqual([3]);
    const second: Writer = { ...writer, appends: [[a], [b]], acknowledged: [[]], warm: ends[0]?.lane.at(-1) ?? null };
    expect(ask(second).value).toMatchObject({ do: 'read-markers', keys: ['b'] });
  });

  it.each<[string, Leave]>([
    ['markers are not written before going on', { marking: false }],
    ['a crash between the put and its markers is not forgotten', { forgetting: false }],
  ])('finds the mistake when %s', (_, leave) => {
    expect(explore([[[a], [b]], [[a]]], 1, 0, leave).wrong).toMatch(/recorded twice/);
  });

  it('does read ahead: with what it found and recorded since, it puts the next segment at once', () => {
    const { ends } = explore([[[a], [b], [a, c]]], 0, 0);
    expect(new Set(ends.map(({ lane: segments }) => segments.map(({ count }) => count).join()))).toEqual(
      new Set(['1,1,1']),
    );
    const found = ends[0]?.markers.get('a') as Marker;
    const third: Writer = { ...writer, appends: [[a, c]], warm: ends[0]?.lane[1] ?? null, known: [found] };
    expect(ask(third).value).toMatchObject({ do: 'put-segment', segment: { n: 2, count: 1 } });
  });

  it.each<[string, Group[][][], Leave]>([
    ['a writer that another came before believes what it read ahead', [[[a], [b], [c]], [[c]]], { losing: false }],
    ['what was recorded since is not looked at', [[[a], [b], [b, c]]], { noting: false }],
  ])('finds the mistake when %s', (_, jobs, leave) => {
    expect(explore(jobs, 0, 0).wrong).toBeNull();
    expect(explore(jobs, 0, 0, leave).wrong).toMatch(/recorded twice/);
  });
});
