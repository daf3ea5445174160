import { describe, expect, it } from 'vitest';
import { actKeyOf, broken, healthy, intends, kinds } from '../../harness/ladder.ts';

describe('an incident', () => {
  it('opens when a check goes to fail, and does nothing but wait for its quiescence', () => {
    const test = healthy();
    expect(kinds(test.alarm('smoke', 'fail'))).toEqual(['check.changed', 'incident.opened']);
    expect(test.state().timer?.due).toBe('2026-11-21T13:00:30.000Z');
  });

  it('is opened by a reading as well, when no event told', () => {
    const test = healthy();
    test.silently('smoke', 'fail');
    expect(kinds(test.read())).toContain('incident.opened');
  });

  it('is named after the version that opened it', () => {
    const test = broken();
    expect(test.state().incident?.id).toBe(`production.shop.${test.state().version}`);
  });

  it('is joined by checks that begin to fail meanwhile', () => {
    const test = broken();
    expect(kinds(test.alarm('node', 'fail'))).toEqual(['check.changed', 'incident.joined']);
  });

  it('is not opened by an alarm event that is ten minutes old', () => {
    const test = healthy();
    const old = new Date(Date.parse(test.now()) - 11 * 60_000).toISOString();
    const late = { type: 'alarm', seq: 99, alarm: 'shop-smoke', value: 'fail', at: old, reason: '' } as const;
    expect(test.take(late)).toEqual([]);
  });

  it('is opened by one that is ten minutes old to the millisecond', () => {
    const test = healthy();
    const at = new Date(Date.parse(test.now()) - 600_000).toISOString();
    const event = { type: 'alarm', seq: 99, alarm: 'shop-smoke', value: 'fail', at, reason: '' } as const;
    expect(kinds(test.take(event))).toContain('incident.opened');
  });

  it('is not opened by an alarm that no check knows', () => {
    expect(healthy().alarm('somebody-elses', 'fail')).toEqual([]);
  });

  it('is not opened by a check that becomes unknown', () => {
    expect(kinds(healthy().alarm('smoke', 'unknown'))).toEqual(['check.changed']);
  });
});

describe('quiescence', () => {
  it('ends self-healed when nothing fails any more', () => {
    const test = broken();
    test.alarm('smoke', 'pass');
    expect(kinds(test.timer())).toEqual(['incident.closed']);
    expect(test.versions.at(-1)?.decision.events.find(({ type }) => type === 'incident.closed')).toMatchObject({
      status: 'self-healed',
    });
  });

  it('selects no level on unknown: it waits', () => {
    const test = broken();
    test.silently('smoke', 'unknown');
    expect(kinds(test.timer())).toEqual(['check.changed', 'incident.waiting']);
  });

  it('waits when the checks cannot be read', () => {
    expect(kinds(broken().timer({ alarms: null }))).toEqual(['incident.waiting']);
  });

  it('calls a person when it had to wait for an hour', () => {
    const test = broken();
    for (let minute = 0; minute < 62; minute += 1) test.timer({ alarms: null });
    expect(test.state().incident).toBeNull();
    expect(test.state().hold?.reason).toBe('the checks cannot be read');
  });

  it('lets nothing be done, whatever arrives', () => {
    const test = broken();
    const all = [
      test.alarm('node', 'fail'),
      test.alarm('smoke', 'pass'),
      test.alarm('smoke', 'fail'),
      test.deliver('newer'),
      test.read(),
    ];
    expect(all.map(intends)).toEqual([null, null, null, null, null]);
  });

  it('takes no notice of a timer that another version set, or that comes early', () => {
    const test = broken();
    expect(test.take({ type: 'timer', version: 1, due: test.now() })).toEqual([]);
    const timer = test.state().timer;
    expect(test.take({ type: 'timer', version: timer?.version ?? 0, due: timer?.due ?? '' })).toEqual([]);
  });
});

describe('the climb', () => {
  it('starts at the most drastic level that a failing check asks for, and goes on to the last', () => {
    const test = healthy();
    test.alarm('smoke', 'fail');
    test.alarm('node', 'fail');
    const started = test.timer();
    expect(started.find(({ type }) => type === 'attempt.started')).toMatchObject({ levels: ['node', 'deploy'] });
    expect(intends(started)).toBe('replace shop-asg');
  });

  it('takes the deploy level alone when only the smoke check fails', () => {
    expect(intends(broken().timer())).toBe('redeploy bad');
  });

  it('does nothing for a level that already holds, and counts it as taken', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ outcome: { status: 'done', reason: 'in service' } });
    test.silently('node', 'pass');
    expect(kinds(test.timer())).toEqual(['check.changed', 'step.ended', 'incident.settling']);
  });

  it('waits for the quiescence of each step', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    expect(Date.parse(test.state().timer?.due ?? '') - Date.parse(test.now())).toBe(60_000);
  });

  it('begins again from a more drastic level when a check asks for one after a step', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('node', 'fail');
    const again = test.timer();
    expect(again.find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 2, from: 'node' });
  });

  it('asks after a step whose outcome nobody told, and calls a person at its deadline', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(kinds(test.timer({ outcome: { status: 'running', reason: '' } }))).toEqual([]);
    test.forward(900_000);
    expect(kinds(test.timer())).toEqual(['step.ended', 'incident.closed']);
    expect(test.state().hold?.freeAfter).toBe('pause');
  });

  it('takes a result of another act for nothing', () => {
    const test = broken();
    test.timer();
    expect(test.result({ outcome: 'started' }, 'production/shop#1.1')).toEqual([]);
  });

  it('intends a step that never began again, under another key, and not for ever', () => {
    const test = broken();
    test.timer();
    const keys = [0, 1, 2].map(() => {
      test.result({ outcome: 'not-started', reason: 'nothing was started' });
      return actKeyOf(test.state());
    });
    expect(new Set(keys).size).toBe(3);
    expect(kinds(test.result({ outcome: 'not-started', reason: 'nothing was started' }))).toContain('step.ended');
  });

  it('waits for a newer change, then plans anew within the same attempt', () => {
    const test = broken();
    test.timer();
    expect(kinds(test.result({ outcome: 'deferred', reason: 'a newer change is on its way' }))).toEqual([
      'incident.waiting',
    ]);
    const again = test.timer();
    expect(again.find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 1 });
    expect(test.state().runs).toHaveLength(1);
  });

  it('settles when the newer change it waited for has healed the service', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
    test.deliver('fix');
    test.silently('smoke', 'pass');
    expect(kinds(test.timer())).toEqual(['check.changed', 'incident.settling']);
  });

  it('calls a person when an act is refused or its outcome is unknown', () => {
    for (const outcome of ['refused', 'unknown'] as const) {
      const test = broken();
      test.timer();
      test.result({ outcome, reason: 'the kill switch is thrown' });
      expect(test.state().incident).toBeNull();
      expect(test.state().hold?.reason).toContain('the kill switch is thrown');
    }
  });
});

describe('what is taken in', () => {
  it('is taken in once: the same entry again changes nothing', () => {
    const test = healthy();
    const input = { type: 'alarm', seq: 50, alarm: 'shop-smoke', value: 'fail', at: test.now(), reason: '' } as const;
    expect(test.take(input)).not.toEqual([]);
    expect(test.take(input)).toEqual([]);
  });

  it('an alarm older than what is known is not news', () => {
    const test = broken();
    const at = new Date(Date.parse(test.now()) - 1_000).toISOString();
    expect(test.take({ type: 'alarm', seq: 50, alarm: 'shop-smoke', value: 'pass', at, reason: '' })).toEqual([]);
  });
});
