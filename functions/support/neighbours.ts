import type { Config, LadderConfig } from '../../shared/config/config.ts';
import { aboveOf } from '../../shared/ladder/adopted.ts';
import { type Below, standsOf } from '../../shared/ladder/calling.ts';
import type { Readings } from '../../shared/ladder/input.ts';
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
