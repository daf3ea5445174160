import { alarmsOfCheck, sourceOf } from '../config/checks.ts';
import { type CheckConfig, type Config, defaultAccount, type LadderConfig } from '../config/config.ts';
import { lookUp } from '../event/look-up.ts';
import { type AlarmReading, type Input, type Need, needsOf, noReadings, type Readings } from '../ladder/input.ts';
import type { LadderState } from '../ladder/state.ts';
import type { Instant } from '../trail/entry.ts';
import type { DecidedOn } from '../ladder/record.ts';
import { type Evidence, stood } from './evidence.ts';
import { type Neighbours, neighbourReadings } from './neighbours.ts';

/** What a decision is made on; or which of it was never recorded. */
export type Known = { readings: Readings } | { missing: string };

type Asked = {
  config: Config;
  neighbours: Neighbours;
  evidence: Evidence;
  /** the configuration that is rehearsed, and the one that the recorded ladder was decided by */
  service: LadderConfig;
  was: LadderConfig | null;
  /** the state as it would be */
  state: LadderState;
  input: Input;
  now: Instant;
};

/** What a decision of another time than any recorded one has to go by: how the alarms and other ladders stood, no more. */
export const readingsAt = (asked: Asked): Known => {
  const { config, evidence, service, neighbours, state, input, now } = asked;
  const need = needsOf(state, input);
  const other = Object.entries(need).find(([name, wanted]) => wanted && !known.has(name))?.[0];
  if (other !== undefined) return { missing: `${words[other] ?? other} was not read at ${now}` };
  const around = neighbourReadings({ config, service, state, neighbours, input, need });
  if ('missing' in around) return around;
  const readings = { ...noReadings, ...around };
  return need.alarms ? withAlarms(readings, {}, Object.values(service.checks), { evidence, now }) : { readings };
};

/** What can be known of any time. */
const known = new Set(['alarms', 'above', 'below', 'account']);

const words: { [reading: string]: string } = {
  sourced: 'who wrote the commit',
  execution: 'what the execution brings',
  outcome: 'how its step stood',
  act: 'what is read right before an act',
  past: 'the history of the alarms',
};

/**
 * What the decision that corresponds to a recorded one has to go by: what was read then, and of alarms that nobody
 * read then what else the trail says of them.
 */
export const readingsLike = (
  given: Pick<DecidedOn, 'readings' | 'input'>,
  before: LadderState,
  asked: Asked,
): Known => {
  const recorded = withOthers(given.readings, asked);
  const [need, had] = [needsOf(asked.state, asked.input), needsOf(before, given.input)];
  for (const name of Object.keys(need) as (keyof Need)[])
    if (need[name] && !had[name] && !known.has(name))
      return { missing: `${words[name] ?? name} was not read at ${asked.now}` };
  const added = addedTo(asked.was, asked.service);
  const act = actWith(recorded, added, asked);
  if ('missing' in act) return act;
  if (!need.alarms) return { readings: { ...recorded, ...act } };
  if (had.alarms)
    return recorded.alarms === null
      ? { readings: recorded } // nobody could read them then
      : withAlarms({ ...recorded, ...act }, recorded.alarms, added, asked);
  return withAlarms({ ...recorded, ...act }, {}, Object.values(asked.service.checks), asked);
};

/**
 * A service that has nothing above it, and an environment that has nothing below, ask nobody. How many fail together is
 * counted as the other configuration counts.
 */
const withOthers = ({ above, below, account, ...readings }: Readings, { service, config }: Asked): Readings => ({
  ...readings,
  ...(above !== undefined && service.service !== null && service.above !== null && { above }),
  ...(below !== undefined && service.service === null && { below }),
  ...(account !== undefined && { account: { ...account, ...together(config) } }),
});

const together = ({ account = defaultAccount }: Config) => {
  const { share, least, within } = account;
  return { share, least, within };
};

/** A claim reads the alarms too. */
const actWith = (
  recorded: Readings,
  added: CheckConfig[],
  asked: Asked,
): Pick<Readings, 'act'> | { missing: string } => {
  const { act } = recorded;
  if (act === null || act.alarms === null) return { act };
  const read = withAlarms(noReadings, act.alarms, added, { evidence: asked.evidence, now: act.readAt });
  return 'missing' in read ? read : { act: { ...act, alarms: read.readings.alarms } };
};

/** Checks whose source the recorded configuration did not read. */
const addedTo = (was: LadderConfig | null, { checks }: LadderConfig): CheckConfig[] =>
  Object.values(checks).filter((check) => sameIn(was, check) === undefined);

/** The check of another configuration that is read where this one is: an alarm by its name, all else as the same check. */
export const sameIn = (other: LadderConfig | null, check: CheckConfig): CheckConfig | undefined =>
  Object.values(other?.checks ?? {}).find((one) =>
    check.alarm === undefined
      ? one.name === check.name && sourceOf(one) === sourceOf(check)
      : one.alarm === check.alarm,
  );

const withAlarms = (
  readings: Readings,
  alarms: { [alarm: string]: AlarmReading },
  of: CheckConfig[],
  { evidence, now }: Pick<Asked, 'evidence' | 'now'>,
): Known => {
  const found = { ...alarms };
  for (const check of of) {
    const { name } = check;
    const names = alarmsOfCheck(check);
    if ('fail' in check) continue; // nobody reads it: what it was told is in the state
    if (names.length === 0) return { missing: `${sourceOf(check)} (check ${name}) was not read at ${now}` };
    for (const alarm of names) {
      const one = stood(evidence, alarm, now);
      if (one === null)
        return { missing: `nothing on the trail says how alarm ${alarm} (check ${name}) stood at ${now}` };
      if ('per' in check && one.reading.value === 'fail' && lookUp(one.reading.failing ?? {}, check.per) === null)
        return { missing: `what failed per ${check.per} of alarm ${alarm} (check ${name}) was not read at ${now}` };
      found[alarm] = one.reading;
    }
  }
  return { readings: { ...readings, alarms: found } };
};
