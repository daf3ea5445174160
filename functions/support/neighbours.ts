import { type Config, defaultAccount, type LadderConfig, type ServiceConfig } from '../../shared/config/config.ts';
import { aboveOf } from '../../shared/ladder/adopted.ts';
import { accountReading } from '../../shared/ladder/cause.ts';
import { standsOf } from '../../shared/ladder/calling.ts';
import type { Readings } from '../../shared/ladder/input.ts';
import { atOnce } from './at-once.ts';
import type { Ladders } from './ladders.ts';

type Load = Pick<Ladders, 'load'>;

/** Ladders read at once. */
const laddersAtOnce = 10;

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
export const readAccount = async (ladders: Load, config: Config): Promise<Pick<Readings, 'account'>> => {
  if (config.services.length < (config.account ?? defaultAccount).least) return {};
  const load = async (one: ServiceConfig) => ({ config: one, state: await ladders.load(one.ladder) });
  return { account: accountReading(config, await atOnce(laddersAtOnce, config.services, load)) };
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
  const stands = await atOnce(laddersAtOnce, asked, async (one) => [one, standsOf(await load(one))] as const);
  return { below: Object.fromEntries(stands) };
};
