import { describe, expect, it } from 'vitest';
import { heed } from '../../../shared/ladder/adopted.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { evolve, initialState } from '../../../shared/ladder/state.ts';
import { kinds, level } from '../../harness/ladder.ts';
import { configOf, standing, town, type Town } from '../../harness/town.ts';

const minute = 60_000;
const services = (count: number) => Array.from({ length: count }, (_, index) => standing(`s${index}`));
const [shop, cart] = [standing('shop'), standing('cart')];
const deploys = ['deploy cart', 'deploy shop'];

const fails = async (test: Town, ms: number): Promise<Town> => {
  test.world.up = false;
  await test.read();
  await test.forward(ms);
  return test;
};

const closedOf = (test: Town, ladder: string): (string | null)[] =>
  test.entries
    .filter(({ kind, subject }) => kind === 'incident.closed' && subject === `escalator:ladder/${ladder}`)
    .map(({ outcome }) => outcome);

describe('ten services in one network that fails', () => {
  it('the network is rebuilt once, then each service is deployed once', async () => {
    const ten = services(10);
    const test = await fails(await town(configOf(ten)), 40 * minute);
    const did = test.did();
    expect(did[0]).toBe('build the network');
    expect(did.slice(1).toSorted()).toEqual(ten.map(({ service }) => `deploy ${service}`).toSorted());
    for (const { ladder } of ten) expect(closedOf(test, ladder)).toEqual(['converged']);
    expect(closedOf(test, 'production')).toEqual(['converged']);
    expect(test.replay()).toEqual([]);
  });

  it('is one incident: nobody is told of each service', async () => {
    const test = await fails(await town(configOf(services(10))), 40 * minute);
    expect(test.alerts().filter((headline) => !headline.startsWith('production: '))).toEqual([]);
    expect(test.alerts()).toContain('production: every shared level is taken, calling 10 services');
    const last = test.entries.findLast(({ kind }) => kind === 'alert.raised')?.detail['alert'] as { done: string[] };
    expect(last.done).toHaveLength(11);
    expect(last.done[1]).toMatch(/^production\/s\d: its own levels \(done\)$/);
  });
});

describe('an environment and its services', () => {
  it.each([['incident.opened'], ['services.called'], ['incident.closed'], ['ladder.adopted']])(
    'come to the same end where no %s is ever taken in: each looks for itself',
    async (lost) => {
      const test = await town(configOf([shop, cart]));
      test.drop.add(lost);
      await fails(test, 60 * minute);
      expect([test.did()[0], ...test.did().slice(1).toSorted()]).toEqual(['build the network', ...deploys]);
      expect(closedOf(test, 'production')).toEqual(['converged']);
      expect((await test.state('production/shop')).above.by).toBeNull();
    },
  );

  it('a step of a service that is under way is seen through before the network is touched', async () => {
    const test = await town(configOf([shop, cart]));
    test.world.deployed.set('shop', 0);
    await test.forward(minute);
    await test.forward(40_000);
    expect(test.did()).toEqual(['deploy shop']);
    await fails(test, 40 * minute);
    expect(test.did().slice(0, 2)).toEqual(['deploy shop', 'build the network']);
    const ended = test.entries.find(({ kind, service }) => kind === 'step.ended' && service === 'shop');
    const intended = test.entries.find(({ kind, service }) => kind === 'step.intended' && service === null);
    expect((ended?.seq ?? 0) < (intended?.seq ?? 0)).toBe(true);
    expect(closedOf(test, 'production')).toEqual(['converged']);
    expect(test.replay()).toEqual([]);
  });

  it('a service that is called in its own incident takes another attempt, from its first level', async () => {
    const test = await town(configOf([shop, cart]));
    test.world.deployed.set('shop', 0);
    await test.forward(100_000);
    await fails(test, 40 * minute);
    const attempts = test.entries
      .filter(({ kind, service }) => kind === 'attempt.started' && service === 'shop')
      .map(({ detail }) => detail['attempt']);
    expect(attempts).toEqual([1, 2]);
  });

  it('a service whose budget of runs is used up calls a person when it is called', async () => {
    const seldom = standing('shop', { budgets: { ...shop.budgets, runsPerHour: 1 } });
    const test = await town(configOf([seldom, cart]));
    test.world.deployed.set('shop', 0);
    await test.forward(15 * minute);
    expect(closedOf(test, 'production/shop')).toEqual(['converged']);
    await fails(test, 30 * minute);
    expect(test.did().filter((did) => did === 'deploy shop')).toHaveLength(1);
    expect(closedOf(test, 'production/shop')).toEqual(['converged', 'handed-over']);
  });

  it('an environment has nothing deployed to it: a level of its own that would is left to a person', async () => {
    const test = await fails(await town(configOf([shop, cart], { levels: [level('network')] })), 10 * minute);
    const closed = test.entries.find(({ kind, service }) => kind === 'incident.closed' && service === null);
    expect(closed).toMatchObject({ outcome: 'handed-over', reason: 'nothing is deployed to production itself' });
  });

  it('a service that fails by itself climbs by itself, and the environment does nothing', async () => {
    const test = await town(configOf([shop, cart]));
    test.world.deployed.set('shop', 0);
    await test.forward(20 * minute);
    expect(test.did()).toEqual(['deploy shop']);
    expect(test.said('production')).toEqual([]);
    expect(test.alerts()[0]).toBe('shop in production: smoke failing');
  });

  it('what works again with the network is not deployed: its level holds', async () => {
    const test = await town(configOf([shop, cart]));
    test.world.deployed.set('shop', 2);
    test.world.deployed.set('cart', 1);
    await fails(test, 40 * minute);
    expect(test.did()).toEqual(['build the network', 'deploy cart']);
    const held = test.entries.filter(({ kind, outcome }) => kind === 'step.ended' && outcome === 'already-so');
    expect(held.map(({ service }) => service)).toEqual(['shop']);
    expect(closedOf(test, 'production/shop')).toEqual(['converged']);
  });

  it('a service that cannot be brought back calls a person, and so does its environment', async () => {
    const test = await town(configOf([shop, cart]));
    test.world.broken.add('shop');
    await fails(test, 90 * minute);
    expect(closedOf(test, 'production/shop')[0]).toBe('handed-over');
    expect(closedOf(test, 'production/cart')).toEqual(['converged']);
    expect(closedOf(test, 'production')).toEqual(['handed-over']);
    expect(test.did().filter((did) => did === 'build the network')).toHaveLength(1);
    expect(test.alerts().filter((headline) => headline.includes('a person is needed'))).toEqual([
      expect.stringMatching(/^shop in production: a person is needed/),
      expect.stringMatching(/^production: a person is needed, production\/shop was handed over: /),
    ]);
  });

  it('while the environment is in the hands of a person its services begin nothing, until its checks pass', async () => {
    const test = await town(configOf([shop, cart], { budgets: { runsPerHour: 0, runsPerDay: 0, failedRuns: 2 } }));
    await fails(test, 30 * minute);
    expect(closedOf(test, 'production')).toEqual(['handed-over']);
    expect(test.did()).toEqual([]);
    expect((await test.state('production/shop')).above.by).toBe('production');
    Object.assign(test.world, { up: true, built: 2 });
    await test.forward(10 * minute);
    expect(test.did().toSorted()).toEqual(deploys);
  });

  it('a level that only observes lets the services go', async () => {
    const levels = [level('network', { do: { type: 'start-pipeline', pipeline: 'network' }, mode: 'observe' })];
    const test = await fails(await town(configOf([shop, cart], { levels })), 3 * minute);
    expect(closedOf(test, 'production')).toEqual(['observed']);
    expect((await test.state('production/shop')).above.by).toBeNull();
  });

  it('a shared level that asks waits for its approval, and is taken then', async () => {
    const levels = [level('network', { do: { type: 'start-pipeline', pipeline: 'network' }, mode: 'ask' })];
    const test = await fails(await town(configOf([shop, cart], { levels })), 3 * minute);
    expect(test.did()).toEqual([]);
    const id = (await test.state('production')).incident?.id ?? '';
    await test.order('production', { name: 'approve', incident: id });
    await test.forward(20 * minute);
    expect([test.did()[0], ...test.did().slice(1).toSorted()]).toEqual(['build the network', ...deploys]);
  });

  it('a service that a person holds is waited for, and climbs when they let it go on', async () => {
    const test = await town(configOf([shop, cart]));
    await test.order('production/shop', { name: 'hold' });
    await fails(test, 20 * minute);
    expect(test.did()).toEqual(['build the network', 'deploy cart']);
    expect((await test.state('production')).incident?.phase.name).toBe('calling');
    await test.order('production/shop', { name: 'resume' });
    await test.forward(20 * minute);
    expect(test.did()).toEqual(['build the network', 'deploy cart', 'deploy shop']);
    expect(closedOf(test, 'production')).toEqual(['converged']);
  });

  it('services that do not end in an hour call a person', async () => {
    const test = await town(configOf([shop, cart]));
    await test.order('production/shop', { name: 'hold' });
    await fails(test, 70 * minute);
    expect(closedOf(test, 'production')).toEqual(['handed-over']);
    expect(test.alerts()).toContain('production: a person is needed, production/shop did not end in time');
  });

  it('a service that only observes holds nobody up', async () => {
    const watched = standing('shop', { levels: [level('deploy', { mode: 'observe' })] });
    const test = await fails(await town(configOf([watched, cart])), 40 * minute);
    expect(test.did()).toEqual(['build the network', 'deploy cart']);
    expect(closedOf(test, 'production/shop')[0]).toBe('observed');
    expect(closedOf(test, 'production')).toEqual(['converged']);
  });

  it('a network that fails again while the services climb is rebuilt first, and they are called anew', async () => {
    const test = await fails(await town(configOf([shop, cart])), 6 * minute);
    expect(test.did().slice(0, 1)).toEqual(['build the network']);
    expect((await test.state('production')).incident?.phase.name).toBe('calling');
    await fails(test, 60 * minute);
    expect(test.did().filter((did) => did === 'build the network')).toHaveLength(2);
    const [, second] = test.acts.flatMap(({ did }, at) => (did === 'build the network' ? [at] : []));
    expect(
      test
        .did()
        .slice((second ?? 0) + 1)
        .toSorted(),
    ).toEqual(deploys);
    expect(closedOf(test, 'production')).toEqual(['converged']);
    expect(test.replay()).toEqual([]);
  });

  it('a person cannot force a level of a service that is adopted', async () => {
    const test = await fails(await town(configOf([shop, cart])), 10_000);
    await test.order('production/shop', { name: 'force', level: 'deploy' });
    const refused = test.entries.find(({ kind }) => kind === 'order.refused');
    expect(refused?.reason).toMatch(/^it is adopted by production\.\d+$/);
  });

  it('a service that holds to a newer word of its environment does not take an older one', () => {
    const config = shop;
    const above = { version: 7, by: 'production.5', call: null };
    const turn = { state: { ...initialState, above }, said: [], version: 1, now: '', config, readings: noReadings };
    const old = { ...noReadings, above: { version: 6, by: null, call: null } };
    expect(heed({ ...turn, readings: old }).said).toEqual([]);
    const newer = { ...noReadings, above: { version: 8, by: null, call: null } };
    expect(heed({ ...turn, readings: newer }).said).toEqual([
      { type: 'ladder.let-go', by: 'production.5', aboveVersion: 8 },
    ]);
  });

  it('a service notes a call once, though the environment says the same in its later versions', () => {
    const above = { version: 7, by: 'production.5', call: 7 };
    const state = { ...initialState, above };
    const readings = { ...noReadings, above: { ...above, version: 8 } };
    expect(heed({ state, said: [], version: 1, now: '', config: shop, readings }).said).toEqual([]);
  });
});

describe('a service that was adopted, of an environment whose shared levels are taken out of the configuration', () => {
  it('is let go with the next reading, and brought back by itself', async () => {
    const test = await fails(await town(configOf([shop])), 5_000);
    const adopted = await test.state('production/shop');
    expect(adopted.above.by).toBe('production.2');
    const alone = standing('shop', { above: null });
    const alarms = { 'shop-smoke': { value: 'fail' as const, at: test.now(), reason: '' } };
    const { events } = decide(adopted, { type: 'read' }, { ...noReadings, alarms }, test.now(), alone);
    expect(kinds(events)).toEqual(['ladder.let-go', 'incident.opened']);
    expect(events[0]).toEqual({ type: 'ladder.let-go', by: 'production.2', aboveVersion: adopted.above.version });
    const state = events.reduce((next, event) => evolve(next, event, adopted.version + 1, test.now()), adopted);
    expect(decide(state, { type: 'read' }, { ...noReadings, alarms }, test.now(), alone).events).toEqual([]);
  });
});

describe('an order to converge', () => {
  it('takes a level of an environment and every one after it, those of the services too, though nothing fails', async () => {
    const test = await town(configOf([shop, cart]));
    await test.order('production', { name: 'converge', level: 'network' });
    await test.forward(30 * minute);
    expect([test.did()[0], ...test.did().slice(1).toSorted()]).toEqual(['build the network', ...deploys]);
    expect(closedOf(test, 'production')).toEqual(['converged']);
    expect(test.entries.find(({ kind }) => kind === 'attempt.started')?.reason).toBe(
      'to be converged by Ben: a person says so',
    );
  });

  it('runs the pipeline of a service that nothing was ever put into', async () => {
    const empty = await town(configOf([shop, cart]), ['cart']);
    expect((await empty.state('production/shop')).releases).toEqual([]);
    await empty.order('production/shop', { name: 'converge', level: 'deploy' });
    await empty.forward(10 * minute);
    const intended = empty.entries.find(({ kind }) => kind === 'step.intended')?.detail['intent'];
    expect(intended).toMatchObject({ action: 'start-pipeline', pipeline: 'shop' });
    expect(closedOf(empty, 'production/shop')).toEqual(['converged']);
  });
});
