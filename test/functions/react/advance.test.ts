import { describe, expect, it } from 'vitest';
import { advance, type Advancing } from '../../../functions/react/advance.ts';
import type { ExecutionReading, Input } from '../../../shared/ladder/input.ts';
import { broken, healthy, shop, type TestLadder } from '../../harness/ladder.ts';

/** What a ladder asks of the world for one input; others are always first when `isFirst` says no. */
const advancing = (test: TestLadder, isFirst = true) => {
  const asked: string[] = [];
  const note = <A>(what: string, answer: A): Promise<A> => (asked.push(what), Promise.resolve(answer));
  const ports: Advancing = {
    ladders: {
      load: () => note('load', test.state()),
      record: () => note('record', isFirst),
    },
    reads: {
      alarms: () => note('alarms', test.alarms()),
      sources: () => note('sources', {}),
      past: () => note('past', null),
      execution: (pipeline, execution) => note(`execution ${pipeline} ${execution}`, null),
      sourced: (_repository, commit) =>
        note(`sourced ${commit}`, { commit, author: null, subject: null, contains: null }),
      outcome: ({ execution }) => note(`outcome of ${execution}`, null),
      killSwitch: () => note('kill-switch', null),
    },
    now: () => new Date(test.now()),
    config: { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} },
    configDigest: 'd',
  };
  return { asked, reads: ports.reads, take: (input: Input) => advance(ports, test.config, input) };
};
const timerOf = (test: TestLadder): Input => {
  const { version, due } = test.state().timer ?? { version: 0, due: '' };
  test.forward(Date.parse(due) - Date.parse(test.now()));
  return { type: 'timer', version, due };
};

describe('a ladder that takes something in', () => {
  it('reads what that needs and nothing else', async () => {
    const sourced = advancing(healthy());
    expect(await sourced.take({ type: 'sourced', seq: 99, execution: 'x-2', commit: 'c2' })).toBe('release.sourced');
    expect(sourced.asked).toEqual(['load', 'sourced c2', 'record']);
    const stage = advancing(healthy());
    const at = healthy().now();
    const ended = { type: 'stage', seq: 99, execution: 'x-2', startedAt: at, at, reason: '' } as const;
    await stage.take({ ...ended, outcome: 'succeeded' });
    expect(stage.asked).toEqual(['load', 'execution shop x-2', 'record']);
    const failed = advancing(healthy());
    await failed.take({ ...ended, outcome: 'failed' });
    expect(failed.asked).toEqual(['load']);
  });

  it('reads of a release that was found late what it brought, and what is known of that', async () => {
    const at = '2026-11-21T11:00:00.000Z';
    const late = { type: 'recovered', seq: 99, execution: 'x-2', startedAt: at, at } as const;
    const asked = async (execution: ExecutionReading | null) => {
      const test = advancing(healthy());
      test.reads.execution = () => Promise.resolve(execution);
      test.asked.length = 0;
      await test.take(late);
      return test.asked;
    };
    const known = { rollback: false, target: null, commit: 'c2' };
    expect(await asked(known)).toEqual(['load', 'sourced c2', 'past', 'record']);
    expect(await asked({ ...known, commit: null })).toEqual(['load']);
    expect(await asked(null)).toEqual(['load']);
  });

  it('reads its checks for a timer, and how its step stands where one has begun', async () => {
    const test = broken();
    const quiet = advancing(test);
    await quiet.take(timerOf(test));
    expect(quiet.asked).toEqual(['load', 'alarms', 'record']);
    test.timer();
    const intended = advancing(test);
    await intended.take(timerOf(test));
    expect(intended.asked).toEqual(['load', 'record']);
    test.result({ outcome: 'started', execution: 'r-1' });
    const begun = advancing(test);
    await begun.take(timerOf(test));
    expect(begun.asked).toEqual(['load', 'outcome of r-1', 'record']);
  });

  it('decides again when another was first, five times, and then gives the input back', async () => {
    const late = advancing(healthy(), false);
    await expect(late.take({ type: 'skipped', seq: 99, reason: 'x' })).rejects.toThrow(
      'production/shop was decided by others 5 times in a row',
    );
    expect(late.asked.filter((what) => what === 'load')).toHaveLength(5);
  });
});
