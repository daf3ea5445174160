import type { Config } from '../../../shared/config/config.ts';
import type { ActMessage, AlertMessage, Row, Timer } from '../../../shared/ports.ts';
import type { KeptLane, KeptTries } from '../../harness/memory-trail.ts';
import type { KeptCursors } from '../memory.ts';
import { copyOfMemory, type Memory, newMemory } from '../memory-of-invariants.ts';
import type { Execution, Pipeline } from '../pipelines.ts';
import type { Alarm, Service } from '../services.ts';

/** AWS as it stands: what services, pipelines and alarms there are, and how. */
export type Aws = {
  services: Service[];
  pipelines: Pipeline[];
  alarms: Map<string, Alarm>;
  killSwitch: string;
  refusesRollback: boolean;
  /** a person holds the ladder */
  held: boolean;
  ids: number;
};

/** All that outlives a process, as plain data: a copy of it goes its own way. */
export type Durable = {
  config: Config;
  now: number;
  /** what processes were given so far to tell themselves apart */
  ids: number;
  lane: KeptLane;
  rows: Map<string, Row>;
  cursors: KeptCursors;
  timers: Map<string, Timer>;
  tries: KeptTries;
  intake: string[];
  acts: ActMessage[];
  alerts: AlertMessage[];
  /** deduplication ids that the queue of acts has seen, and when */
  seen: Map<string, number>;
  aws: Aws;
  memory: Memory;
};

export const newDurable = (config: Config, now: number): Durable => ({
  config,
  now,
  ids: 0,
  lane: { entries: [], segments: [], contents: new Map() },
  rows: new Map(),
  cursors: { next: new Map(), tries: new Map() },
  timers: new Map(),
  tries: new Map(),
  intake: [],
  acts: [],
  alerts: [],
  seen: new Map(),
  aws: {
    services: [],
    pipelines: [],
    alarms: new Map(),
    killSwitch: 'allow',
    refusesRollback: false,
    held: false,
    ids: 0,
  },
  memory: newMemory(config),
});

/** Entries, rows and messages are never changed in place, so that only what holds them is copied. */
export const fork = (of: Durable): Durable => ({
  config: of.config,
  now: of.now,
  ids: of.ids,
  lane: {
    entries: [...of.lane.entries],
    segments: [...of.lane.segments],
    contents: new Map(of.lane.contents),
  },
  rows: new Map(of.rows),
  cursors: { next: new Map(of.cursors.next), tries: new Map(of.cursors.tries) },
  timers: new Map(of.timers),
  tries: new Map(of.tries),
  intake: [...of.intake],
  acts: [...of.acts],
  alerts: [...of.alerts],
  seen: new Map(of.seen),
  aws: {
    ...of.aws,
    services: of.aws.services.map((service) => ({ ...service, nodes: service.nodes.map((node) => ({ ...node })) })),
    pipelines: of.aws.pipelines.map(copyOfPipeline),
    alarms: new Map([...of.aws.alarms].map(([name, alarm]) => [name, { ...alarm }])),
  },
  memory: copyOfMemory(of.memory),
});

const copyOfPipeline = (pipeline: Pipeline): Pipeline => {
  const copies = new Map(pipeline.executions.map((execution) => [execution, { ...execution }]));
  const copyOf = (execution: Execution | null): Execution | null =>
    execution === null ? null : (copies.get(execution) ?? null);
  const last = pipeline.lastInStage;
  return {
    ...pipeline,
    executions: [...copies.values()],
    inStage: copyOf(pipeline.inStage),
    waiting: copyOf(pipeline.waiting),
    lastInStage: last === null ? null : { ...last, execution: copyOf(last.execution) ?? last.execution },
  };
};

/** Two that are alike here go on alike: what a process called itself, and snapshots, which are caches, do not count. */
export const keyOf = ({ now, lane, timers, intake, acts, alerts, aws, memory }: Durable): string => {
  const ladders = JSON.stringify([...memory.ladders.values()]).replaceAll(/"process-\d+"/g, '""');
  const called = [...memory.acted].join(' ');
  const waiting = [intake.length, acts.length, alerts.length, [...timers.keys()].join(' ')].join('|');
  return [now, lane.entries.length, ladders, called, waiting, aws.ids, aws.killSwitch].join('\n');
};
