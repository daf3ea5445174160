import { type Config, laddersOf } from '../../shared/config/config.ts';
import { initialState, type LadderState } from '../../shared/ladder/state.ts';
import type { Entry } from '../../shared/trail/entry.ts';

/** An intent as it was put on record, and what came of it. */
export type Intended = {
  claimed: boolean;
  ended: boolean;
  mode: string;
  level: string;
  action: string;
  target: string;
  approvals: number;
  forCause: boolean;
};

/** What the invariants have seen of a run so far. */
export type Memory = {
  ladders: Map<string, LadderState>;
  runs: Map<string, string[]>;
  rollbacks: Map<string, string[]>;
  /** ladders whose incident claimed an act, and how many of those in a row did not converge */
  acting: Set<string>;
  failedRuns: Map<string, number>;
  intents: Map<string, Intended>;
  /** the instances that acts gave up */
  given: Map<string, string[]>;
  acted: Map<string, string[]>;
  /** what was said to be good, and what to be refused, by ladder */
  good: Set<string>;
  quarantined: Set<string>;
  /** how often each alert was taken by each topic, as far as its sender may know */
  published: Map<string, number>;
  raised: Entry[];
  told: Entry[];
  /** entries looked at */
  looked: number;
};

export const newMemory = (config: Config): Memory => ({
  ladders: new Map(laddersOf(config).map(({ ladder }) => [ladder, initialState])),
  runs: new Map(),
  rollbacks: new Map(),
  acting: new Set(),
  failedRuns: new Map(),
  intents: new Map(),
  given: new Map(),
  acted: new Map(),
  good: new Set(),
  quarantined: new Set(),
  published: new Map(),
  raised: [],
  told: [],
  looked: 0,
});

/** The same, going its own way from here on. */
export const copyOfMemory = (memory: Memory): Memory => ({
  ladders: new Map(memory.ladders),
  runs: new Map(memory.runs),
  rollbacks: new Map(memory.rollbacks),
  acting: new Set(memory.acting),
  failedRuns: new Map(memory.failedRuns),
  given: new Map(memory.given),
  intents: new Map([...memory.intents].map(([key, intent]) => [key, { ...intent }])),
  acted: new Map(memory.acted),
  good: new Set(memory.good),
  quarantined: new Set(memory.quarantined),
  published: new Map(memory.published),
  raised: [...memory.raised],
  told: [...memory.told],
  looked: memory.looked,
});
