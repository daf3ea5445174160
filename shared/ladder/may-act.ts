import type { LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { actionOf, takenBy } from './actions.ts';
import { type Known, not, type Permission, wait } from './actions/action.ts';
import type { Intent, TargetReading } from './intents.ts';
import { anyFails, wereRead } from './checks.ts';
import type { CheckReadings } from './input.ts';
import type { LadderState } from './state.ts';
import type { Traffic } from './reads.ts';
import { answering, doubtOfTargets } from './targets.ts';
import { msBetween } from './turn.ts';

/** What is read right before an act. Null means that it could not be read: then nothing acts. */
export type ActReadings = CheckReadings & {
  /** true only when the kill switch was read and lets this act be; else why not. Older records say no more than that. */
  released: boolean | null | { stopped: string };
  /** when the checks were read */
  readAt: Instant;
  /** why no slot is free for one more act, in the account or on the target; null where it has both; absent in old records */
  full?: string | null;
} & TargetReadings;

/** What the eye of an action reads of its target. */
export type TargetReadings = {
  /** what moves in the pipeline: other executions, and whether the stage itself is busy */
  traffic: Traffic | null;
  /** the instances an act would give up */
  instances: string[] | null;
  /** what else this action wants to know; null where it could not be read, absent where it wants nothing */
  target?: TargetReading | null;
};

/** How old what was read may be when an act begins. */
export const freshForMs = 30_000;

/**
 * The last question before an act, asked of what was just read. Doubt, stale data, an unreadable kill switch:
 * no act. A newer change on its way is let through first.
 * @param known what the ladder knows besides
 * @param wanted a person chose this level, or the attempt has begun: it is taken though no check may fail
 * @param checks what is known of checks that have no source to be read
 */
export const mayAct = (
  intent: Intent,
  readings: ActReadings,
  now: Instant,
  config: LadderConfig,
  known: Known,
  wanted = false,
  checks: LadderState['checks'] = {},
): Permission => {
  if (readings.released === null) return not('the kill switch cannot be read');
  if (readings.released === false) return not('the kill switch is thrown');
  if (readings.released !== true) return not(readings.released.stopped);
  if (now >= intent.deadline) return not('its deadline has passed');
  if (!wereRead(readings) || msBetween(readings.readAt, now) > freshForMs) return wait('the checks cannot be read');
  if (readings.full != null) return wait(readings.full);
  if (!wanted && !anyFails(readings, config, checks)) return wait('no check fails any more');
  if (readings.target?.of === 'nothing') return not(`${intent.target} is not there: ${readings.target.reason}`);
  return targetDoubt(intent, readings, config, wanted) ?? actionOf(intent).mayAct(intent, readings, known);
};

/** How much a level may take at once, where a check says by name what fails of the dimension it takes; else null. */
export const limitFor = (config: LadderConfig, name: string): number | null => {
  const level = config.levels.find((one) => one.level === name);
  const per = level === undefined ? undefined : takenBy(level.do)?.per;
  return level === undefined || per === undefined || answering(config, name, per).length === 0 ? null : level.limit;
};

/** Of what the level does by now: what the configuration says may have changed since. */
const targetDoubt = (
  intent: Intent,
  readings: ActReadings,
  config: LadderConfig,
  wanted: boolean,
): Permission | null => {
  const form = config.levels.find(({ level }) => level === intent.level)?.do;
  const per = form?.type === intent.action ? takenBy(form)?.per : undefined;
  return per === undefined ? null : doubtOfTargets(config, intent, per, readings, wanted);
};
