import { type Config, defaultAccount, type LadderConfig, type ServiceConfig } from '../../shared/config/config.ts';
import { aboveOf } from '../../shared/ladder/adopted.ts';
import { accountReading } from '../../shared/ladder/cause.ts';
import { type Below, standsOf } from '../../shared/ladder/calling.ts';
import type { Readings } from '../../shared/ladder/input.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { Ladders } from './ladders.ts';

type Load = Pick<Ladders, 'load'>;

/** Ladders read at once. */
const atOnce = 10;

/** What the ladder of the environment says to a service's, where there is one. Throws where it cannot be read. */
export const readAbove = async (
  { load }: Load,
  { environments }: Config,
  ladder: LadderConfig,
): Promise<Pick<Readings, 'above'>> => {
  const above = environments.find((one) => ladder.service !== null && one.ladder === ladder.above);
  return above === undefined ? {} : { above: aboveOf(await load(above.ladder), above) };
};

/** Which services of the account fail, where there are enough to fail together. Throws where one cannot be read. */
export const readAccount = async ({ load }: Load, config: Config): Promise<Pick<Readings, 'account'>> => {
  const states: { config: ServiceConfig; state: LadderState }[] = [];
  if (config.services.length < (config.account ?? defaultAccount).least) return {};
  for (let from = 0; from < config.services.length; from += atOnce) {
    const some = config.services.slice(from, from + atOnce);
    states.push(...(await Promise.all(some.map(async (one) => ({ config: one, state: await load(one.ladder) })))));
  }
  return { account: accountReading(config, states) };
};

/**
 * How the services of an environment stand, for its own ladder. Throws where one of them cannot be read.
 * @param only those that are asked about; all where null
 */
export const readBelow = async (
  { load }: Load,
  ladder: LadderConfig,
  only: string[] | null,
): Promise<Pick<Readings, 'below'>> => {
  if (ladder.service !== null) return {};
  const asked = ladder.below.filter((one) => only === null || only.includes(one));
  const below: Below = {};
  for (let from = 0; from < asked.length; from += atOnce) {
    const some = asked.slice(from, from + atOnce);
    const states = await Promise.all(some.map(load));
    for (const [index, state] of states.entries()) below[some[index] ?? ''] = standsOf(state);
  }
  return { below };
};
