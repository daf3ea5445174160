import { type Config, defaultAccount, type LadderConfig, laddersOf, type ServiceConfig } from '../config/config.ts';
import { aboveOf } from '../ladder/adopted.ts';
import { standsOf } from '../ladder/calling.ts';
import { accountReading } from '../ladder/cause.ts';
import type { Input, Need, Readings } from '../ladder/input.ts';
import { foldVersion } from '../ladder/record.ts';
import { initialState, type LadderState } from '../ladder/state.ts';
import type { Version } from './happening.ts';

/** The ladders that one looks at, as recorded; null where the past lacks a part of one. */
export type Neighbours = { readonly [ladder: string]: LadderState | null };

/** Takes note of a version of another ladder, where the configuration has it. */
export const withNeighbour = (known: Neighbours, config: Config, version: Version): Neighbours => {
  const { ladder } = version;
  if (!laddersOf(config).some((one) => one.ladder === ladder)) return known;
  const state = known[ladder] === undefined ? initialState : known[ladder];
  if (state === null || version.version <= state.version) return known;
  const isNext = version.version === state.version + 1;
  return { ...known, [ladder]: isNext ? foldVersion(state, version.entries) : null };
};

type Asked = {
  config: Config;
  service: LadderConfig;
  state: LadderState;
  neighbours: Neighbours;
  input: Input;
  need: Need;
};

/** What the ladders around it said, read from what is recorded of them; or of which that is not known. */
export const neighbourReadings = (
  asked: Asked,
): Pick<Readings, 'above' | 'below' | 'account'> | { missing: string } => {
  const above = aboveIn(asked);
  if ('missing' in above) return above;
  const below = belowIn(asked);
  if ('missing' in below) return below;
  const account = accountIn(asked);
  return 'missing' in account ? account : { ...above, ...below, ...account };
};

const accountIn = ({
  config,
  service,
  state,
  neighbours,
  need,
}: Asked): Pick<Readings, 'account'> | { missing: string } => {
  if (!need.account || config.services.length < (config.account ?? defaultAccount).least) return {};
  const states: { config: ServiceConfig; state: LadderState }[] = [];
  for (const one of config.services) {
    const stands = one.ladder === service.ladder ? state : stateOf(neighbours, one.ladder);
    if (stands === null) return missing(one.ladder);
    states.push({ config: one, state: stands });
  }
  return { account: accountReading(config, states) };
};

const aboveIn = ({ config, service, neighbours, need }: Asked): Pick<Readings, 'above'> | { missing: string } => {
  const above = laddersOf(config).find((one) => service.service !== null && one.ladder === service.above);
  if (above === undefined || !need.above) return {};
  const state = stateOf(neighbours, above.ladder);
  return state === null ? missing(above.ladder) : { above: aboveOf(state, above) };
};

const belowIn = ({ service, neighbours, input, need }: Asked): Pick<Readings, 'below'> | { missing: string } => {
  if (service.service !== null || !need.below) return {};
  const asked = input.type === 'below' ? [input.ladder] : service.below;
  const states = asked.map((ladder) => ({ ladder, state: stateOf(neighbours, ladder) }));
  const unknown = states.find(({ state }) => state === null);
  if (unknown !== undefined) return missing(unknown.ladder);
  const known = states.flatMap(({ ladder, state }) => (state === null ? [] : [[ladder, standsOf(state)] as const]));
  return { below: Object.fromEntries(known) };
};

/** A ladder of which nothing is on record never took anything in. */
const stateOf = (neighbours: Neighbours, ladder: string): LadderState | null =>
  neighbours[ladder] === undefined ? initialState : neighbours[ladder];

const missing = (ladder: string) => ({ missing: `how the ladder ${ladder} stood is not known: its past is not whole` });
