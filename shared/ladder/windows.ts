import { alarmsOfCheck } from '../config/checks.ts';
import type { CheckConfig, LadderConfig } from '../config/config.ts';
import { lookUp } from '../event/look-up.ts';
import type { AlarmReading } from './input.ts';
import type { LadderState } from './state.ts';
import { say, type Turn } from './turn.ts';

/**
 * How long an alarm takes to follow what it watches: all its periods, and one more until it is evaluated, which is at
 * most a minute (CloudWatch evaluates alarms of a minute or more each minute, faster ones as often as they are fast).
 *
 * @param periods of its metrics, in seconds
 * @returns ms; null where it has no period, as of a query
 */
export const windowOf = (periods: number[], evaluationPeriods: number): number | null => {
  const slowest = Math.max(0, ...periods);
  return slowest === 0 ? null : (slowest * evaluationPeriods + Math.min(slowest, 60)) * 1000;
};

/** Names in the rule of a composite alarm: of its words, all that are none of the rule's own. */
export const alarmsInRule = (rule: string): string[] => {
  const words = [...rule.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s(),"]+/g)].map(([word, quoted]) => ({ word, quoted }));
  const names = words.flatMap(({ word, quoted }) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
    return rulesOwn.has(word.toUpperCase()) || /^\d+%?$/.test(word) ? [] : word;
  });
  return [...new Set(names.map((name) => name.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '')))];
};

const rulesOwn = new Set(['ALARM', 'OK', 'INSUFFICIENT_DATA', 'AND', 'OR', 'NOT', 'TRUE', 'FALSE', 'AT_LEAST']);

/** Takes note of the windows just read, where they are news. */
export const noteWindows = (turn: Turn): Turn =>
  Object.values(turn.config.checks).reduce((next, check) => {
    const slowest = slowestOf(check, turn.readings.alarms ?? {});
    if (slowest === null || slowest.window === lookUp(next.state.windows, check.name)) return next;
    return say(next, { type: 'check.timed', check: check.name, ...slowest });
  }, turn);

const slowestOf = (check: CheckConfig, alarms: { [alarm: string]: AlarmReading }) =>
  alarmsOfCheck(check).reduce<{ alarm: string; window: number } | null>((slowest, alarm) => {
    const window = lookUp(alarms, alarm)?.window;
    return window === undefined || (slowest !== null && window <= slowest.window) ? slowest : { alarm, window };
  }, null);

/** The window of the slowest alarm of a ladder (ms); 0 where none is known. */
export const slowestWindow = ({ windows }: LadderState, { checks }: LadderConfig): number =>
  Math.max(0, ...Object.keys(checks).map((name) => lookUp(windows, name) ?? 0));

/** How long nothing is done after a step of a level: what is declared, and long enough for its effect to be seen. */
export const quietFor = (state: LadderState, config: LadderConfig, name: string): number =>
  Math.max(config.levels.find(({ level }) => level === name)?.quiescence ?? 0, slowestWindow(state, config));

/** For how long it is verified at most: what is declared, and long enough for the slowest alarm to come round. */
export const verifyFor = (state: LadderState, config: LadderConfig): number =>
  Math.max(config.verify.within, slowestWindow(state, config));

/** How long a release bakes: what is declared, and no shorter than its slowest alarm takes to see what is wrong with it. */
export const bakeFor = (state: LadderState, config: LadderConfig, declared: number): number =>
  Math.max(declared, slowestWindow(state, config));
