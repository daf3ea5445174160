import { describe, expect, it } from 'vitest';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import {
  broken,
  claim,
  healthy,
  intends,
  kinds,
  shop,
  type TestLadder,
  verifyAll,
  wide,
} from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';
import { rail } from '../../harness/rails.ts';

const window = 300_000;

/** A ladder that knows how slow its alarms are: `shop-smoke` takes five minutes. */
const slow = (test: TestLadder = healthy()): TestLadder => {
  const alarms = test.alarms() ?? {};
  const smoke = alarms['shop-smoke'];
  if (smoke !== undefined) test.take({ type: 'read' }, { alarms: { ...alarms, 'shop-smoke': { ...smoke, window } } });
  return test;
};
const waits = (events: readonly LadderEvent[]): string | null => {
  const waiting = events.find((event) => event.type === 'incident.waiting');
  return waiting?.type === 'incident.waiting' ? waiting.reason : null;
};
const isAlert = ({ type }: LadderEvent): boolean => type === 'alert.raised';
/** Goes from timer to timer until something is intended. */
const wait = (test: TestLadder): string | null => {
  for (let n = 0; n < 10; n += 1) {
    const intended = intends(test.timer());
    if (intended !== null) return intended;
  }
  return null;
};

describe('a release that comes in the middle of an incident', () => {
  const fixed = (): TestLadder => {
    const test = broken(slow());
    test.forward(10_000);
    test.deliver('fix');
    return test;
  };

  it('is not acted over before the slowest alarm can have seen it, to the second', () => {
    const test = fixed();
    const reason =
      'release fix came after what fails, and the alarms cannot have seen it before 2026-11-21 13:05:15 UTC';
    expect(waits(test.timer())).toBe(reason);
    expect(rail(test, 'new-release')).toMatchObject({ about: 'fix', limit: window, used: 20_000, closed: true });
    expect(wait(test)).toBe('redeploy fix');
    expect(test.now()).toBe('2026-11-21T13:05:15.000Z');
    expect(rail(test, 'new-release')).toMatchObject({ used: null, closed: false });
  });

  it('is named as people do', () => {
    const test = broken(slow());
    test.forward(10_000);
    test.deliver('f'.repeat(40));
    expect(waits(test.timer())).toContain('release fffffff came after');
  });

  it('ends the incident where it is the fix: nothing was done', () => {
    const test = fixed();
    test.timer();
    test.silently('smoke', 'pass');
    expect(test.timer()).toContainEqual(expect.objectContaining({ type: 'incident.closed', status: 'self-healed' }));
    expect(test.state().runs).toEqual([]);
  });

  it('stops what was intended and is not claimed yet', () => {
    const test = broken(slow());
    test.alarm('node', 'fail');
    test.timer();
    test.deliver('fix');
    expect(waits(claim(test))).toContain('release fix came after what fails');
  });

  it('stops the next step of an attempt, which is taken once it can have been seen', () => {
    const test = broken(slow(healthy(wide)));
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started' });
    test.timer({ outcome: { status: 'done', reason: '' } });
    test.forward(window - 1);
    test.deliver('fix');
    expect(waits(test.timer())).toContain('release fix came');
    expect(wait(test)).toBe('redeploy fix');
  });

  it('is acted on at once where something failed after it came', () => {
    const test = fixed();
    test.alarm('node', 'fail');
    expect(intends(test.timer())).toBe('replace shop-asg');
  });

  it('is acted on at once where a person forces it', () => {
    const test = fixed();
    test.timer();
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBe('redeploy fix');
  });

  it('waits for as long as the alarm takes, be that for hours: nobody is called for it', () => {
    const test = broken(healthy());
    const hours = 3 * 3_600_000;
    const alarms = test.alarms() ?? {};
    test.take({ type: 'read' }, { alarms: { ...alarms, 'shop-smoke': { ...alarms['shop-smoke']!, window: hours } } });
    test.forward(1_000);
    test.deliver('fix');
    const told = Array.from({ length: 170 }, () => test.timer()).filter((said) => said.some(isAlert));
    expect(told).toHaveLength(1);
    expect(kinds(test.timer())).toEqual(['incident.waiting']);
    expect(wait(test)).toBe('redeploy fix');
    expect(test.versions.at(-1)?.decision.events.some(isAlert)).toBe(true);
    // What comes after it has its own hour.
    test.result({ outcome: 'deferred', reason: 'the stage is busy' });
    expect(test.state().incident?.phase).toMatchObject({ name: 'waiting', reason: 'the stage is busy' });
  });

  it('that the ladder put there itself has had its quiescence', () => {
    const test = broken(slow());
    test.timer();
    test.carryOut('r-1');
    expect(intends(verifyAll(test))).toBe('go back to good');
  });

  it('is seen at once where nobody knows how slow the alarms are', () => {
    const test = broken(healthy(shop()));
    test.deliver('fix');
    expect(intends(test.timer())).toBe('redeploy fix');
  });
});

describe('a step that failed while a person held the ladder', () => {
  it('is taken again in the next attempt, and none of those after it before', () => {
    const test = broken(healthy(wide));
    test.alarm('node', 'fail');
    test.timer();
    tell(test, { name: 'hold' });
    expect(kinds(test.result({ outcome: 'failed' }))).toEqual(['step.ended', 'incident.waiting']);
    expect(intends(tell(test, { name: 'resume' }))).toBe('replace shop-asg');
    expect(test.state().incident?.attempt).toBe(2);
  });
});
