import { describe, expect, it } from 'vitest';
import { defaultAccount } from '../../../shared/config/config.ts';
import {
  accountReading,
  causeAlert,
  causeSince,
  sharedCause,
  together,
  togetherFrom,
} from '../../../shared/ladder/cause.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import { broken, kinds } from '../../harness/ladder.ts';
import { configOf, network, standing, town } from '../../harness/town.ts';

const minute = 60_000;
const apart = (count: number) => Array.from({ length: count }, (_, at) => standing(`s${at}`, { above: null }));
const townOf = (count: number) => town({ ...configOf(apart(count)), environments: [] });

describe('where 40 % of the services of the account begin to fail within a minute', () => {
  it('nothing is done, and people are told once', async () => {
    const test = await townOf(10);
    for (const at of [0, 1, 2, 3]) test.world.deployed.set(`s${at}`, 0);
    await test.read();
    await test.forward(10 * minute);
    expect(test.did()).toEqual([]);
    expect(test.entries.map(({ kind }) => kind)).not.toContain('step.intended');
    const told = test.alerts().filter((headline) => headline.includes('no single ladder owns'));
    expect(told).toEqual(['4 of 10 services began to fail together: a cause that no single ladder owns']);
    expect((await test.state('production/s0')).incident?.phase).toMatchObject({ name: 'waiting' });
    expect(test.replay()).toEqual([]);
  });

  it('each ladder hands over after an hour, and a person is called once for all of them', async () => {
    const test = await townOf(5);
    for (const at of [0, 1, 2]) test.world.deployed.set(`s${at}`, 0);
    await test.read();
    await test.forward(70 * minute);
    expect(test.did()).toEqual([]);
    const ends = test.entries.filter(({ kind }) => kind === 'incident.closed').map(({ outcome }) => outcome);
    expect(ends).toEqual(['handed-over', 'handed-over', 'handed-over']);
    const called = test.alerts().filter((headline) => headline.includes('a person is needed'));
    const reason = '3 of 5 services began to fail together: a cause that no single ladder owns';
    expect(called).toEqual([`a person is needed, ${reason}`]);
    expect(test.replay()).toEqual([]);
    // What each of them waits for is said once, however often it looks again.
    expect(test.entries.filter(({ kind }) => kind === 'cause.shared')).toHaveLength(3);
  });

  it('they go on when fewer fail', async () => {
    const test = await townOf(10);
    for (const at of [0, 1, 2, 3]) test.world.deployed.set(`s${at}`, 0);
    await test.read();
    await test.forward(3 * minute);
    for (const at of [1, 2, 3]) test.world.deployed.set(`s${at}`, 1);
    await test.forward(10 * minute);
    expect(test.did()).toEqual(['deploy s0']);
  });

  it('but fewer than 40 %, or fewer than three, are brought back each by itself', async () => {
    const some = await townOf(10);
    for (const at of [0, 1, 2]) some.world.deployed.set(`s${at}`, 0);
    await some.read();
    await some.forward(10 * minute);
    expect(some.did()).toHaveLength(3);
    const two = await townOf(4);
    for (const at of [0, 1]) two.world.deployed.set(`s${at}`, 0);
    await two.read();
    await two.forward(10 * minute);
    expect(two.did()).toHaveLength(2);
  });
});

describe('a cause that no single ladder owns', () => {
  const now = '2026-11-21T12:10:00.000Z';
  const at = (seconds: number): string => new Date(Date.parse(now) - seconds * 1_000).toISOString();
  const three = (seconds: number[]) => seconds.map((ago, n) => ({ ladder: `production/s${n}`, at: at(ago) }));
  const { acting: _acting, ...limits } = defaultAccount;
  const failingAt = (check: string, ago: number) => ({
    [check]: { value: 'fail' as const, at: at(ago), since: now, reason: '' },
  });
  const turn = (
    config: ReturnType<typeof standing> | ReturnType<typeof network>,
    failing: ReturnType<typeof three>,
    own = 30,
  ) => {
    const [check = ''] = Object.keys(config.checks);
    const state = { ...initialState, checks: failingAt(check, own) };
    return {
      state,
      said: [],
      version: 1,
      now,
      config,
      readings: { ...noReadings, account: { ...limits, services: 5, failing } },
    };
  };
  const shop = standing('s0', { above: null });

  it('is one of services that began to fail within a minute of each other', () => {
    expect(sharedCause(turn(shop, three([30, 0, 60])))?.ladders).toHaveLength(3);
    expect(sharedCause(turn(shop, three([30, 0, 61])))).toBeNull();
  });

  it('is none of a service that began to fail at another time', () => {
    expect(sharedCause(turn(shop, three([30, 20, 10]), 300))).toBeNull();
  });

  it('is read off the first and the last failing check of each service', () => {
    const names = ['a', 'b', 'c'];
    const checks = Object.fromEntries(names.map((name) => [name, { name, alarm: name, level: 'deploy' }]));
    const config = standing('s0', { checks });
    const state = { ...initialState, checks: { ...failingAt('a', 30), ...failingAt('b', 90), ...failingAt('c', 60) } };
    const { failing } = accountReading({ services: [config] }, [{ config, state }]);
    expect(failing.map((row) => row.at)).toEqual([at(90), at(30)]);
  });

  it('counts a service once, however many of its checks fail', () => {
    expect(
      sharedCause(
        turn(
          shop,
          ['s0', 's0', 's1'].map((name) => ({ ladder: `production/${name}`, at: at(30) })),
        ),
      ),
    ).toBeNull();
  });

  it('is never made of an environment’s own services, for its own ladder', () => {
    const below = ['production/s0', 'production/s1', 'production/s2'];
    expect(sharedCause(turn(network(below), three([30, 30, 30])))).toBeNull();
    expect(sharedCause(turn(network([]), three([30, 30, 30])))?.ladders).toHaveLength(3);
  });

  it('does not keep a service from climbing that its environment called', () => {
    const called = turn(standing('s0'), three([30, 30, 30]));
    const above = { version: 3, by: 'production.2', call: 3 };
    const incident = { id: 'production.s0.1' } as never;
    const state = {
      ...called.state,
      above,
      incident,
      called: { by: 'production.2', call: 3, incident: 'production.s0.1', ended: null },
    };
    expect(sharedCause({ ...called, state })).toBeNull();
    expect(sharedCause(called)?.ladders).toHaveLength(3);
  });

  it('has in it what began at its first moment, and what began up to the very end of its time', () => {
    const failed = three([60, 30, 0]);
    expect(together(failed, 60_000).map(({ ladders }) => ladders.length)).toEqual([3, 2, 1]);
    expect(together(failed, 59_999).map(({ ladders }) => ladders.length)).toEqual([2, 2, 1]);
  });

  it('is of a service that began at its first moment or its last, and of none a moment later', () => {
    expect(sharedCause(turn(shop, three([90, 60, 30]), 30))?.ladders).toHaveLength(3);
    expect(sharedCause(turn(shop, three([90, 60, 30]), 90))?.ladders).toHaveLength(3);
    expect(sharedCause(turn(shop, three([90, 60, 30]), 29))).toBeNull();
    expect(sharedCause(turn(shop, three([90, 60, 30]), 151))).toBeNull();
  });

  it('needs the share of the services that is declared, rounded up, and never fewer than the least', () => {
    expect(togetherFrom({ services: 10, share: 40, least: 3 })).toBe(4);
    expect(togetherFrom({ services: 11, share: 40, least: 3 })).toBe(5);
    expect(togetherFrom({ services: 5_050, share: 2, least: 3 })).toBe(101);
    expect(togetherFrom({ services: 2, share: 40, least: 3 })).toBe(3);
  });

  it('counts also from a moment at which nothing of the others began', () => {
    const failed = three([60, 30, 0]);
    const since = at(75);
    expect(together(failed, 60_000, [since])[0]).toMatchObject({
      since,
      ladders: expect.objectContaining({ length: 2 }),
    });
  });

  it('is told once when it is found and once when it is handed over, each under its own name', () => {
    const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
    const said = { ladders: ['production/s0'], of: 5, since: at(60) };
    const keys = (['cause.shared', 'cause.handed-over'] as const).map(
      (type) => causeAlert({ type, incident: null, ...said } as never, source).key,
    );
    expect(keys).toEqual([`account/1/cause/${at(60)}`, `account/1/cause/${at(60)}/handed-over`]);
  });

  it('is known by the name of what is told of it, and of nothing else', () => {
    const named = [`cause/${at(60)}`, `cause/${at(60)}/handed-over`, 'production/shop#5'].map((id) =>
      causeSince({ id }),
    );
    expect(named).toEqual([at(60), at(60), null]);
  });

  it('is told of though the ladder waits for something else already, and once', () => {
    const test = broken();
    const began = test.state().checks['smoke']?.at ?? '';
    const failing = ['s0', 's1', 's2'].map((name) => ({ ladder: `production/${name}`, at: began }));
    const account = { ...limits, services: 5, failing };
    test.timer();
    test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
    expect(kinds(test.timer({ account }))).toEqual(['cause.shared', 'incident.waiting']);
    expect(kinds(test.timer({ account }))).toEqual(['incident.waiting']);
  });
});
