import { describe, expect, it } from 'vitest';
import { type Input, type Need, needsOf } from '../../../shared/ladder/input.ts';
import { broken, healthy, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { ben } from '../../harness/orders.ts';

const at = '2026-11-21T12:00:00.000Z';
/** What is read for an input, by name. */
const reads = (input: Input, test: TestLadder = healthy()): string[] =>
  Object.entries(needsOf(test.state(), input) satisfies Need)
    .filter(([, isNeeded]) => isNeeded)
    .map(([name]) => name)
    .toSorted();
const order = (name: 'hold' | 'resume'): Input => ({ type: 'order', seq: 99, order: { name }, who: ben, why: 'x' });
const stage = { type: 'stage', seq: 99, execution: 'x-9', startedAt: at, at, reason: '' } as const;

describe('what is read for an input', () => {
  it.each<[string, Input, string[]]>([
    ['the minute', { type: 'read' }, ['above', 'alarms']],
    ['a series of an alarm', { type: 'series', seq: 99, alarm: 'a' }, ['alarms']],
    [
      'an alarm, which says itself what it is',
      { type: 'alarm', seq: 99, alarm: 'a', value: 'fail', at, reason: '' },
      [],
    ],
    ['a change on its way', { type: 'sourced', seq: 99, execution: 'x-9', commit: 'c' }, ['sourced']],
    ['a release that came', { ...stage, outcome: 'succeeded' }, ['execution']],
    ['a stage that failed', { ...stage, outcome: 'failed' }, []],
    ['a claim of an act', { type: 'claim', actKey: 'k', holder: 'me', attempt: '1' }, ['above', 'account', 'act']],
    ['a word of the environment', { type: 'above', seq: 99 }, ['above', 'alarms']],
    ['a word of a service', { type: 'below', seq: 99, ladder: 'production/shop' }, ['below']],
    [
      'the result of an act',
      {
        type: 'result',
        seq: 99,
        actKey: 'k',
        result: { outcome: 'started', reason: '', execution: null, instances: [] },
      },
      ['below'],
    ],
    ['a person who holds it', order('hold'), []],
    ['a person who lets it go on: it goes on from what is so now', order('resume'), ['above', 'alarms', 'below']],
    [
      'a game day',
      { type: 'gameday', seq: 99, check: 'smoke', mode: null, steps: null, who: ben, why: 'x' },
      ['above', 'alarms', 'below'],
    ],
    ['an entry that was passed by', { type: 'skipped', seq: 99, reason: 'x' }, []],
  ])('for %s', (_, input, needed) => {
    expect(reads(input)).toEqual(needed);
  });

  it('for a release that was found late: what it was, and how the alarms stood then; none of it where it is known', () => {
    const late = { type: 'recovered', seq: 99, startedAt: at, at } as const;
    expect(reads({ ...late, execution: 'x-missed' })).toEqual(['execution', 'past', 'sourced']);
    expect(reads({ ...late, execution: 'x-good' })).toEqual([]);
  });
});

describe('what is read when time comes', () => {
  const timer: Input = { type: 'timer', version: 1, due: at };
  const [checks, whoElse] = [
    ['above', 'alarms', 'below'],
    ['above', 'account', 'alarms', 'below'],
  ];

  it('is how the checks stand, and what else fails in the account where something may be begun', () => {
    const test = broken();
    expect(reads(timer, test)).toEqual(whoElse);
    test.timer();
    test.result({ outcome: 'deferred', reason: 'busy' });
    expect(reads(timer, test)).toEqual(whoElse);
    test.timer();
    test.carryOut('r-1');
    expect(reads(timer, test)).toEqual(checks);
    const asking = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] })));
    asking.timer();
    expect(reads(timer, asking)).toEqual(checks);
  });

  it('is how a step stands, once it has begun', () => {
    const test = broken();
    test.timer();
    expect(reads(timer, test)).toEqual(['above', 'below']);
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(reads(timer, test)).toEqual(['above', 'below', 'outcome']);
  });
});
