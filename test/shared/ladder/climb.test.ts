import { describe, expect, it } from 'vitest';
import { allPass, levelHolds } from '../../../shared/ladder/checks.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { type Input, noReadings } from '../../../shared/ladder/input.ts';
import {
  acting,
  bothDown,
  broken,
  claim,
  healthy,
  intends,
  kinds,
  ladder,
  level,
  replaced,
  shop,
  type TestLadder,
} from '../../harness/ladder.ts';
import { ben, person, tell } from '../../harness/orders.ts';

/** Decides with another configuration than the ladder had so far, as after `escalator.yaml` was changed. */
const withLevels = (test: TestLadder, levels: ReturnType<typeof level>[], input: Input) =>
  decide(test.state(), input, { ...noReadings, alarms: test.alarms() }, test.now(), { ...test.config, levels });

describe('waiting', () => {
  it.each<[string, number, string]>([
    ['goes on for an hour to the millisecond', 3_600_000, 'incident.waiting'],
    ['ends with a person a millisecond later', 3_600_001, 'incident.closed'],
  ])('%s', (_, ms, kind) => {
    const test = broken();
    test.timer({ alarms: null });
    test.forward(ms);
    expect(kinds(test.timer({ alarms: null }))).toEqual([kind]);
  });

  it('behind a claim whose time has come looks again at once', () => {
    const test = acting();
    tell(test, { name: 'claim', until: new Date(Date.parse(test.now()) + 1_000).toISOString() });
    test.forward(5_000);
    claim(test, { alarms: {}, traffic: null });
    expect(test.state().timer?.due).toBe(test.now());
  });
});

describe('the budget of runs', () => {
  /** A run that went well, and another failure whose quiescence is over `ms` after that run began. */
  const again = (budgets: object, ms: number): TestLadder => {
    const test = acting(
      broken(
        healthy(shop({ budgets: { runsPerHour: 9, runsPerDay: 9, rollbacksPerDay: 9, failedRuns: 9, ...budgets } })),
      ),
    );
    const began = Date.parse(test.now());
    test.carryOut('r-1');
    test.silently('smoke', 'pass');
    for (let turn = 0; turn < 99 && test.state().incident !== null; turn += 1) test.timer();
    test.forward(began + ms - 30_000 - Date.parse(test.now()));
    test.alarm('smoke', 'fail');
    test.timer();
    return test;
  };

  it('of an hour is free again after an hour, and not before', () => {
    expect(again({ runsPerHour: 1 }, 3_599_999).state().hold?.reason).toContain('1 runs an hour is used up');
    expect(again({ runsPerHour: 1 }, 3_600_000).state().incident?.phase.name).toBe('acting');
  });

  it('of a day is free again after a day, and not before', () => {
    expect(again({ runsPerDay: 1 }, 86_399_999).state().hold?.reason).toContain('1 runs a day is used up');
    expect(again({ runsPerDay: 1 }, 86_400_000).state().incident?.phase.name).toBe('acting');
  });
});

describe('a step', () => {
  it('that fails when nothing fails any more is followed by no other: it settles', () => {
    const test = acting();
    test.alarm('smoke', 'pass');
    const ended = test.result({ outcome: 'failed', reason: 'no capacity' });
    expect(kinds(ended)).toEqual(['step.ended', 'incident.settling']);
    expect(ended[0]).toMatchObject({ outcome: 'failed', until: test.now() });
  });

  it('is not taken after one that was done, while a person holds the ladder', () => {
    const test = bothDown();
    replaced(test);
    tell(test, { name: 'hold' });
    expect(kinds(test.timer())).toEqual(['incident.waiting']);
  });

  it('says which level it is of, by which key, and by when it must be known', () => {
    const test = bothDown();
    expect(test.state().incident?.phase).toMatchObject({
      intent: {
        actKey: `production/shop#${test.state().version}.1`,
        level: 'node',
        target: 'shop-asg',
        deadline: new Date(Date.parse(test.now()) + 900_000).toISOString(),
      },
    });
  });

  it('has the quiescence of its own level', () => {
    const levels = [
      level('node', { do: { type: 'replace-instances', group: 'shop-asg' }, quiescence: 11_000 }),
      level('deploy', { quiescence: 22_000 }),
    ];
    const test = acting(broken(healthy(shop({ levels }))));
    test.carryOut('r-1');
    expect(Date.parse(test.state().timer?.due ?? '') - Date.parse(test.now())).toBe(22_000);
  });

  it('quarantines nothing when it goes back from nothing', () => {
    const test = acting();
    expect(kinds(test.carryOut('r-1'))).toEqual(['release.reached', 'step.ended']);
    expect(kinds(replaced(bothDown()))).toEqual(['step.ended']);
  });

  it('that never began is intended three times more under the same attempt', () => {
    const test = acting();
    for (const retries of [1, 2, 3]) {
      test.result({ outcome: 'not-started', reason: 'nothing was started' });
      expect(test.state().incident).toMatchObject({ retries, attempt: 1 });
    }
    const last = test.result({ outcome: 'not-started', reason: 'nothing was started' });
    expect(kinds(last)).toEqual(['step.ended', 'attempt.started', 'step.intended']);
  });

  it('of a level that the configuration no longer has ends without a quiescence', () => {
    const test = acting();
    test.result({ outcome: 'started', execution: 'r-1' });
    const at = test.now();
    const stage = { type: 'stage', seq: test.nextSeq(), execution: 'r-1', outcome: 'succeeded' } as const;
    const { events } = withLevels(test, [level('other')], { ...stage, startedAt: at, at, reason: '' });
    expect(events.find(({ type }) => type === 'step.ended')).toMatchObject({ outcome: 'done', until: at });
  });
});

describe('a level that asks', () => {
  const asks = [level('node'), level('deploy', { mode: 'ask' })];
  const asking = () => acting(broken(healthy(shop({ levels: asks }))));

  it('has nothing to ask where it would do nothing: a person is called', () => {
    const test = ladder(shop({ levels: asks }));
    test.alarm('smoke', 'fail');
    test.timer();
    expect(test.state().hold?.reason).toBe('no release is known to have been put here');
  });

  it('is left for a more drastic one when a check asks for that meanwhile', () => {
    const test = asking();
    test.silently('node', 'fail');
    expect(test.timer().find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 2, from: 'node' });
  });

  it('goes on asking while the same check fails', () => {
    const test = asking();
    expect(kinds(test.timer())).toEqual([]);
  });

  it('of which the configuration no longer knows is not taken when it is approved', () => {
    const test = asking();
    const order = { name: 'approve', incident: test.state().incident?.id ?? '' } as const;
    const input = { type: 'order', seq: test.nextSeq(), order, who: ben, why: 'go' } as const;
    expect(withLevels(test, [level('other')], input).events).toEqual([]);
  });
});

describe('forcing a level', () => {
  it('says what it frees, and nothing where all is free', () => {
    expect(kinds(tell(healthy(), { name: 'force', level: 'deploy' }))).toEqual([
      'incident.opened',
      'attempt.started',
      'step.approved',
      'step.intended',
    ]);
    const test = acting();
    test.result({ outcome: 'refused', reason: 'no' });
    const freed = ['ladder.resumed', 'ladder.freed', 'incident.opened', 'attempt.started'];
    expect(kinds(tell(test, { name: 'force', level: 'deploy' })).slice(0, 4)).toEqual(freed);
  });

  it('is the first attempt of an incident that it opens', () => {
    const test = healthy();
    tell(test, { name: 'force', level: 'deploy' });
    expect(test.state().incident?.attempt).toBe(1);
  });

  it('is for who claimed the ladder, and for nobody else meanwhile', () => {
    const test = healthy();
    tell(test, { name: 'claim', until: new Date(Date.parse(test.now()) + 600_000).toISOString() });
    const order = { name: 'force', level: 'deploy' } as const;
    const [refused] = tell(test, order, person('Cy'));
    expect(refused).toMatchObject({ type: 'order.refused' });
    expect(intends(tell(test, order))).toBe('redeploy good');
  });

  it('is taken from the end of a quiescence on', () => {
    const test = broken();
    test.forward(29_999);
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBeNull();
    test.forward(1);
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBe('redeploy bad');
  });
});

describe('verifying', () => {
  const verifying = (): TestLadder => {
    const test = acting();
    test.carryOut('r-1');
    test.silently('smoke', 'unknown');
    for (let turn = 0; turn < 99 && test.state().incident?.phase.name !== 'verifying'; turn += 1) test.timer();
    return test;
  };

  it('is over at its deadline, not after it', () => {
    const test = verifying();
    const phase = test.state().incident?.phase;
    for (let turn = 0; turn < 99 && test.state().incident !== null; turn += 1) test.timer();
    expect(phase).toMatchObject({ until: test.now() });
  });

  it('that ends on a check which fails for the first time begins another attempt', () => {
    const test = verifying();
    test.forward(600_000);
    test.silently('smoke', 'fail');
    expect(kinds(test.timer())).toContain('attempt.started');
  });
});

describe('the checks', () => {
  it('that cannot be read are not taken note of', () => {
    const test = healthy();
    expect(test.take({ type: 'read' }, { alarms: null })).toEqual([]);
    expect(allPass(test.state(), test.config)).toBe(true);
  });

  it('are unknown until they are known: to hear that one is unknown is no news', () => {
    expect(ladder().alarm('smoke', 'unknown')).toEqual([]);
  });

  it('of a level say whether it holds, where it has any', () => {
    const test = healthy();
    const holds = (name: string, of = test) => levelHolds(of.state(), of.config, name);
    test.alarm('node', 'fail');
    expect([holds('node'), holds('deploy'), holds('network')]).toEqual([false, true, false]);
  });
});
