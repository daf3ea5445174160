import type { LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import type { Intent } from './intents.ts';
import type { AlarmReading } from './input.ts';
import { msBetween } from './turn.ts';

/** What is read right before an act. Null means that it could not be read: then nothing acts. */
export type ActReadings = {
  /** true only when the kill switch was read and lets this act be; else why not. Older records say no more than that. */
  released: boolean | null | { stopped: string };
  alarms: { [alarm: string]: AlarmReading } | null;
  /** when the alarms were read */
  readAt: Instant;
  /** what moves in the pipeline: other executions, and whether the stage itself is busy */
  traffic: { newer: string | null; stageBusy: string | null } | null;
  /** the instances an act would give up */
  instances: string[] | null;
};

export type Permission = { may: 'act' } | { may: 'wait'; reason: string } | { may: 'not'; reason: string };

/** How old what was read may be when an act begins. */
export const freshForMs = 30_000;

/**
 * The last question before an act, asked of what was just read. Doubt, stale data, an unreadable kill switch:
 * no act. A newer change on its way is let through first.
 * @param wanted a person chose this level, or the attempt has begun: it is taken though no check may fail
 */
export const mayAct = (
  intent: Intent,
  readings: ActReadings,
  now: Instant,
  config: LadderConfig,
  wanted = false,
): Permission => {
  if (readings.released === null) return not('the kill switch cannot be read');
  if (readings.released === false) return not('the kill switch is thrown');
  if (readings.released !== true) return not(readings.released.stopped);
  if (now >= intent.deadline) return not('its deadline has passed');
  if (readings.alarms === null || msBetween(readings.readAt, now) > freshForMs)
    return wait('the checks cannot be read');
  if (!wanted && !anyFails(readings.alarms, config)) return wait('no check fails any more');
  switch (intent.action) {
    case 'redeploy':
      return mayRedeploy(readings);
    case 'replace-instances':
      return mayReplace(readings);
    case 'start-pipeline':
      return mayStart(intent.pipeline, readings);
  }
};

const anyFails = (alarms: { [alarm: string]: AlarmReading }, config: LadderConfig): boolean =>
  Object.values(config.checks).some((check) => alarms[check.alarm]?.value === 'fail');

const mayRedeploy = ({ traffic }: ActReadings): Permission => {
  if (traffic === null) return wait('the pipeline cannot be read');
  if (traffic.newer !== null) return wait(`a newer change is on its way (execution ${traffic.newer})`);
  return traffic.stageBusy === null ? { may: 'act' } : wait(`the stage is busy with execution ${traffic.stageBusy}`);
};

const mayReplace = ({ instances }: ActReadings): Permission => {
  if (instances === null) return wait('the instances cannot be read');
  return instances.length === 0 ? not('there is no instance to replace: an empty target is refused') : { may: 'act' };
};

/** A run that is under way may be the very one that helps; two at once would race. */
const mayStart = (pipeline: string, { traffic }: ActReadings): Permission => {
  if (traffic === null) return wait(`pipeline ${pipeline} cannot be read`);
  return traffic.newer === null
    ? { may: 'act' }
    : wait(`pipeline ${pipeline} runs already (execution ${traffic.newer})`);
};

const wait = (reason: string): Permission => ({ may: 'wait', reason });
const not = (reason: string): Permission => ({ may: 'not', reason });
