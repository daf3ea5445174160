import { describe, expect, it } from 'vitest';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import type { Order } from '../../../shared/ladder/input.ts';
import { broken, healthy, intends, kinds, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { ben, person, refusalIn, tell } from '../../harness/orders.ts';

const refusalOf = (...told: Parameters<typeof tell>): string => refusalIn(tell(...told));
const claim = (test: TestLadder, minutes = 60): Order => ({
  name: 'claim',
  until: new Date(Date.parse(test.now()) + minutes * 60_000).toISOString(),
});

describe('a hold', () => {
  it('lets nothing be intended, however long it lasts, and hands nothing over', () => {
    const test = broken();
    expect(kinds(tell(test, { name: 'hold' }))).toEqual(['ladder.stopped']);
    for (let hour = 0; hour < 5; hour += 1) expect(kinds(test.timer())).toEqual(['incident.waiting']);
    expect(test.state().incident?.phase).toMatchObject({ reason: 'held by Ben: it must be' });
  });

  const next = (events: readonly LadderEvent[]) =>
    events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert.next] : []))[0];
  const resume = 'until somebody resumes it: escalator resume production/shop --why TEXT';

  it('tells people what ends it', () => {
    const test = broken();
    expect(next(tell(test, claim(test, 10)))).toBe(`nothing is done here for 10 min, or ${resume}`);
    expect(next(tell(broken(), claim(test, 1)))).toBe(`nothing is done here for 60 s, or ${resume}`);
    expect(next(tell(test, { name: 'hold' }))).toBe(`nothing is done here ${resume}`);
  });

  it('is told of once: what waits for it afterwards is no news', () => {
    const test = broken();
    expect(next(tell(test, claim(test, 10)))).toBeDefined();
    const waiting = test.timer();
    expect([kinds(waiting), next(waiting)]).toEqual([['incident.waiting'], undefined]);
  });

  it('is told of with what fails under it', () => {
    const test = healthy();
    tell(test, { name: 'hold' }, ben, 'we look into it');
    const opened = next(test.alarm('smoke', 'fail'));
    expect(opened).toBe(`nothing is done here ${resume}; it is held by Ben: we look into it`);
    expect(next(test.timer())).toBeUndefined();
  });

  it('stops what was intended and is not claimed yet', () => {
    const test = broken();
    test.timer();
    tell(test, { name: 'hold' });
    const actKey = test.actKey();
    const act = { released: true, alarms: {}, readAt: test.now(), traffic: null, instances: null };
    expect(kinds(test.take({ type: 'claim', actKey, holder: 'me', attempt: '1' }, { act }))).toEqual([
      'incident.waiting',
    ]);
  });

  it('is resumed by anybody, and then it goes on at once from what is so now', () => {
    const test = broken();
    tell(test, { name: 'hold' });
    test.timer();
    expect(intends(tell(test, { name: 'resume' }, person('Cy')))).toBe('redeploy bad');
  });

  it('that is resumed when all is well again ends by itself', () => {
    const test = broken();
    tell(test, { name: 'hold' });
    test.timer();
    test.silently('smoke', 'pass');
    expect(kinds(tell(test, { name: 'resume' }))).toContain('incident.closed');
  });

  it('beats a claim, a second hold and a force', () => {
    const test = broken();
    tell(test, { name: 'hold' });
    expect(refusalOf(test, claim(test))).toBe('it is held by Ben: it must be');
    expect(refusalOf(test, { name: 'hold' })).toBe('it is held by Ben: it must be');
    expect(refusalOf(test, { name: 'force', level: 'deploy' })).toBe('it is held by Ben: it must be');
  });

  it('takes over from a claim', () => {
    const test = broken();
    tell(test, claim(test));
    expect(kinds(tell(test, { name: 'hold' }, person('Cy')))).toEqual(['ladder.stopped']);
  });

  it('does not keep incidents from being opened and told of', () => {
    const test = healthy();
    tell(test, { name: 'hold' });
    expect(kinds(test.alarm('smoke', 'fail'))).toContain('incident.opened');
  });
});

describe('a claim', () => {
  it('lasts a week at most: whoever means longer means a hold', () => {
    const week = 7 * 24 * 60;
    expect(refusalOf(broken(), claim(broken(), week + 1))).toBe('a claim lasts 7 days at most: hold it instead');
    expect(refusalOf(broken(), claim(broken(), week + 1 / 60_000))).toContain('7 days at most');
    expect(kinds(tell(broken(), claim(broken(), week)))).toEqual(['ladder.stopped']);
  });

  it('that is over is told of, whatever is done next: nobody is to find the robot back unawares', () => {
    const test = broken();
    tell(test, claim(test, 10));
    test.timer();
    const told = test.timer().flatMap((event) => (event.type === 'alert.raised' ? [event.alert.headline] : []));
    expect(told).toEqual([
      'shop in production: goes on, the claim of Ben is over; level deploy, about to redeploy bad',
    ]);
  });

  it('is over when its time is, whether or not anybody resumes', () => {
    const test = broken();
    tell(test, claim(test, 10));
    expect(kinds(test.timer())).toEqual(['incident.waiting']);
    expect(intends(test.timer())).toBe('redeploy bad');
  });

  it('is over also where no incident is open', () => {
    const test = healthy();
    tell(test, claim(test, 10));
    test.forward(600_000);
    expect(kinds(test.read())).toEqual(['ladder.resumed']);
  });

  it('of somebody else is theirs, and ones own is made longer', () => {
    const test = broken();
    tell(test, claim(test, 10));
    expect(refusalOf(test, claim(test), person('Cy'))).toContain('claimed by Ben until');
    expect(kinds(tell(test, claim(test, 30)))).toEqual(['ladder.stopped']);
  });

  it('that would be over already is refused', () => {
    const test = broken();
    expect(refusalOf(test, claim(test, 0))).toBe('it would be over already');
  });
});

describe('resuming', () => {
  it('frees a ladder that was handed over, which then looks again', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(test.state().hold).not.toBeNull();
    expect(kinds(tell(test, { name: 'resume' }))).toEqual(['ladder.resumed', 'ladder.freed', 'incident.opened']);
  });

  it('of what nobody holds is refused', () => {
    expect(refusalOf(healthy(), { name: 'resume' })).toBe('nothing is held here');
  });
});

describe('forcing', () => {
  it('takes a level and every one after it, whatever the checks say', () => {
    const test = healthy();
    expect(intends(tell(test, { name: 'force', level: 'node' }))).toBe('replace shop-asg');
    expect(test.state().incident).toMatchObject({ plan: ['node', 'deploy'], forced: true, failing: [] });
  });

  it('goes on after what it had to wait for, though no check fails', () => {
    const test = healthy();
    tell(test, { name: 'force', level: 'deploy' });
    test.result({ outcome: 'deferred', reason: 'busy' });
    expect(intends(test.timer())).toBe('redeploy good');
  });

  it('frees a ladder that was handed over', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBe('redeploy bad');
  });

  it('is its own approval, but not the author’s of a drastic level', () => {
    const levels = [level('node', { mode: 'ask' }), level('deploy', { drastic: true })];
    expect(intends(tell(healthy(shop({ levels })), { name: 'force', level: 'deploy' }))).toBe('redeploy good');
    const test = healthy(shop({ levels }));
    tell(test, { name: 'force', level: 'deploy' }, person('Ada'));
    expect(test.state().incident?.phase.name).toBe('asking');
  });

  it.each<[string, Order, string]>([
    [
      'of a level that there is not',
      { name: 'force', level: 'moon' },
      'there is no level "moon"; there are node, deploy',
    ],
    ['of a level that only observes', { name: 'force', level: 'node' }, 'level node only observes'],
  ])('%s is refused', (_, order, reason) => {
    const test = healthy(shop({ levels: [level('node', { mode: 'observe' }), level('deploy')] }));
    expect(refusalOf(test, order)).toBe(reason);
  });

  it('while a step is under way is refused', () => {
    const test = broken();
    test.timer();
    expect(refusalOf(test, { name: 'force', level: 'node' })).toBe('a step is under way');
  });

  it('in a quiescence is refused', () => {
    const test = broken();
    expect(refusalOf(test, { name: 'force', level: 'node' })).toContain('nothing is done in a quiescence');
    test.timer();
    test.carryOut('r-1');
    expect(refusalOf(test, { name: 'force', level: 'node' })).toContain('nothing is done in a quiescence');
  });
});

describe('an order', () => {
  it('that says no why is refused', () => {
    expect(refusalOf(healthy(), { name: 'hold' }, ben, '  ')).toBe('an order says why');
  });

  it('that comes twice is taken in once', () => {
    const test = broken();
    const seq = test.nextSeq();
    test.take({ type: 'order', seq, order: { name: 'hold' }, who: ben, why: 'x' });
    expect(test.take({ type: 'order', seq, order: { name: 'hold' }, who: ben, why: 'x' })).toEqual([]);
  });
});
