import type { Config } from '../../shared/config/config.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { chanceOf } from './chance.ts';
import { type Faults, noFaults, weather } from './faults.ts';
import { type Configs, watchInvariants } from './invariants.ts';
import type { Execution } from './pipelines.ts';
import { byChance, type Strikes } from './process.ts';
import { startProduct } from './product.ts';
import { play } from './scenario.ts';
import { anotherConfig, minute, someConfig } from './some-config.ts';
import { virtualTime } from './time.ts';
import { otherWithoutSnapshots } from './without-snapshots.ts';
import { createWorld } from './world.ts';

export type Happened = { ms: number; what: string };

export type Run = {
  seed: number;
  violations: string[];
  /** how often which fault struck at each boundary */
  struck: Map<string, number>;
  entries: Entry[];
  /** the first it had, and what it was changed to */
  configs: Config[];
  /** what happened, and when (ms) */
  story: Happened[];
};

const start = Date.parse('2026-11-21T00:00:00.000Z');
/** After the last thing that happens and the last fault: all that is declared to still run. */
const quietWithin = 150 * minute;
/** What comes after it is at rest finds it so. */
const staysQuiet = 5 * minute;

/**
 * One run of the whole product in virtual time: the same seed is the same run, byte for byte.
 * @param only what goes wrong, where that is not left to chance
 */
export const simulate = async (seed: number, only?: Partial<Faults>): Promise<Run> => {
  const chance = chanceOf(seed);
  const time = virtualTime(start);
  const some = chance.is(0.1) ? { ...noFaults, slow: 0.2 } : weather(chance);
  const faults = only === undefined ? some : { ...noFaults, ...only };
  const configs = [someConfig(chance, 1)];
  const config = (): Config => configs.at(-1) as Config;
  const story: Happened[] = [];
  const say = (what: string): void => void story.push({ ms: time.now(), what });
  const struck = new Map<string, number>();
  const machine = { time, chance, faults, strikes: told(byChance(chance, faults, time), struck, say) };
  const names = config().services.map(({ service }) => service);
  const ears = {
    tell: (event: object) => product.deliver(event),
    order: (service: string, order: Order) => product.order(`production/${service}`, order),
    acknowledge: (service: string) => product.acknowledge(`production/${service}`),
    reconfigure: () => void configs.push(anotherConfig(config(), chance)),
    upgrade: () => product.upgrade(),
    superseded: (older: Execution, by: Execution) => invariants.superseded(older, by),
  };
  const world = createWorld(time, chance, names, ears, config().environments.length > 0);
  const invariants = watchInvariants(world, byDigest(configs), () => product.trail.entries);
  const product = startProduct(machine, world, config, invariants);
  const mended = play(world, say);
  await time.run(mended, invariants.step);
  Object.assign(faults, noFaults);
  const calm = Math.max(mended, world.calmAt());
  await time.run(calm, invariants.step);
  // Most runs are looked at until they are at rest; what was lost comes then, as if it were two weeks later.
  const isAtRest = (): boolean => !invariants.isOpen() && product.pending() === 0;
  const rest = async (isOver: () => boolean): Promise<void> => {
    const until = time.now() + quietWithin;
    while (time.now() < until && !isOver()) await time.run(time.now() + minute, invariants.step);
  };
  await rest(chance.is(0.02) ? () => false : isAtRest);
  product.deliverLost();
  await time.run(time.now() + staysQuiet, invariants.step);
  await rest(isAtRest);
  // Not in the very moment of the minute's reading: what that decides, such as that a claim is over, is told a moment later.
  await time.run(nextMinute(time.now()) + minute / 2, invariants.step);
  await rest(isAtRest);
  invariants.end(product.pending());
  for (const ladder of await otherWithoutSnapshots(product.lane, invariants.states))
    invariants.violations.push(`I16 ${ladder} is another without its snapshots`);
  return { seed, violations: invariants.violations, struck, configs, entries: product.trail.entries, story };
};

/** When every check is read next. */
const nextMinute = (ms: number): number => start + Math.ceil((ms - start) / minute) * minute;

const byDigest = (configs: Config[]): Configs => ({
  now: () => configs.at(-1) as Config,
  of: (wanted) => configs.find(({ digest }) => digest === wanted) as Config,
});

const told =
  (strikes: Strikes, struck: Map<string, number>, say: (what: string) => void): Strikes =>
  (boundary) => {
    const strike = strikes(boundary);
    if (strike === 'none') return strike;
    say(`${strike}: ${boundary}`);
    const at = `${boundary} (${strike})`;
    struck.set(at, (struck.get(at) ?? 0) + 1);
    return strike;
  };
