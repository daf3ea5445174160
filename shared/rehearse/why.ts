import type { LadderConfig } from '../config/config.ts';
import { compare, type Said } from './compare.ts';
import type { Setting } from './settings.ts';
import type { Route, Walk } from './walk.ts';

/**
 * Which settings make a difference: those that, had they alone stayed as they were, would have let the recorded decision
 * stand. Where none alone does, what made the difference before it; else all that differ.
 *
 * @param recorded what was said; nothing where nothing was decided
 * @param again decides once more, by another configuration
 */
export const whyOf = (
  { service }: Route,
  walk: Walk,
  recorded: Said,
  again: (service: LadderConfig) => Said,
): string[] => settingsWhere(walk, service, (undone) => compare(recorded, again(undone)).same);

/** The settings of which something holds once they are undone; else those before; else all. */
export const settingsWhere = (
  { was, settings, blamed }: Walk,
  service: LadderConfig,
  holds: (undone: LadderConfig) => boolean,
): string[] => {
  if (was === null) return ['no such ladder was configured then'];
  const alone = settings.filter(({ undone }) => isWhole(undone(service)) && holds(undone(service)));
  if (alone.length > 0) return alone.map(tell);
  if (blamed.length > 0) return [...blamed];
  return settings.length > 0
    ? settings.map(tell)
    : ['no setting of this ladder: one of the whole account does, or Escalator itself decides otherwise by now'];
};

/** A configuration in which each check still names a level. */
const isWhole = ({ checks, levels }: LadderConfig): boolean =>
  Object.values(checks).every((check) => levels.some(({ level }) => level === check.level));

export const tell = ({ name, was, is }: Setting): string => `${name} ${was} -> ${is}`;
