import type { LadderConfig, LevelConfig } from '../config/config.ts';
import { lookUp } from '../event/look-up.ts';
import { not, type Permission, wait } from './actions/action.ts';
import type { Targets } from './events.ts';
import type { CheckReadings } from './input.ts';
import { fewOf, type PerCheck, readPer } from './per.ts';
import type { LadderState } from './state.ts';
import type { Turn } from './turn.ts';

/** The checks that say by name what fails of a dimension, for a level or one before it. */
export const answering = ({ checks, levels }: LadderConfig, level: string, per?: string): PerCheck[] => {
  const names = levels.map((one) => one.level);
  return Object.values(checks).filter(
    (check): check is PerCheck =>
      'per' in check && (per ?? check.per) === check.per && names.indexOf(check.level) <= names.indexOf(level),
  );
};

/** What fails now, by the checks that say so by name; null where none does. */
export const targetsNow = ({ checks }: LadderState, config: LadderConfig): Targets | null => {
  const all = Object.keys(config.checks).flatMap((name): [string, string[]][] => {
    const targets = lookUp(checks, name)?.targets;
    return targets === undefined ? [] : [[name, targets]];
  });
  return all.length === 0 ? null : Object.fromEntries(all);
};

/**
 * What a step of a level is for, of a dimension that its action takes: what failed when the attempt began, or what took its
 * place since, and what fails by now. Null where no check says by name what fails.
 *
 * @returns `nothing` where no check that would say so fails
 */
export const targetsOf = (
  { state, config }: Turn,
  { level, limit }: LevelConfig,
  per: string,
): { targets: string[] } | { refused: string } | { nothing: string } | null => {
  const checks = answering(config, level, per);
  if (checks.length === 0) return null;
  const now = targetsNow(state, config) ?? {};
  const carried = state.incident?.targets ?? {};
  const targets = [
    ...new Set(checks.flatMap(({ name }) => [...(carried[name] ?? []), ...(now[name] ?? [])])),
  ].toSorted();
  if (targets.length > 0) return withinForm(targets, per) ?? withinLimit(targets, limit, level) ?? { targets };
  const mute = checks.find(({ name }) => state.checks[name]?.value === 'fail');
  return mute === undefined
    ? { nothing: `nothing fails per ${per}` }
    : { refused: `check ${mute.name} fails, and no ${per} is told that does: an empty target is refused` };
};

/** What is handed on with a call is a name, and nothing that could be more than one. */
const plainName = /^\w[\w.:/@+=,-]{0,255}$/;

const withinForm = (targets: string[], per: string): { refused: string } | null => {
  const strange = targets.find((target) => !plainName.test(target));
  return strange === undefined
    ? null
    : { refused: `${JSON.stringify(strange)} fails, which is no name of one ${per} that could be acted on` };
};

const withinLimit = (targets: string[], limit: number, level: string): { refused: string } | null =>
  targets.length <= limit ? null : { refused: tooMany(targets, limit, level) };

const tooMany = (targets: string[], limit: number, level: string): string =>
  `${targets.length} fail at once (${fewOf(targets)}), and level ${level} takes at most ${limit}`;

/**
 * What stands against an act on what fails by name, by what was just read: one of them fails no more, so that the plan is
 * made anew, or more fail by now than the level may take. Null where nothing does.
 *
 * @param targets what it is meant for; undefined where it is meant for all
 * @param wanted the attempt has begun, or a person chose the level: it is taken though none may fail
 */
export const doubtOfTargets = (
  config: LadderConfig,
  { level: name, targets }: { level: string; targets?: string[] },
  per: string,
  readings: CheckReadings,
  wanted: boolean,
): Permission | null => {
  const limit = limitOf(config, name);
  if (targets !== undefined && targets.length > limit) return not(tooMany(targets, limit, name));
  if (wanted) return null;
  const now = [
    ...new Set(
      answering(config, name, per).flatMap((check) => readPer(check, readings.alarms ?? {}, '').targets ?? []),
    ),
  ];
  if (targets === undefined) return now.length === 0 ? null : wait(`${fewOf(now)} fails, and it was meant for all`);
  const well = targets.filter((target) => !now.includes(target));
  if (well.length > 0) return wait(`${fewOf(well)} does not fail any more`);
  return now.length > limit ? not(tooMany(now, limit, name)) : null;
};

const limitOf = ({ levels }: LadderConfig, name: string): number =>
  levels.find(({ level }) => level === name)?.limit ?? 1;

/** What an attempt carries, once something took the place of what a step gave up. */
export const replaced = (carried: Targets, given: string[], became: string[]): Targets =>
  Object.fromEntries(
    Object.entries(carried).map(([check, targets]) => {
      const kept = targets.filter((target) => !given.includes(target));
      return [check, kept.length === targets.length ? targets : [...kept, ...became].toSorted()];
    }),
  );
