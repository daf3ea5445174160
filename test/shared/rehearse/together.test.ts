import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import { rehearseAll } from '../../../shared/rehearse/together.ts';
import { level } from '../../harness/ladder.ts';
import { configOf, standing, town } from '../../harness/town.ts';
import { told } from './given.ts';

const minute = 60_000;
const names = (count: number) => Array.from({ length: count }, (_, n) => `s${n}`);
const recorded = configOf(names(2).map((name) => standing(name)));

/** The network failed, was built anew, and both services were deployed into it; later one of them failed by itself. */
const networkFailed = async () => {
  const test = await town(recorded);
  test.world.up = false;
  await test.forward(30 * minute);
  test.world.deployed.set('s1', 0);
  await test.forward(20 * minute);
  expect(test.did()).toEqual(['build the network', 'deploy s0', 'deploy s1', 'deploy s1']);
  return test.entries;
};

/** What differs or is not known of each ladder, in words. */
const through = (entries: Parameters<typeof pastOf>[0], was: Config, config: Config) =>
  Object.fromEntries(
    [...rehearseAll(pastOf(entries, [was]), { ...config, digest: 'another' })].map(([ladder, lines]) => [
      ladder,
      told(lines.filter(({ type }) => type !== 'same')),
    ]),
  );

describe('ladders that go by each other', () => {
  it('are the same where the configuration is', async () => {
    const said = through(await networkFailed(), recorded, structuredClone(recorded));
    expect(said).toEqual({ production: [], 'production/s0': [], 'production/s1': [] });
  });

  it('are unknown where the ladder of their environment would have said otherwise, until it is as recorded again', async () => {
    const [level] = recorded.environments[0]?.levels ?? [];
    const observing = configOf(recorded.services, { levels: [{ ...level!, mode: 'observe' }] });
    const said = through(await networkFailed(), recorded, observing);
    expect(said['production']?.[0]).toMatch(/^12:01:30 act: /);
    expect(said['production']?.[1]).toMatch(/^12:01:30 unknown: what is done differs/);
    const unknown = '12:01:30 unknown: it goes by production, and what that would have done is not known';
    for (const service of ['production/s0', 'production/s1']) {
      expect(said[service]?.[0]).toBe(unknown);
      expect(said[service]?.[1]).toMatch(/^12:\d\d:\d\d again, \d+ passed by$/);
      expect(said[service]).toHaveLength(2);
    }
  });

  it('are unknown where a service that the environment called would have done something else', async () => {
    const services = [standing('s0', { levels: [level('deploy', { mode: 'ask' })] }), standing('s1')];
    const said = through(await networkFailed(), recorded, configOf(services));
    expect(said['production/s0']?.[0]).toMatch(/ act: .*deploy/);
    expect(said['production']).toEqual([
      expect.stringMatching(/ unknown: it goes by production\/s0, and what that would have done is not known$/),
      expect.stringMatching(/ again, \d+ passed by$/),
    ]);
    expect(said['production/s1']?.[0]).toMatch(/ unknown: it goes by production, /);
  });

  it('are told apart where a service differs that nobody goes by then', async () => {
    const test = await town(recorded);
    test.world.deployed.set('s0', 0);
    await test.forward(20 * minute);
    const services = [standing('s0', { quiescence: 2 * minute }), standing('s1')];
    const said = through(test.entries, recorded, configOf(services));
    expect(said['production/s0']?.length).toBeGreaterThan(1);
    expect(said).toMatchObject({ production: [], 'production/s1': [] });
  });
});

describe('services that fail together', () => {
  const alone = (over: Partial<Parameters<typeof standing>[1]>, count = 3): Config => {
    const services = names(count).map((name, n) => standing(name, { above: null, ...(n === 0 && over) }));
    return { ...configOf(services), environments: [] };
  };
  const lived = async (failing: number) => {
    const test = await town(alone({}, 6));
    for (const name of names(failing)) test.world.deployed.set(name, 0);
    await test.read();
    await test.forward(20 * minute);
    return test.entries;
  };

  it('are unknown where it is not known how many would have: one of them would have been brought back, or not', async () => {
    const said = through(await lived(2), alone({}, 6), { ...alone({ quiescence: 2 * minute }, 6), account: few });
    expect(said['production/s1']?.[0]).toMatch(/ unknown: how many services would have failed with it is not known: /);
    expect(said['production/s5']).toEqual([]);
  });

  it('are not where there are too few of them by far', async () => {
    const said = through(await lived(2), alone({}, 6), alone({ quiescence: 2 * minute }, 6));
    expect(said['production/s0']?.length).toBeGreaterThan(1);
    expect(said['production/s1']).toEqual([]);
  });
});

/** As recorded, but that two are enough. */
const few = { acting: 3, share: 30, least: 2, within: minute };
