import { describe, expect, it } from 'vitest';
import { laddersOf } from '../../../shared/config/config.ts';
import { accountRails } from '../../../shared/ladder/rails-of-account.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import { columns } from '../../harness/rails.ts';
import { configOf, standing, town, type Town } from '../../harness/town.ts';

const services = Array.from({ length: 5 }, (_, at) => standing(`s${at}`));
const config = configOf(services);
const seen = '2026-11-21T12:00:00.000Z';

/** The rails of a ladder as they stand now, by name. */
const railsOf = async (test: Town, ladder: string) => {
  const all = await Promise.all(
    laddersOf(config).map(async (one) => ({ config: one, state: await test.state(one.ladder) })),
  );
  const own = all.find((one) => one.config.ladder === ladder);
  if (own === undefined) throw new Error(`there is no ${ladder}`);
  const rails = accountRails(all, config, own);
  for (const rail of rails) expect(Object.keys(rail).toSorted()).toEqual(columns);
  return Object.fromEntries(rails.map((rail) => [rail.name, rail]));
};

describe('the guard rails of the account', () => {
  it('are open where nothing happens', async () => {
    const rails = await railsOf(await town(config), 'production/s0');
    expect(rails['ladders-acting']).toMatchObject({ limit: 3, used: 0, closed: false });
    expect(rails['shared-cause']).toMatchObject({ limit: 3, used: 0, closed: false });
    expect(rails['environment']).toMatchObject({ closed: false, about: null });
  });

  it('say who acts, how many failed together, and whose the cause is', async () => {
    const test = await town(config);
    test.world.up = false;
    await test.read();
    await test.forward(40_000);
    const [service, environment] = [await railsOf(test, 'production/s0'), await railsOf(test, 'production')];
    expect(service['ladders-acting']).toMatchObject({ used: 1, about: 'production' });
    expect(service['shared-cause']).toMatchObject({ used: 5, closed: true });
    expect(environment['shared-cause']).toMatchObject({ used: 0, closed: false });
    expect(service['environment']?.about).toMatch(/^adopted by production\.\d+$/);
    expect(environment['environment']).toMatchObject({ closed: false });
  });

  it('of a shared cause are closed by as many as are too many, and no fewer', () => {
    const standingOf = (failing: number) =>
      services.map((one, at) => ({ config: one, state: at < failing ? failed : initialState }));
    const check = { value: 'fail', at: seen, since: seen, reason: '' } as const;
    const failed = { ...initialState, checks: { smoke: check } };
    const closed = (failing: number) => {
      const all = standingOf(failing);
      return accountRails(all, config, all[4]!).find(({ name }) => name === 'shared-cause')?.closed;
    };
    expect([closed(2), closed(3)]).toEqual([false, true]);
  });

  it('are closed when as many act as may', async () => {
    const test = await town(config);
    test.world.up = false;
    await test.read();
    for (let waited = 0; test.acts.length < 4 && waited < 600; waited += 1) await test.forward(1_000);
    expect((await railsOf(test, 'production/s0'))['ladders-acting']).toMatchObject({ used: 3, closed: true });
  });
});
