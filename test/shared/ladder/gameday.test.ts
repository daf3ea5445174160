import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/ladder/decide.ts';
import { type Input, noReadings } from '../../../shared/ladder/input.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import { broken, healthy, kinds, ladder, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { network, standing } from '../../harness/town.ts';

type Asked = Partial<Extract<Input, { type: 'gameday' }>>;

const ada = { type: 'person', id: 'ada', name: 'Ada', verified: true } as const;
const ask = (test: TestLadder, over: Asked = {}) => {
  const given = { check: 'smoke', mode: null, steps: null, who: ada, why: 'we practise', ...over };
  return test.take({ type: 'gameday', seq: test.nextSeq(), ...given }, { alarms: test.alarms() });
};
const held = (test: TestLadder, over: Asked = {}) => {
  const event = ask(test, over).find(({ type }) => type === 'gameday.held');
  if (event?.type !== 'gameday.held') throw new Error('it was not held');
  return event;
};
const story = (test: TestLadder, over: Asked = {}): string[] =>
  held(test, over).told.map(({ after, severity, headline }) => `+${after / 1000} ${severity} ${headline}`);

/** A release that is good, and one on top of it that went out lately: what fails now may be its fault. */
const withSuspect = (config = shop()): TestLadder => {
  const test = healthy(config);
  test.deliver('newer');
  return test;
};

describe('a game day', () => {
  it('tells the whole reaction, when each part of it would come, and how it would end', () => {
    const test = withSuspect();
    expect(story(test)).toEqual([
      '+0 warning shop in production: smoke failing',
      '+30 info shop in production: level deploy, about to redeploy newer',
      '+90 info shop in production: every step is taken, settling',
      '+120 info shop in production: verifying that it is healthy',
      '+210 info shop in production: level deploy, about to roll back to good',
      '+270 info shop in production: every step is taken, settling',
      '+300 info shop in production: verifying that it is healthy',
      '+390 info shop in production: level deploy, about to redeploy good',
      '+450 info shop in production: every step is taken, settling',
      '+480 info shop in production: verifying that it is healthy',
      '+570 page shop in production: a person is needed, still failing after 3 attempts',
    ]);
    expect(held(withSuspect()).end).toEqual({ status: 'handed-over', reason: 'still failing after 3 attempts' });
  });

  it('tells how it would end if a step helped', () => {
    const { end, told } = held(withSuspect(), { steps: 1 });
    expect(end).toEqual({ status: 'converged', reason: 'all checks passed 3 times in a row' });
    expect(told.at(-1)?.after).toBe(180_000 + 30_000);
  });

  it('says which guard rail would refuse', () => {
    const test = withSuspect(shop({ budgets: { ...shop().budgets, runsPerHour: 0 } }));
    expect(held(test).end).toEqual({
      status: 'handed-over',
      reason: 'the budget of 0 runs an hour is used up',
    });
  });

  it('takes every level in another mode where that is asked, and people to approve what asks', () => {
    const levels = [
      level('node', { do: { type: 'replace-instances', group: 'shop-asg' } }),
      level('deploy', { mode: 'observe' }),
    ];
    const test = withSuspect(shop({ levels }));
    expect(held(test).end.status).toBe('observed');
    expect(held(test, { mode: 'act' }).end.status).toBe('handed-over');
    expect(story(test, { mode: 'ask', steps: 1 }).slice(0, 3)).toEqual([
      '+0 warning shop in production: smoke failing',
      '+30 page shop in production: level deploy asks for approval to redeploy newer',
      '+30 info shop in production: level deploy, about to redeploy newer',
    ]);
  });

  it('counts the steps that did something, and none that held already', () => {
    const levels = [level('node', { do: { type: 'replace-instances', group: 'shop-asg' } }), level('deploy')];
    const heals = (steps: number) => held(withSuspect(shop({ levels })), { check: 'node', steps }).end.status;
    expect([heals(1), heals(2)]).toEqual(['converged', 'converged']);
    const alone = withSuspect(shop({ levels, attempts: 1 }));
    expect(held(alone, { check: 'node', steps: 2 }).end.reason).toBe('still failing after 1 attempts');
  });

  it('is played for two hundred decisions at most, and told in sixty lines', () => {
    const verify = (times: number) => ({ every: 1_000, times, within: 600_000 });
    const endAfter = (times: number) => held(withSuspect(shop({ attempts: 1, verify: verify(times) }))).end;
    // Six come before the first look that verifies: it opens, intends, begins, is done, is quiet no more, has settled.
    expect(endAfter(194).status).toBe('handed-over');
    expect(endAfter(195)).toEqual({ status: 'open', reason: 'it is not over by then' });
    const levels = [level('node', { do: { type: 'replace-instances', group: 'shop-asg' } })];
    const again = shop({ attempts: 30, verify: verify(1), levels, checks: { node: shop().checks['node']! } });
    const { told } = held(withSuspect(again), { check: 'node' });
    expect(told).toHaveLength(60);
  });

  it('tells of what would fail by its name, where the check says it by name', () => {
    const checks = { node: { name: 'node', alarms: ['shop-node'], per: 'InstanceId', level: 'deploy' } };
    const test = ladder(shop({ checks }));
    expect(held(test, { check: 'node' }).told[0]?.headline).toBe('shop in production: node (some-InstanceId) failing');
  });

  it('goes on where a claim is over before its quiescence is', () => {
    const test = withSuspect();
    const until = new Date(Date.parse(test.now()) + 10_000).toISOString();
    test.take({ type: 'order', seq: test.nextSeq(), order: { name: 'claim', until }, who: ada, why: 'mine' });
    expect(held(test).end.status).toBe('handed-over');
  });

  it('says that nothing would be done while a person holds the ladder', () => {
    const test = withSuspect();
    test.take({ type: 'order', seq: test.nextSeq(), order: { name: 'hold' }, who: ada, why: 'mine' });
    expect(held(test).end).toEqual({ status: 'open', reason: 'held by Ada: mine' });
  });

  it('opens, intends and keeps nothing: the ladder stands as it stood, and people are told that nothing is wrong', () => {
    for (const over of [{}, { steps: 1 }, { mode: 'ask' }, { check: 'node' }] as Asked[]) {
      const test = withSuspect();
      const before = test.state();
      const said = ask(test, over);
      expect(kinds(said)).toEqual(['gameday.held']);
      const { version: _v, seen: _s, ...stands } = test.state();
      const { version: _w, seen: _t, ...stood } = before;
      expect(stands).toEqual(stood);
      const alert = said.find((event) => event.type === 'alert.raised');
      expect(alert).toMatchObject({
        alert: {
          severity: 'info',
          incident: null,
          failing: [],
          headline: 'shop in production: a game day of Ada, nothing is wrong and nothing is done, we practise',
        },
      });
      expect(JSON.stringify(said).length).toBeLessThan(40_000);
    }
  });

  it('does not hold up what really fails a moment later', () => {
    const test = withSuspect();
    ask(test);
    test.forward(1_000);
    expect(kinds(test.alarm('smoke', 'fail'))).toEqual(['check.changed', 'incident.opened']);
    expect(kinds(test.timer())).toContain('step.intended');
  });

  it.each<[string, () => TestLadder, Asked, RegExp]>([
    [
      'while an incident is open',
      () => broken(),
      {},
      /^incident production\.shop\.\d+ is open: what really fails comes first$/,
    ],
    [
      'of a check that is not there',
      () => healthy(),
      { check: 'smok' },
      /^there is no check "smok"; there are node, smoke$/,
    ],
    ['without a reason', () => healthy(), { why: ' ' }, /^an order says why$/],
  ])('is refused %s', (_, given, over, reason) => {
    const said = ask(given(), over);
    expect(said).toMatchObject([
      { type: 'order.refused', asked: 'hold a game day', reason: expect.stringMatching(reason) as string },
    ]);
  });

  it('is refused where a check really fails though no event told of it, and where the checks cannot be read', () => {
    const test = healthy();
    test.silently('node', 'fail');
    expect(ask(test)).toMatchObject([{ type: 'order.refused', reason: 'check node really fails: that comes first' }]);
    const given = { check: 'smoke', mode: null, steps: null, who: ada, why: 'x' } as const;
    const said = test.take({ type: 'gameday', seq: test.nextSeq(), ...given });
    expect(said).toMatchObject([{ type: 'order.refused', reason: 'the checks cannot be read' }]);
  });
});

describe('a game day of a check that is no alarm', () => {
  const probe = { url: 'http://shop/', timeout: 5_000, failures: 3, expect: ['2xx'], body: null };
  const web = { name: 'web', probe, level: 'deploy' };
  const checks = { web, other: { ...web, name: 'other' } };

  it('takes that one to fail, and the others to be as they were just read', () => {
    const test = ladder(shop({ checks }));
    test.deliver('good');
    const passes = { value: 'pass', at: test.now(), reason: 'read' } as const;
    const given = { check: 'web', mode: null, steps: 1, who: ada, why: 'we practise' };
    const readings = { alarms: {}, sources: { web: passes, other: passes } };
    const [event] = test.take({ type: 'gameday', seq: test.nextSeq(), ...given }, readings);
    expect(event).toMatchObject({ type: 'gameday.held', end: { status: 'converged' } });
    expect(event?.type === 'gameday.held' && event.told[0]?.headline).toBe('shop in production: web failing');
  });
});

describe('a game day where services share levels', () => {
  const at = '2026-11-21T12:00:00.000Z';
  const alarms = { provider: { value: 'pass' as const, at, reason: '' } };
  const given = { type: 'gameday', seq: 1, mode: null, steps: 1, who: ada, why: 'we practise' } as const;

  it('of the environment calls its services, and takes them to be well', () => {
    const config = network(['production/shop', 'production/cart']);
    const input = { ...given, check: 'provider' };
    const [event] = decide(initialState, input, { ...noReadings, alarms, below: {} }, at, config).events;
    if (event?.type !== 'gameday.held') throw new Error('it was not held');
    expect(event.end).toEqual({ status: 'converged', reason: 'all checks passed 3 times in a row' });
    expect(event.told.map(({ headline }) => headline)).toContain(
      'production: every shared level is taken, calling production/shop, production/cart',
    );
  });

  it('of a service that is called just then tells how it would end by that', () => {
    const test = ladder(standing('shop'));
    test.silently('smoke', 'pass');
    test.deliver('good');
    const above = { version: 4, by: 'production.3', call: 4 };
    const said = test.take({ ...given, check: 'smoke', seq: test.nextSeq() }, { alarms: test.alarms(), above });
    expect(said.find(({ type }) => type === 'gameday.held')).toMatchObject({ end: { status: 'converged' } });
  });
});
