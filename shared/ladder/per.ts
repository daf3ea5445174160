import { limitAtMost, type CheckConfig, type PerDimension } from '../config/config.ts';
import { lookUp } from '../event/look-up.ts';
import type { Instant } from '../trail/entry.ts';
import type { Targets } from './events.ts';
import type { AlarmReading, CheckReading } from './input.ts';

/** A check of what fails by its name. */
export type PerCheck = Extract<CheckConfig, PerDimension>;

/** What such a check says: `targets` are the values that fail, in order; empty where it fails and nobody says of what. */
export type TargetsReading = CheckReading & { targets?: string[] };

/** One more than any limit, so that it is seen where there are too many; what stands in every version is bounded by it. */
export const targetsKept = limitAtMost + 1;

type Alarms = { [alarm: string]: AlarmReading };
type Named = { name: string; reading: AlarmReading };

/**
 * What a check `per` a dimension says by what was read of its alarms: it fails where one of them does, and is unknown where
 * none does and one is, or is not there.
 */
export const readPer = (check: PerCheck, alarms: Alarms, now: Instant): TargetsReading => {
  const all = check.alarms.map((name): Named => ({ name, reading: lookUp(alarms, name) ?? goneAt(now) }));
  const bad = all.filter(({ reading }) => reading.value === 'fail');
  const blind = all.filter(({ reading }) => reading.value === 'unknown');
  const [value, said] =
    bad.length > 0 ? ['fail' as const, bad] : blind.length > 0 ? ['unknown' as const, blind] : ['pass' as const, all];
  const at =
    all
      .map(({ reading }) => reading.at)
      .toSorted()
      .at(-1) ?? now;
  const reading = { value, at, reason: reasonOf(said, all.length) };
  return value === 'fail' ? { ...reading, targets: valuesIn(bad, check.per) } : reading;
};

const goneAt = (at: Instant): AlarmReading => ({ value: 'unknown', at, reason: 'the alarm is not there any more' });

const valuesIn = (bad: Named[], per: string): string[] =>
  [...new Set(bad.flatMap(({ reading }) => lookUp(reading.failing ?? {}, per) ?? []))].toSorted().slice(0, targetsKept);

/** Of several alarms each says its own. */
const reasonOf = (said: Named[], of: number): string =>
  of === 1
    ? (said[0]?.reading.reason ?? '')
    : said
        .map(({ name, reading }) => `${name}: ${reading.reason}`)
        .join('; ')
        .slice(0, reasonAtMost);

const reasonAtMost = 500;

/** A few values in words: `i-1, i-2, i-3 and 4 more`. */
export const fewOf = (values: string[]): string => {
  const [few, more] = [values.slice(0, fewAtMost).join(', '), values.length - fewAtMost];
  return more > 0 ? `${few} and ${more} more` : few;
};

const fewAtMost = 3;

/** A check with what fails of it, where it says so: `node (i-1)`. */
export const named = (check: string, targets: Targets | undefined): string => {
  const failing = lookUp(targets ?? {}, check) ?? [];
  return failing.length === 0 ? check : `${check} (${fewOf(failing)})`;
};
