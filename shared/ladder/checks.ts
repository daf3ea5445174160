import { sourceOf } from '../config/checks.ts';
import type { CheckConfig, LadderConfig } from '../config/config.ts';
import { lookUp } from '../event/look-up.ts';
import type { Instant } from '../trail/entry.ts';
import type { Check } from './check.ts';
import type { CheckReading, CheckReadings, Told } from './input.ts';
import { named, readPer, type TargetsReading } from './per.ts';
import type { LadderState } from './state.ts';
import { msBetween, say, type Turn } from './turn.ts';
import { noteWindows } from './windows.ts';

/** Checks that fail in this state, in the order the configuration names them. `unknown` is neither pass nor fail. */
export const failing = (state: LadderState, config: LadderConfig): CheckConfig[] =>
  Object.values(config.checks).filter((check) => state.checks[check.name]?.value === 'fail');

/** Those that fail, each with what of it fails where it says so: `node (i-1), smoke`. */
export const failingInWords = (state: LadderState, config: LadderConfig): string =>
  failing(state, config)
    .map(({ name }) => named(name, { [name]: state.checks[name]?.targets ?? [] }))
    .join(', ');

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

/**
 * Takes note of one check's value, if it is news: another value, or something else of it that fails, and not older than
 * what is known. What fails by its name is only ever read, in order, so that it is never older.
 */
export const noteCheck = (turn: Turn, check: CheckConfig, reading: TargetsReading): Turn => {
  const known = lookUp(turn.state.checks, check.name);
  if (known === null ? reading.value === 'unknown' : isSame(known, reading)) return turn;
  if (known !== null && reading.at < known.at && !('per' in check)) return turn;
  return say(turn, {
    type: 'check.changed',
    check: check.name,
    ...(check.alarm === undefined ? { source: sourceOf(check) } : { alarm: check.alarm }),
    value: reading.value,
    was: known?.value ?? 'unknown',
    at: reading.at,
    reason: reading.reason,
    ...('per' in check && reading.targets !== undefined && { per: check.per, targets: reading.targets }),
  });
};

const isSame = (known: Check, reading: TargetsReading): boolean =>
  known.value === reading.value && known.targets?.join() === reading.targets?.join();

/** Whether every source that was asked answered. */
export const wereRead = ({ alarms, sources }: CheckReadings): boolean => alarms !== null && sources !== null;

/**
 * What was read of a check's source. An alarm the source no longer has is `unknown`: never a pass, never a fail. Null
 * where there is nothing new: its source has none, or it has no source and keeps what it was told last.
 */
const readOf = (check: CheckConfig, { alarms, sources }: CheckReadings, now: Instant): TargetsReading | null => {
  if ('per' in check) return readPer(check, alarms ?? {}, now);
  if (check.alarm === undefined) return lookUp(sources ?? {}, check.name);
  return lookUp(alarms ?? {}, check.alarm) ?? gone(now);
};

const gone = (now: Instant): CheckReading => ({ value: 'unknown', at: now, reason: 'the alarm is not there any more' });

/** Takes note of every check just read. */
export const noteReadings = (turn: Turn): Turn => {
  const { readings, now, config } = turn;
  if (!wereRead(readings)) return turn;
  return Object.values(config.checks).reduce((next, check) => {
    const reading = readOf(check, readings, now);
    return reading === null ? next : noteCheck(next, check, reading);
  }, noteWindows(turn));
};

/**
 * Whether any check fails by what was just read. What has no source to be read fails as long as nothing else is told of
 * it; a pipeline that runs again says nothing yet, which is no reason to act.
 */
export const anyFails = (readings: CheckReadings, { checks }: LadderConfig, known: LadderState['checks']): boolean =>
  Object.values(checks).some((check) =>
    'fail' in check ? lookUp(known, check.name)?.value === 'fail' : readOf(check, readings, '')?.value === 'fail',
  );

/**
 * Takes note of what events said of checks. One that comes late, or was found late, is doubt: what has been since then nobody may have told.
 * What has a source is read there within a minute; what has none is then unknown.
 */
export const noteTold = (turn: Turn, told: Told[], staleAfter: number): Turn =>
  told.reduce((next, { check: name, late, ...said }) => {
    const check = lookUp(turn.config.checks, name);
    if (check === null) return next;
    if (late !== true && msBetween(said.at, turn.now) <= staleAfter) return noteCheck(next, check, said);
    if (!('fail' in check)) return next;
    return noteCheck(next, check, { ...said, value: 'unknown', reason: `told late that it would ${said.value}` });
  }, turn);
