import type { LadderConfig } from '../config/config.ts';
import type { CheckReading, CheckReadings } from './input.ts';
import type { PerCheck } from './per.ts';
import type { LadderState } from './state.ts';

/** What an alarm's metric says by itself, read beside its state; or why nobody can say. */
export type MetricReading = { rule: AlarmRule; values: (number | null)[] } | { unreadable: string };

/** When an alarm goes into alarm: `needed` of the last `of` periods breach. */
export type AlarmRule = {
  comparison: Comparison;
  threshold: number;
  of: number;
  needed: number;
  /** `TreatMissingData` */
  missing: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
};

/** How a value breaches, by CloudWatch's names; those of anomaly detection compare with a band, which nobody reads here. */
export const comparisons = {
  GreaterThanOrEqualToThreshold: { words: 'greater than or equal to', breaches: (v: number, t: number) => v >= t },
  GreaterThanThreshold: { words: 'greater than', breaches: (v: number, t: number) => v > t },
  LessThanThreshold: { words: 'less than', breaches: (v: number, t: number) => v < t },
  LessThanOrEqualToThreshold: { words: 'less than or equal to', breaches: (v: number, t: number) => v <= t },
} as const;
export type Comparison = keyof typeof comparisons;

/** Periods read beside those that are evaluated: data may come late, and an alarm is evaluated a little after it came. */
export const periodsMore = 2;

/**
 * Whether a metric bears out that its alarm is in alarm: by the rule of the alarm, as of now or of one or two periods
 * before. No data bears out an alarm only where the alarm itself takes missing data for breaching.
 *
 * @param values by period, oldest first, as many as are evaluated and two more; null where there is none
 */
export const bearsOut = (rule: AlarmRule, values: (number | null)[]): boolean =>
  Array.from({ length: periodsMore + 1 }, (_, ago) => values.slice(0, values.length - ago).slice(-rule.of)).some(
    (window) => window.length === rule.of && inAlarm(rule, window),
  );

/** CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data". */
const inAlarm = ({ comparison, threshold, of, needed, missing }: AlarmRule, window: (number | null)[]): boolean => {
  const there = window.filter((value) => value !== null);
  const bad = there.filter((value) => comparisons[comparison].breaches(value, threshold)).length;
  if (bad >= needed) return true;
  if (missing === 'breaching') return bad + of - there.length >= needed;
  return missing === 'missing' && bad > 0 && bad === there.length;
};

/**
 * Why a drastic level is not taken though its checks fail: anybody who may set the state of an alarm can make one fail,
 * and nobody can make a metric breach who may not write it. One failing check that the level answers to and that is
 * borne out is enough; where none that asked for it fails any more, the attempt began with one that was.
 *
 * @returns the reason, with the states and what the metrics say; null where nothing stands against it
 */
export const doubtOf = (
  { levels, checks }: LadderConfig,
  name: string,
  readings: CheckReadings,
  known: LadderState['checks'],
): string | null => {
  const place = levels.findIndex(({ level }) => level === name);
  if (levels[place]?.drastic !== true) return null;
  const doubts = Object.values(checks).flatMap((check): (string | null)[] => {
    if (levels.findIndex(({ level }) => level === check.level) > place) return [];
    if ('fail' in check)
      return known[check.name]?.value === 'fail' ? [`${check.name} is what an event said, which anybody can send`] : [];
    if ('per' in check) return doubtsOfSeries(check, readings);
    if (check.alarm === undefined) return isFailing(readings.sources?.[check.name]) ? [null] : [];
    const reading = readings.alarms?.[check.alarm];
    return isFailing(reading) ? [doubtOfAlarm(check.alarm, reading?.metric)] : [];
  });
  if (doubts.length === 0 || doubts.includes(null)) return null;
  return `level ${name} is drastic, and nothing bears out that it is needed: ${doubts.join('; ')}`;
};

/** Each of what fails is acted on, so that each is to be borne out: one that is not stands for all of them. */
const doubtsOfSeries = ({ alarms }: PerCheck, readings: CheckReadings): (string | null)[] => {
  const failing = alarms.filter((alarm) => isFailing(readings.alarms?.[alarm]));
  const doubts = failing.map((alarm) => doubtOfAlarm(alarm, readings.alarms?.[alarm]?.metric));
  return failing.length === 0 ? [] : [doubts.find((doubt) => doubt !== null) ?? null];
};

const isFailing = (reading: CheckReading | undefined): boolean => reading?.value === 'fail';

const doubtOfAlarm = (alarm: string, metric: MetricReading | undefined): string | null => {
  if (metric === undefined) return `alarm ${alarm} is in ALARM, and its metric was not read`;
  if ('unreadable' in metric) return `alarm ${alarm} is in ALARM, and its metric cannot be read: ${metric.unreadable}`;
  return bearsOut(metric.rule, metric.values)
    ? null
    : `alarm ${alarm} is in ALARM, but its metric was ${said(metric.values)}, and ${inWords(metric.rule)} is wanted`;
};

const said = (values: (number | null)[]): string => values.map((value) => value ?? 'missing').join(', ');

const inWords = ({ comparison, threshold, of, needed }: AlarmRule): string =>
  `${needed} of ${of} ${comparisons[comparison].words} ${threshold}`;
