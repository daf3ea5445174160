import { alarmsOf, dimensionsOf, readBesides } from '../../shared/config/checks.ts';
import type { CheckConfig, LadderConfig } from '../../shared/config/config.ts';
import type { CheckReading } from '../../shared/ladder/input.ts';
import type { LadderReads } from '../../shared/ladder/reads.ts';
import type { Clock } from '../../shared/ports.ts';
import { atOnce } from '../support/at-once.ts';

/** Ladders whose probes and pipelines are asked at once. */
const laddersAtOnce = 50;
/**
 * So long new ones are asked (ms). What was asked last ends by its own limits: a probe within half a minute, a call of AWS
 * within its tries. That leaves a third of the function's two minutes to decide in.
 */
const askedForMs = 45_000;

/** What the sources besides alarms said of each ladder, by the first of its checks; null where one of them could not be read. */
type Besides = Map<CheckConfig | undefined, { [check: string]: CheckReading } | null>;

/**
 * Reads what all ladders need for the minute's reading, so that slow ones do not wait for each other, and gives it out
 * like a reading. A probe or a pipeline that was not asked in time is unknown, and says why: nobody takes it for a pass.
 */
export const readAhead = async (reads: LadderReads, ladders: LadderConfig[], now: Clock): Promise<LadderReads> => {
  const { of } = reads;
  if (of === undefined) return readPlace(reads, ladders, now);
  const places = [...Map.groupBy(ladders, (ladder) => of(ladder))];
  const ahead = new Map(
    await Promise.all(places.map(async ([place, there]) => [place, await readPlace(place, there, now)] as const)),
  );
  return { ...reads, of: (ladder) => ahead.get(of(ladder)) ?? reads };
};

/** The same of ladders that are all in one account and Region: names of two places are not each other's. */
const readPlace = async (reads: LadderReads, ladders: LadderConfig[], now: Clock): Promise<LadderReads> => {
  const besides = await askBesides(reads, ladders, now);
  const alarms = await reads.alarms([...new Set(ladders.flatMap(alarmsOf))], dimensionsOf(ladders));
  const named = new Map(Object.entries(alarms ?? {}));
  return {
    ...reads,
    alarms: (names) =>
      Promise.resolve(alarms === null ? null : Object.fromEntries(names.flatMap((name) => pairOf(named, name)))),
    sources: ([first]) => Promise.resolve(besides.get(first) ?? null),
  };
};

const pairOf = <Value>(all: Map<string, Value>, name: string): [string, Value][] => {
  const found = all.get(name);
  return found === undefined ? [] : [[name, found]];
};

const askBesides = async (reads: LadderReads, ladders: LadderConfig[], now: Clock): Promise<Besides> => {
  const until = now().getTime() + askedForMs;
  const asked = ladders.map(readBesides).filter((checks) => checks.length > 0);
  const read = await atOnce(laddersAtOnce, asked, async (checks) => {
    return [checks[0], now().getTime() < until ? await reads.sources(checks) : notInTime(checks, now)] as const;
  });
  return new Map(read);
};

const notInTime = (checks: readonly CheckConfig[], now: Clock): { [check: string]: CheckReading } => {
  const reason = `it was not asked within ${askedForMs / 1000} s: others took too long to answer`;
  const unknown: CheckReading = { value: 'unknown', at: now().toISOString(), reason };
  return Object.fromEntries(checks.map(({ name }) => [name, unknown]));
};
