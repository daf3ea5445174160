import type { Config } from '../../../shared/config/config.ts';
import type { ActMessage } from '../../../shared/ports.ts';
import { memoryRows, memoryTrail, memoryTries } from '../../harness/memory-trail.ts';
import type { Chance } from '../chance.ts';
import { type Functions, functionsOn, type Ground } from '../functions.ts';
import { type Invariants, watchInvariants } from '../invariants.ts';
import { memoryCursors, memoryTimers } from '../memory.ts';
import type { Invocation } from '../process.ts';
import type { VirtualTime } from '../time.ts';
import { createWorld, type World } from '../world.ts';
import type { Durable } from './durable.ts';

/** Processes that run on what is durable, one after the other. */
export type Machine = {
  durable: Durable;
  world: World;
  invariants: Invariants;
  /** a function in a process of its own, for one invocation */
  in(name: string): Functions;
};

/** What only reads leaves nothing behind: a process that ends there ends as after the effect before it. */
const isReading = (what: string): boolean =>
  ['find', 'read', 'since', 'newest rows', 'get cursor', 'due timers'].includes(what) ||
  /^(Get|List|Describe)/.test(what);

/** @param reached is told of each effect when it is there: where a process may end */
export const machineOn = (durable: Durable, reached: (boundary: string) => void = () => {}): Machine => {
  const { config } = durable;
  const world = worldOn(durable, config);
  const invariants = watchInvariants(
    world,
    { now: () => config, of: () => config },
    () => durable.lane.entries,
    durable.memory,
  );
  world.superseded = invariants.superseded;
  const origin = `escalator/${world.account}/${world.region}`;
  const ground: Ground = {
    world,
    config: () => config,
    trail: memoryTrail(() => new Date(durable.now), origin, durable.lane),
    rows: memoryRows(durable.rows),
    cursors: memoryCursors(durable.cursors),
    timerRows: memoryTimers(durable.timers),
    tries: memoryTries(durable.tries),
    acts: (message, { deduplication = '' } = {}) => {
      if (durable.now - (durable.seen.get(deduplication) ?? -Infinity) < 300_000) return;
      durable.seen.set(deduplication, durable.now);
      durable.acts.push(message);
    },
    alerts: (message) => void durable.alerts.push(message),
    timers: () => {}, // their messages only make it quicker: here each is found by the sweeper
    newId: () => `process-${(durable.ids += 1)}`,
    watch: invariants,
  };
  const invocation = (name: string): Invocation => ({
    name,
    now: () => new Date(durable.now),
    call: async (what, effect) => {
      const answer = await effect();
      if (!isReading(what)) reached(`${name}: ${what}`);
      return answer;
    },
  });
  const inProcess = (name: string): Functions => {
    const at = invocation(name);
    return functionsOn(ground, () => at);
  };
  return { durable, world, invariants, in: inProcess };
};

/** AWS as the durable says; nothing in it happens by itself. */
const worldOn = (durable: Durable, { services }: Config): World => {
  const { aws } = durable;
  const time: VirtualTime = {
    now: () => durable.now,
    at: () => () => {},
    sleep: () => Promise.resolve(),
    run: () => Promise.resolve(),
  };
  const { ids } = aws;
  const world = createWorld(
    time,
    always(aws),
    services.map(({ service }) => service),
    {
      tell: (event) => void durable.intake.push(JSON.stringify(event)),
      order: () => {},
      superseded: () => {},
    },
  );
  if (aws.services.length > 0) {
    aws.ids = ids;
    Object.assign(world, { services: aws.services, pipelines: aws.pipelines, alarms: aws.alarms });
  } else {
    Object.assign(aws, { services: world.services, pipelines: world.pipelines, alarms: world.alarms });
  }
  world.killSwitch = aws.killSwitch;
  world.refusesRollback = aws.refusesRollback;
  return world;
};

/** Nothing is left to chance here. */
const always = (aws: Durable['aws']): Chance => ({
  number: () => 0.5,
  is: () => false,
  between: (low) => low,
  spread: (low) => low,
  of: (values) => values[0] as (typeof values)[number],
  id: () => (aws.ids += 1).toString(16).padStart(8, '0').padEnd(40, '0'),
});

/** How often one message may come back, and how many may follow from one input, before something is wrong. */
const comesBackAtMost = 20;
/** Longer than a claim holds whose process is gone. */
const abandonedAfterMs = 95_000;

/** Everything that waits is done, in the order in which it came; what cannot be done yet comes again later. */
export const drain = async (machine: Machine, how?: 'acts are late'): Promise<void> => {
  const { durable } = machine;
  for (let tries = 0; tries < comesBackAtMost;) {
    const came = durable.lane.entries.length;
    const isDone = await next(machine, how === undefined ? durable.acts[0] : undefined);
    if (isDone === null) return;
    if (isDone) continue;
    tries += 1;
    if (durable.lane.entries.length === came) durable.now += abandonedAfterMs;
  }
  throw new Error('what was begun never comes to an end');
};

/** Lets one process do what it is to do. Answers false where that must come back, null where nothing waits. */
const next = async ({ durable, in: inProcess }: Machine, act: ActMessage | undefined): Promise<boolean | null> => {
  const { intake, acts, alerts, lane, cursors } = durable;
  if (intake[0] !== undefined)
    return done(intake, (await inProcess('record-change').record(intake.slice(0, 1))).length === 0);
  if ((cursors.next.get('react') ?? 0) < lane.segments.length)
    return inProcess('react')
      .follow()
      .then(() => true);
  if (act !== undefined) return done(acts, await inProcess('take-step').takeStep(act));
  if (alerts[0] === undefined) return null;
  return done(
    alerts,
    await inProcess('send-alert')
      .sendAlert(alerts[0])
      .then(() => true),
  );
};

const done = (queue: unknown[], isDone: boolean): boolean => {
  if (isDone) queue.shift();
  return isDone;
};
