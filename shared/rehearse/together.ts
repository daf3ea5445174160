import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { doubtOf } from './doubt.ts';
import type { Line } from './line.ts';
import type { Past } from './past.ts';
import { doubting, goAlone, goTo, type Journey, setOut, soughtIn, timeOf, toldOf } from './rehearse.ts';

/**
 * Rehearses all ladders of a configuration side by side. Each goes by what the others said as it is recorded; where another
 * would have said something else, or nobody can know what, it is unknown what this one would have done.
 *
 * @param from the seq from which on decisions are compared
 * @returns what is said of each, by its ladder
 */
export const rehearseAll = (past: Past, config: Config, from = 0): Map<string, Line[]> => {
  const sought = soughtIn(past);
  let journeys = laddersOf(config).map((ladder) => setOut(sought, config, ladder, from));
  for (const happening of past.happenings.filter(({ seq }) => seq >= from)) {
    const at = timeOf(happening);
    journeys = eachIn(journeys, at, (journey) => goAlone(journey, at));
    journeys = eachIn(journeys, at, (journey) => goTo(journey, happening));
  }
  journeys = eachIn(journeys, past.end, (journey) => goAlone(journey, past.end, true));
  return new Map(journeys.map((journey) => [journey.route.service.ladder, toldOf(journey)]));
};

/** Moves one ladder after another, those of environments first; each knows how far the others have come. */
const eachIn = (journeys: Journey[], at: Instant, move: (journey: Journey) => Journey): Journey[] => {
  const all = [...journeys];
  for (const [index, journey] of journeys.entries()) all[index] = move(doubting(journey, doubtOf(journey, all), at));
  return all;
};

/** The same of one ladder. */
export const rehearse = (past: Past, config: Config, { ladder }: LadderConfig, from = 0): Line[] =>
  rehearseAll(past, config, from).get(ladder) ?? [];
