import type { CheckConfig, LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import type { AlarmReading } from './input.ts';
import type { LadderState } from './state.ts';
import { say, type Turn } from './turn.ts';
import { noteWindows } from './windows.ts';

/** Checks that fail in this state, in the order the configuration names them. `unknown` is neither pass nor fail. */
export const failing = (state: LadderState, config: LadderConfig): CheckConfig[] =>
  Object.values(config.checks).filter((check) => state.checks[check.name]?.value === 'fail');

export const anyUnknown = (state: LadderState, config: LadderConfig): boolean =>
  Object.values(config.checks).some((check) => (state.checks[check.name]?.value ?? 'unknown') === 'unknown');

export const allPass = (state: LadderState, config: LadderConfig): boolean =>
  Object.values(config.checks).every((check) => state.checks[check.name]?.value === 'pass');

/** Since when all checks pass; null while one does not. */
export const passingSince = (state: LadderState, config: LadderConfig): Instant | null =>
  allPass(state, config)
    ? (Object.values(config.checks)
        .map((check) => state.checks[check.name]?.since ?? '')
        .sort()
        .at(-1) ?? null)
    : null;

/** Index of the most drastic level that a failing check asks for; null when none fails. */
export const mostDrastic = (state: LadderState, config: LadderConfig): number | null => {
  const asked = failing(state, config).map((check) => config.levels.findIndex(({ level }) => level === check.level));
  return asked.length === 0 ? null : Math.min(...asked);
};

/** A level holds when it has checks of its own and every one of them passes. */
export const levelHolds = (state: LadderState, config: LadderConfig, level: string): boolean => {
  const own = Object.values(config.checks).filter((check) => check.level === level);
  return own.length > 0 && own.every((check) => state.checks[check.name]?.value === 'pass');
};

/** Takes note of one check's value, if it is news: another value, and not older than what is known. */
export const noteCheck = (turn: Turn, check: CheckConfig, reading: AlarmReading): Turn => {
  const known = turn.state.checks[check.name];
  if (known !== undefined && (reading.value === known.value || reading.at < known.at)) return turn;
  if (known === undefined && reading.value === 'unknown') return turn;
  return say(turn, {
    type: 'check.changed',
    check: check.name,
    alarm: check.alarm,
    value: reading.value,
    was: known?.value ?? 'unknown',
    at: reading.at,
    reason: reading.reason,
  });
};

/** Takes note of every check just read. An alarm the source no longer has is `unknown`: never a pass, never a fail. */
export const noteReadings = (turn: Turn): Turn => {
  const { alarms } = turn.readings;
  if (alarms === null) return turn;
  const gone: AlarmReading = { value: 'unknown', at: turn.now, reason: 'the alarm is not there any more' };
  return Object.values(turn.config.checks).reduce(
    (next, check) => noteCheck(next, check, alarms[check.alarm] ?? gone),
    noteWindows(turn),
  );
};
