import type { Instant, Json } from '../trail/entry.ts';
import type { CheckValue } from './events.ts';

/** The state of a CloudWatch alarm, as an event or a reading tells it. What is not told is null. */
export type AlarmSays = {
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA` */
  state: Json;
  reason: string;
  /** `ActionsSuppressedBy` of a composite alarm: `Alarm`, `WaitPeriod` or `ExtensionPeriod` */
  suppressedBy: string | null;
  suppressedReason: string | null;
  /** ARN of a mute rule that is active */
  mutedBy: string | null;
  mutedUntil: Instant | null;
  /** `EvaluationState` */
  evaluation: string | null;
};

/** What an alarm's state alone means for a check: no data is neither a pass nor a fail. */
export const checkValue = (state: Json | undefined): CheckValue => {
  if (state === 'OK') return 'pass';
  return state === 'ALARM' ? 'fail' : 'unknown';
};

/**
 * What an alarm means for a check, with the reason in words. Somebody who suppresses or mutes an alarm said that it is
 * no reason to act: in alarm it then is `unknown`, never a fail and never a pass. `OK` stays a pass, for CloudWatch goes
 * on evaluating what it only does not tell of. A state that CloudWatch cannot evaluate any more is one of the past.
 */
export const meaningOf = (alarm: AlarmSays): { value: CheckValue; reason: string } => {
  const value = checkValue(alarm.state);
  const held = heldBack(alarm);
  if (value === 'fail' && held !== null) return { value: 'unknown', reason: withReason(held, alarm.reason) };
  if (value !== 'unknown' && notEvaluated(alarm))
    return { value: 'unknown', reason: withReason(`it is not evaluated: ${alarm.evaluation}`, alarm.reason) };
  return { value, reason: alarm.reason };
};

/** `PARTIAL_DATA` is a state too: what was seen of the data already speaks for it. */
const notEvaluated = ({ evaluation }: AlarmSays): boolean =>
  evaluation === 'EVALUATION_ERROR' || evaluation === 'EVALUATION_FAILURE';

/** How the reason of a check begins that is unknown because its alarm, which is in alarm, is muted or suppressed. */
const held = 'in alarm, but ';

/** Whether that is why a check is unknown: somebody wants nothing done, and nobody told, of its alarm. */
export const isHeldBack = (reason: string): boolean => reason.startsWith(held);

/** Who holds an alarm's actions back, in words; null where nobody does. */
const heldBack = ({ suppressedBy, suppressedReason, mutedBy, mutedUntil }: AlarmSays): string | null => {
  if (mutedBy !== null) return `${held}muted by ${mutedBy}${mutedUntil === null ? '' : ` until ${mutedUntil}`}`;
  if (suppressedBy === null) return null;
  return withReason(`${held}its actions are suppressed (${suppressedBy})`, suppressedReason ?? '');
};

const withReason = (said: string, reason: string): string => (reason === '' ? said : `${said}: ${reason}`);
