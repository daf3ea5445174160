import { tellersOf } from '../../shared/alert/route.ts';
import { onTimer, reactTo, readChecks, type ReactPorts, sweepTimers } from '../../functions/react/react.ts';
import { createAlertGroups } from '../../functions/support/alert-groups.ts';
import { createLadders } from '../../functions/support/ladders.ts';
import { createSlots } from '../../functions/support/slots.ts';
import { ordered } from '../../functions/take-command/record-order.ts';
import { result } from '../../functions/take-step/answers.ts';
import { takeStep } from '../../functions/take-step/take-step.ts';
import { type Config, type EnvironmentConfig, laddersOf, type ServiceConfig } from '../../shared/config/config.ts';
import { decide } from '../../shared/ladder/decide.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import { type DecidedOn, foldVersion } from '../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../shared/ladder/state.ts';
import type { ActMessage, Queue } from '../../shared/ports.ts';
import type { Draft, Entry, Source } from '../../shared/trail/entry.ts';
import { memoryTimers } from '../simulation/memory.ts';
import { ladder, level, shop, type TestLadder } from './ladder.ts';
import { memoryRows, memoryTrail } from './memory-trail.ts';

/**
 * An environment whose services stand on one network, with the functions that decide and act, and no faults. Time is
 * moved. A service works where it was deployed into the network that is there: one that is built anew is empty.
 */
export type Town = Awaited<ReturnType<typeof town>>;

export const network = (below: string[], over: Partial<EnvironmentConfig> = {}): EnvironmentConfig => {
  const { pipeline: _p, stage: _s, repository: _r, above: _a, bake: _b, bakeWhenReplaced: _w, ...each } = shop();
  const { suspectFor: _f, ...times } = each;
  return {
    ...times,
    environment: 'production',
    service: null,
    ladder: 'production',
    below,
    checks: { provider: { name: 'provider', alarm: 'provider', level: 'network' } },
    levels: [level('network', { do: { type: 'start-pipeline', pipeline: 'network' } })],
    budgets: shop().budgets,
    ...over,
  };
};

export const standing = (name: string, over: Partial<ServiceConfig> = {}): ServiceConfig =>
  shop({
    service: name,
    above: 'production',
    ladder: `production/${name}`,
    pipeline: name,
    repository: name,
    checks: { smoke: { name: 'smoke', alarm: `${name}-smoke`, level: 'deploy' } },
    levels: [level('deploy')],
    ...over,
  });

/** A service of the environment with a release that came long before its check fails. */
export const standingDown = (config = standing('shop')): TestLadder => {
  const test = ladder(config);
  test.deliver('good');
  test.forward(config.suspectFor);
  test.alarm('smoke', 'fail');
  return test;
};

export const configOf = (services: ServiceConfig[], over: Partial<EnvironmentConfig> = {}): Config => ({
  digest: 'd',
  text: '',
  environments: [
    network(
      services.map(({ ladder }) => ladder),
      over,
    ),
  ],
  services,
  routes: [],
  topics: { sre: { sns: 'sre' } },
});

const source: Source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

/** @param delivered the services that something was ever put into; by default all */
export const town = async (config: Config, delivered = config.services.map(({ service }) => service)) => {
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  const clock = (): Date => new Date(now);
  const trail = memoryTrail(clock);
  const rows = memoryRows();
  const ladders = createLadders(trail, rows, source);
  const groups = createAlertGroups(trail, rows, source);
  const timers = memoryTimers();
  const world = { up: true, built: 1, deployed: new Map<string, number>(), broken: new Set<string>(), lost: 0 };
  for (const { service } of config.services) world.deployed.set(service, 1);
  /** what was called, in order, with the ladder that did */
  const acts: { ladder: string; did: string; at: number }[] = [];
  const begun: { done: number; effect: () => void }[] = [];
  const wanted: ActMessage[] = [];

  const holds = (alarm: string): boolean => {
    if (alarm === 'provider') return world.up;
    const service = alarm.replace(/(?:\.\d+)?-smoke$/, '');
    return world.up && world.deployed.get(service) === world.built && !world.broken.has(service);
  };
  const since = new Map<string, { holds: boolean; at: string }>();
  const read = (alarm: string) => {
    const is = holds(alarm);
    if (since.get(alarm)?.holds !== is) since.set(alarm, { holds: is, at: clock().toISOString() });
    return { value: is ? ('pass' as const) : ('fail' as const), at: since.get(alarm)?.at ?? '', reason: 'read' };
  };
  const reads: Reads = {
    alarms: (names) => Promise.resolve(Object.fromEntries(names.map((name) => [name, read(name)]))),
    sources: () => Promise.resolve({}),
    past: () => Promise.resolve(null),
    execution: () => Promise.resolve({ rollback: false, target: null, commit: 'c1' }),
    sourced: (_repository, commit) => Promise.resolve({ commit, author: null, subject: null, contains: null }),
    outcome: ({ execution }) =>
      Promise.resolve({
        status: (begun[Number(execution)]?.done ?? 0) <= now ? ('done' as const) : ('running' as const),
        reason: 'it says so',
      }),
    before: () => Promise.resolve({ traffic: { newer: null, stageBusy: null }, instances: null }),
    killSwitch: () => Promise.resolve('allow'),
  };
  const effectOf = (intent: Intent): [string, () => void] => {
    if (intent.action === 'start-pipeline' && intent.pipeline === 'network')
      return ['build the network', () => Object.assign(world, { up: true, built: world.built + 1 })];
    const name = intent.action === 'redeploy' ? intent.pipeline : intent.target;
    return [`deploy ${name}`, () => world.deployed.set(name, world.built)];
  };
  const start = (ladder: string, intent: Intent) => {
    const [did, effect] = effectOf(intent);
    acts.push({ ladder, did, at: now });
    begun.push({ done: now + 45_000, effect });
    return Promise.resolve(result('started', did, { execution: String(begun.length - 1) }));
  };

  const queue = <Message>(sent: (message: Message) => void): Queue<Message> => ({
    send: (message) => Promise.resolve(sent(message)),
  });
  const ports: ReactPorts = {
    wait: () => Promise.resolve(),
    read: trail.read,
    ladders,
    groups,
    reads,
    now: clock,
    config,
    configDigest: 'd',
    tellers: tellersOf(config),
    effects: {
      acts: queue((message) => wanted.push(message)),
      alerts: queue(() => {}),
      describe: queue(() => {}),
      timers: queue(() => {}),
      timerRows: timers,
      append: trail.append,
    },
  };
  let id = 0;
  const step = takeStep({
    trail,
    ladders,
    slots: createSlots(trail, rows, source, ladders),
    reads,
    actions: {
      start: (service, intent) => start(service.ladder, intent),
      readBack: () => Promise.resolve(result('unknown', 'nobody knows')),
    },
    config,
    source,
    now: clock,
    holder: 'test',
    newId: () => String((id += 1)),
    isAbandoned: () => false,
  });

  let looked = 0;
  /** Follows the trail until nothing more comes of it. */
  const follow = async (): Promise<void> => {
    for (;;) {
      const entry = trail.entries[looked];
      const message = entry === undefined ? wanted.shift() : undefined;
      if (entry !== undefined) {
        looked += 1;
        await take(entry);
      } else if (message === undefined) return;
      else await step(message);
    }
  };
  const drop = new Set<string>();
  const take = async (entry: Entry): Promise<void> => {
    if (drop.has(entry.kind)) return void (world.lost += 1);
    await reactTo(ports)(entry);
  };
  const second = async (): Promise<void> => {
    now += 1_000;
    for (const one of begun.filter(({ done }) => done <= now && done > now - 1_000)) one.effect();
    await sweepTimers(ports)();
    if (now % 60_000 === 0) await readChecks(ports)();
    await follow();
  };

  const append = (draft: Partial<Draft>, key: string): Promise<unknown> => {
    const blank = {
      occurredAt: clock().toISOString(),
      actor: { type: 'unknown' as const },
      subject: 's',
      change: null,
    };
    const none = { environment: null, service: null, execution: null, release: null, outcome: null, reason: null };
    const whole = { ...blank, ...none, kind: 'k', source, detail: {}, redactions: [], ...draft };
    return trail.append([{ key, entries: [whole] }]);
  };
  for (const { service, pipeline, stage } of config.services.filter(({ service: name }) => delivered.includes(name))) {
    const detail = { pipeline, stage };
    const from = { ...source, name: 'aws.codepipeline' };
    await append({ kind: 'stage.succeeded', execution: `x-${service}`, source: from, detail }, `released ${service}`);
  }
  await follow();
  await readChecks(ports)();
  await follow();

  return {
    world,
    acts,
    entries: trail.entries,
    /** puts an entry on record, as something observed */
    append,
    ports,
    /** entries of these kinds are never taken in, as if the reader passed them by */
    drop,
    did: () => acts.map(({ did }) => did),
    state: (ladder: string): Promise<LadderState> => ladders.load(ladder),
    now: () => clock().toISOString(),
    onTimer: onTimer(ports),
    follow,
    read: async () => {
      await readChecks(ports)();
      await follow();
    },
    forward: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1_000) await second();
    },
    order: async (ladder: string, order: Order) => {
      const who = { type: 'person', id: 'ben', name: 'Ben', verified: true } as const;
      const command = { id: `order-${(id += 1)}`, ladder, order, why: 'a person says so' };
      await ordered({ trail, source, ladders: laddersOf(config).map((one) => one.ladder) }, command, who);
      await follow();
    },
    /** what a ladder said, by kind, without the bookkeeping */
    said: (ladder: string): string[] =>
      trail.entries
        .filter(({ subject }) => subject === `escalator:ladder/${ladder}`)
        .map(({ kind }) => kind)
        .filter(
          (kind) => !kind.startsWith('alert.') && !['ladder.decided', 'timer.set', 'check.changed'].includes(kind),
        ),
    alerts: (): string[] =>
      trail.entries
        .filter(({ kind }) => kind === 'alert.raised')
        .map(({ detail }) => String((detail['alert'] as { headline?: string }).headline)),
    /** decides every version again, on what it recorded: the ladders whose bytes differ */
    replay: (): string[] => {
      const states = new Map<string, LadderState>();
      return trail.entries.flatMap((entry, at) => {
        if (entry.kind !== 'ladder.decided') return [];
        const ladder = laddersOf(config).find((one) => one.ladder === entry.detail['ladder']);
        if (ladder === undefined) return ['an unknown ladder'];
        const state = states.get(ladder.ladder) ?? initialState;
        const group = trail.entries.slice(at, at + entry.part.of);
        const { input, readings, now: when } = entry.detail as unknown as DecidedOn;
        const again = decide(state, input, readings, when, ladder);
        states.set(ladder.ladder, foldVersion(state, group));
        const kinds = JSON.stringify(again.events.map(({ type }) => type));
        return kinds === JSON.stringify(group.slice(1).map(({ kind }) => kind))
          ? []
          : [`${ladder.ladder} ${entry.seq}`];
      });
    },
  };
};

/** What people were told of an environment whose network failed, and was built anew under these services. */
export const calling = async (services: ServiceConfig[]): Promise<Alert[]> => {
  const test = await town(configOf(services));
  test.world.up = false;
  await test.read();
  await test.forward(10 * 60_000);
  return test.entries.filter(({ kind }) => kind === 'alert.raised').map(({ detail }) => detail['alert'] as Alert);
};
