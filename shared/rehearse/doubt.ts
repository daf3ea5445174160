import { defaultAccount, type LadderConfig } from '../config/config.ts';
import { aboveOf } from '../ladder/adopted.ts';
import { standsOf } from '../ladder/calling.ts';
import { togetherFrom } from '../ladder/cause.ts';
import { failing } from '../ladder/checks.ts';
import type { LadderState } from '../ladder/state.ts';
import { canonical } from '../trail/canonical.ts';
import type { Route, Walk } from './walk.ts';

/** As much of a ladder on its way as others go by. */
type Other = { route: Route; walk: Walk };

/**
 * Why it is not known what a ladder would have done: one that it goes by would have said something else than is recorded, or
 * nobody can know what. Null where all that it goes by is as recorded.
 *
 * @param all the ladders that are rehearsed with it
 */
export const doubtOf = (of: Other, all: Other[]): string | null => {
  const { service } = of.route;
  return service.service === null ? doubtOfBelow(of, all) : (doubtOfAbove(of, all) ?? doubtOfAccount(of, all));
};

/** A service goes by who owns the cause, and by whether it is called. */
const doubtOfAbove = ({ route: { service } }: Other, all: Other[]): string | null => {
  const above = all.find(({ route }) => service.service !== null && route.service.ladder === service.above);
  return above === undefined ? null : otherwise(above, (state, config) => saysAbove(state, config));
};

const saysAbove = (state: LadderState, config: LadderConfig) => {
  const { by, call } = aboveOf(state, config);
  return { adopts: by !== null, calls: call !== null };
};

/** The ladder of an environment goes by its services once it has something to do. */
const doubtOfBelow = ({ route: { service }, walk }: Other, all: Other[]): string | null => {
  if (service.service !== null || !isAtWork(walk)) return null;
  const below = all.filter(({ route }) => service.below.includes(route.service.ladder));
  const doubts = below.map((one) => otherwise(one, (state) => saysBelow(state)));
  return doubts.find((doubt) => doubt !== null) ?? null;
};

const saysBelow = (state: LadderState) => {
  const { by, acting, call, ended } = standsOf(state);
  return { adopted: by !== null, acting, called: call !== null, ended: ended?.status ?? null };
};

type Says = (state: LadderState, config: LadderConfig) => { [said: string]: boolean | string | null };

const otherwise = ({ route: { service }, walk }: Other, says: Says): string | null => {
  if (walk.other === null) return `it goes by ${service.ladder}, and what that would have done is not known`;
  const [would, did] = [says(walk.other, service), says(walk.recorded, walk.was ?? service)];
  return canonical(would) === canonical(did) ? null : `it goes by ${service.ladder}, which would have said otherwise`;
};

const isAtWork = ({ recorded, other }: Walk): boolean => recorded.incident !== null || other?.incident != null;

/** A service that fails goes by how many others fail with it. */
const doubtOfAccount = ({ route: { config, service }, walk }: Other, all: Other[]): string | null => {
  if (!isAtWork(walk)) return null;
  const services = all.filter(({ route }) => route.service.service !== null && route.service.ladder !== service.ladder);
  const unknown = services.filter(({ walk: { other } }) => other === null);
  const fails = services.filter(
    (one) => unknown.includes(one) || failing(one.walk.recorded, one.walk.was ?? one.route.service).length > 0,
  );
  const enough = togetherFrom({ ...(config.account ?? defaultAccount), services: config.services.length });
  return unknown.length === 0 || fails.length + 1 < enough
    ? null
    : `how many services would have failed with it is not known: ${unknown.map(({ route }) => route.service.ladder).join(', ')}`;
};
