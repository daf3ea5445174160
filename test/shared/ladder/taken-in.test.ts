import { describe, expect, it } from 'vitest';
import type { LevelConfig } from '../../../shared/config/config.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { type Input, noReadings } from '../../../shared/ladder/input.ts';
import { acting, broken, claim, healthy, intends, kinds, ladder, shop, type TestLadder } from '../../harness/ladder.ts';
import { ben, tell } from '../../harness/orders.ts';

const iso = (test: TestLadder, ms = 0): string => new Date(Date.parse(test.now()) + ms).toISOString();
const outcomeOf = (test: TestLadder, input: Input): string =>
  decide(test.state(), input, { ...noReadings, alarms: test.alarms() }, test.now(), test.config).outcome;

describe('an input has an outcome with a name', () => {
  it('though nothing is put on record for it', () => {
    const test = broken();
    const due = test.state().timer?.due ?? '';
    const version = test.state().timer?.version ?? 0;
    expect(outcomeOf(test, { type: 'read' })).toBe('nothing-new');
    expect(outcomeOf(test, { type: 'skipped', seq: 0, reason: 'x' })).toBe('taken-before');
    expect(outcomeOf(test, { type: 'timer', version, due })).toBe('early-timer');
    test.forward(60_000);
    expect(outcomeOf(test, { type: 'timer', version: version - 1, due })).toBe('stale-timer');
  });

  it('that is the last thing said, whatever timer is set after it', () => {
    expect(outcomeOf(healthy(), { type: 'skipped', seq: 99, reason: 'x' })).toBe('ladder.held');
    const test = healthy();
    test.silently('smoke', 'fail');
    expect(outcomeOf(test, { type: 'read' })).toBe('incident.opened');
  });

  it('that says that a step still runs', () => {
    const test = acting();
    test.forward(60_000);
    const timer = test.state().timer;
    expect(outcomeOf(test, { type: 'timer', version: timer?.version ?? 0, due: timer?.due ?? '' })).toBe(
      'still-running',
    );
  });

  it('that is stale for a timer where no incident is open', () => {
    expect(outcomeOf(healthy(), { type: 'timer', version: 1, due: healthy().now() })).toBe('stale-timer');
  });
});

describe('an alarm event', () => {
  it('counts until it is ten minutes old, and not a millisecond longer', () => {
    const test = ladder();
    const input = { type: 'alarm', alarm: 'shop-smoke', value: 'fail', reason: '' } as const;
    expect(kinds(test.take({ ...input, seq: 98, at: iso(test, -600_001) }))).toEqual([]);
    expect(kinds(test.take({ ...input, seq: 99, at: iso(test, -600_000) }))).toEqual([
      'check.changed',
      'incident.opened',
    ]);
  });
});

describe('an incident names as suspect the running release', () => {
  const suspectOf = (test: TestLadder): unknown => test.state().incident?.suspect;

  it('that went out lately, before which the failing check passed', () => {
    expect(suspectOf(broken())).toBe('production/shop@x-bad');
  });

  it('but not one that went out long ago', () => {
    const test = healthy();
    test.deliver('old');
    test.forward(7_200_001);
    test.alarm('smoke', 'fail');
    expect(suspectOf(test)).toBeNull();
  });

  it('but not one before which the check failed already', () => {
    const test = healthy(shop({ quiescence: 600_000 }));
    test.alarm('smoke', 'fail');
    test.forward(60_000);
    test.deliver('innocent');
    test.alarm('smoke', 'pass');
    test.timer();
    test.forward(1_000);
    test.alarm('smoke', 'fail');
    expect(suspectOf(test)).toBeNull();
  });

  it('where there is one', () => {
    const test = ladder();
    test.alarm('smoke', 'fail');
    expect(suspectOf(test)).toBeNull();
  });
});

describe('the source of an execution', () => {
  it('is noted once', () => {
    const test = healthy();
    expect(kinds(test.sourced('x-1', 'c1'))).toEqual(['release.sourced']);
    expect(test.sourced('x-1', 'c1')).toEqual([]);
  });
});

describe('the stage in which a step is under way', () => {
  const ends = (outcome: string, reason = '') => {
    const test = acting();
    test.result({ outcome: 'started', execution: 'r-1' });
    const at = test.now();
    const input = { type: 'stage', seq: test.nextSeq(), execution: 'r-1', startedAt: at, at } as const;
    return test.take({ ...input, outcome, reason }).find(({ type }) => type === 'step.ended');
  };

  it.each(['failed', 'stopped', 'canceled'])('ends the step as failed when it %s', (outcome) => {
    expect(ends(outcome)).toMatchObject({ outcome: 'failed', reason: `the stage ${outcome}` });
  });

  it('says why it failed, where that is known', () => {
    expect(ends('failed', 'no capacity')).toMatchObject({ reason: 'no capacity' });
  });

  it.each(['started', 'resumed', 'stopping'])('goes on when it is %s', (outcome) => {
    expect(ends(outcome)).toBeUndefined();
  });

  it('ends nothing when it is of another execution', () => {
    const test = acting();
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(kinds(test.stage('x-other', 'failed'))).toEqual([]);
  });
});

describe('a claim', () => {
  it('is of the act that is intended, and of no other', () => {
    expect(claim(acting(), {}, 'production/shop#1.1')).toEqual([]);
    expect(kinds(claim(acting()))).toEqual(['step.claimed']);
  });

  it('is not granted while a person holds the ladder, though all else speaks for it', () => {
    const test = acting();
    tell(test, { name: 'hold' });
    expect(kinds(claim(test))).toEqual(['incident.waiting']);
  });

  it.each<[string, Partial<LevelConfig> | null, string]>([
    ['only observes', { mode: 'observe' }, 'level deploy only observes by now'],
    ['asks first', { mode: 'ask' }, 'level deploy wants to be approved by now'],
    ['wants somebody else', { drastic: true }, 'level deploy wants to be approved by now'],
    ['is gone', null, 'level deploy is not there any more'],
  ])('is not granted where, since it was intended, the level %s', (_, change, reason) => {
    const test = acting();
    const levels = test.config.levels.flatMap((one) =>
      one.level !== 'deploy' ? [one] : change === null ? [] : [{ ...one, ...change }],
    );
    const alarms = { 'shop-smoke': { value: 'fail' as const, at: test.now(), reason: '' } };
    const act = {
      released: true,
      alarms,
      readAt: test.now(),
      traffic: { newer: null, stageBusy: null },
      instances: null,
    };
    const input = { type: 'claim' as const, actKey: test.actKey(), holder: 'me', attempt: '1' };
    const config = { ...test.config, levels };
    const { events } = decide(test.state(), input, { ...noReadings, act }, test.now(), config);
    expect(events).toContainEqual(expect.objectContaining({ type: 'incident.waiting', reason }));
    expect(kinds(events)).not.toContain('step.claimed');
  });

  it('without a reading of what it is granted on is not granted', () => {
    const test = acting();
    expect(test.take({ type: 'claim', actKey: test.actKey(), holder: 'me', attempt: '1' })).toEqual([]);
  });
});

describe('a step under way', () => {
  it('that is seen to have failed ends so, and another attempt begins', () => {
    const test = acting();
    test.result({ outcome: 'started', execution: 'r-1' });
    const ended = test.timer({ outcome: { status: 'failed', reason: 'no capacity' } });
    expect(ended.find(({ type }) => type === 'step.ended')).toMatchObject({
      outcome: 'failed',
      reason: 'no capacity',
    });
    expect(ended.find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 2 });
  });

  it('is unknown from its deadline on, and not before', () => {
    const test = acting();
    test.forward(899_999);
    expect(kinds(test.timer())).toEqual([]);
    const same = acting();
    same.forward(900_000);
    expect(kinds(same.timer())).toEqual(['step.ended', 'incident.closed']);
  });
});

describe('what waited', () => {
  it('goes on waiting while a check cannot be read, though another passes', () => {
    const test = acting();
    test.result({ outcome: 'deferred', reason: 'busy' });
    test.silently('smoke', 'unknown');
    expect(kinds(test.timer())).toEqual(['check.changed', 'incident.waiting']);
    expect(test.state().incident?.phase).toMatchObject({ reason: 'a check cannot be read' });
  });

  it('and a person had forced starts again from the level they chose, as often as it must', () => {
    const test = healthy();
    test.take({
      type: 'order',
      seq: test.nextSeq(),
      order: { name: 'force', level: 'node' },
      who: ben,
      why: 'it must',
    });
    for (let again = 0; again < 3; again += 1) {
      test.result({ outcome: 'deferred', reason: 'busy' });
      expect(intends(test.timer())).toBe('replace shop-asg');
    }
    test.result({ outcome: 'deferred', reason: 'busy' });
    test.take({ type: 'order', seq: test.nextSeq(), order: { name: 'hold' }, who: ben, why: 'wait' });
    expect(kinds(test.timer())).toEqual(['incident.waiting']);
  });
});

describe('an order that is refused', () => {
  it('changes nothing, whatever the checks say by then', () => {
    const test = healthy();
    test.silently('smoke', 'fail');
    const order = { name: 'approve', incident: 'production.shop.1' } as const;
    const told = test.take({ type: 'order', seq: 99, order, who: ben, why: 'x' }, { alarms: test.alarms() });
    expect(kinds(told)).toEqual(['order.refused']);
  });
});

describe('an entry that could not be taken in', () => {
  it('ends the open incident, and is told of once', () => {
    const test = broken();
    test.take({ type: 'skipped', seq: test.nextSeq(), reason: 'entry 69' });
    expect(test.state().incident).toBeNull();
    expect(test.take({ type: 'skipped', seq: test.nextSeq(), reason: 'entry 70' })).toEqual([]);
  });
});
