import type { CheckConfig, LadderConfig } from '../config/config.ts';
import { type AlarmReading, type Input, needsOf, noReadings, type Readings } from '../ladder/input.ts';
import type { LadderState } from '../ladder/state.ts';
import type { Instant } from '../trail/entry.ts';
import { type Evidence, stood } from './evidence.ts';

/** What a decision is made on; or which of it was never recorded. */
export type Known = { readings: Readings } | { missing: string };

type Asked = {
  evidence: Evidence;
  /** the configuration that is rehearsed, and the one that the recorded ladder was decided by */
  service: LadderConfig;
  was: LadderConfig | null;
  /** the state as it would be */
  state: LadderState;
  input: Input;
  now: Instant;
};

/** What a decision of another time than any recorded one has to go by: how the alarms stood, and nothing else. */
export const readingsAt = ({ evidence, service, state, input, now }: Asked): Known => {
  const need = needsOf(state, input);
  const other = Object.entries(need).find(([name, wanted]) => wanted && name !== 'alarms')?.[0];
  if (other !== undefined) return { missing: `${words[other] ?? other} was not read at ${now}` };
  if (!need.alarms) return { readings: noReadings };
  return withAlarms(noReadings, {}, Object.values(service.checks), { evidence, now });
};

const words: { [reading: string]: string } = {
  sourced: 'who wrote the commit',
  execution: 'what the execution brings',
  outcome: 'how its step stood',
  act: 'what is read right before an act',
};

/**
 * What the decision that corresponds to a recorded one has to go by: what was read then, and of alarms that nobody
 * read then what else the trail says of them.
 */
export const readingsLike = (recorded: Readings, before: LadderState, given: Input, asked: Asked): Known => {
  const [need, had] = [needsOf(asked.state, asked.input), needsOf(before, given)];
  for (const name of Object.keys(need) as (keyof Readings)[])
    if (need[name] && !had[name] && name !== 'alarms')
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

/** A claim reads the alarms too. */
const actWith = (
  recorded: Readings,
  added: CheckConfig[],
  asked: Asked,
): Pick<Readings, 'act'> | { missing: string } => {
  const { act } = recorded;
  if (act === null || act.alarms === null) return { act };
  const known = withAlarms(noReadings, act.alarms, added, { evidence: asked.evidence, now: act.readAt });
  return 'missing' in known ? known : { act: { ...act, alarms: known.readings.alarms } };
};

/** Checks whose alarms the recorded configuration did not read. */
const addedTo = (was: LadderConfig | null, { checks }: LadderConfig): CheckConfig[] => {
  const read = new Set(Object.values(was?.checks ?? {}).map(({ alarm }) => alarm));
  return Object.values(checks).filter(({ alarm }) => !read.has(alarm));
};

const withAlarms = (
  readings: Readings,
  alarms: { [alarm: string]: AlarmReading },
  of: CheckConfig[],
  { evidence, now }: Pick<Asked, 'evidence' | 'now'>,
): Known => {
  const found = { ...alarms };
  for (const { alarm, name } of of) {
    const one = stood(evidence, alarm, now);
    if (one === null)
      return { missing: `nothing on the trail says how alarm ${alarm} (check ${name}) stood at ${now}` };
    found[alarm] = one.reading;
  }
  return { readings: { ...readings, alarms: found } };
};
