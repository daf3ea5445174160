import { type Config, type LadderConfig, laddersOf } from '../shared/config/config.ts';
import { decide } from '../shared/ladder/decide.ts';
import { type DecidedOn, foldVersion } from '../shared/ladder/record.ts';
import { initialState, type LadderState } from '../shared/ladder/state.ts';
import type { Entry } from '../shared/trail/entry.ts';
import { simulate } from '../test/simulation/simulate.ts';

/**
 * How many decisions a core makes in a second: every decision of a hundred simulated days is made again, on the very
 * state, input and readings it was made on. `node bench/decide.ts`. Each must come out as recorded.
 */
type Case = { state: LadderState; on: DecidedOn; config: LadderConfig; outcome: string };

const casesOf = (entries: Entry[], configs: Config[]): Case[] => {
  const states = new Map<string, LadderState>();
  return entries.flatMap((entry, at) => {
    if (entry.kind !== 'ladder.decided') return [];
    const decidedBy = configs.find(({ digest }) => digest === entry.detail['config']);
    const ladders = decidedBy === undefined ? [] : laddersOf(decidedBy);
    const config = ladders.find(({ ladder }) => ladder === entry.detail['ladder']);
    if (config === undefined) return [];
    const state = states.get(config.ladder) ?? initialState;
    states.set(config.ladder, foldVersion(state, entries.slice(at, at + entry.part.of)));
    return [{ state, on: entry.detail as unknown as DecidedOn, config, outcome: entry.outcome ?? '' }];
  });
};

const cases: Case[] = [];
for (let seed = 1; seed <= 100; seed += 1) {
  const { entries, configs } = await simulate(seed);
  cases.push(...casesOf(entries, configs));
}

const round = (): number => {
  const begin = process.cpuUsage();
  for (const { state, on, config, outcome } of cases) {
    const decided = decide(state, on.input, on.readings, on.now, config);
    if (decided.outcome !== outcome) throw new Error(`decided ${decided.outcome}, and ${outcome} is on record`);
  }
  return (cases.length / process.cpuUsage(begin).user) * 1e6;
};

for (let warm = 0; warm < 20; warm += 1) round();
const rates = Array.from({ length: 15 }, round).toSorted((a, b) => a - b);
const [low, median, high] = [rates[0], rates[7], rates[14]].map((rate) => Math.round(rate ?? 0).toLocaleString('en'));
console.log(
  `${cases.length} decisions, each made again: ${median} [${low}-${high}] a second of one core (goal 100,000)`,
);
