import { describe, expect, it } from 'vitest';
import { takeStep, type TakeStepPorts } from '../../../functions/take-step/take-step.ts';
import { createSlots } from '../../../functions/support/slots.ts';
import { createLadders } from '../../../functions/support/ladders.ts';
import { advance } from '../../../functions/react/advance.ts';
import type { Config } from '../../../shared/config/config.ts';
import { type ActResult, type Input } from '../../../shared/ladder/input.ts';
import type { Reads } from '../../../shared/ladder/reads.ts';
import type { ActMessage } from '../../../shared/ports.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { shop } from '../../harness/ladder.ts';

const config: Config = { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} };
let attempts = 0;
const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

/** A world with one release out and its smoke check failing, in which the redeployment of it has been intended. */
const world = async () => {
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  const clock = () => new Date(now);
  const trail = memoryTrail(clock);
  const ladders = createLadders(trail, memoryRows(), source);
  const failing = { 'shop-smoke': { value: 'fail' as const, at: clock().toISOString(), reason: '' } };
  const reads: Reads = {
    alarms: () => Promise.resolve(failing),
    sources: () => Promise.resolve({}),
    past: () => Promise.resolve(null),
    execution: () => Promise.resolve({ rollback: false, target: null, commit: 'c1' }),
    sourced: (_repository, commit) => Promise.resolve({ commit, author: null, subject: null, contains: null }),
    outcome: () => Promise.resolve(null),
    before: () => Promise.resolve({ traffic: { newer: null, stageBusy: null }, instances: ['i-1'] }),
    killSwitch: () => Promise.resolve('allow'),
  };
  const take = (input: Input) => advance({ ladders, reads, now: clock, config, configDigest: 'd' }, shop(), input);
  const at = clock().toISOString();
  await take({ type: 'stage', seq: 1, execution: 'x-1', outcome: 'succeeded', startedAt: at, at, reason: '' });
  await take({ type: 'alarm', seq: 2, alarm: 'shop-smoke', value: 'fail', at, reason: '' });
  now += 30_000;
  const { timer } = await ladders.load('production/shop');
  await take({ type: 'timer', version: timer?.version ?? 0, due: timer?.due ?? '' });
  const state = await ladders.load('production/shop');
  const phase = state.incident?.phase;
  if (phase?.name !== 'acting') throw new Error('nothing is intended');
  const message: ActMessage = {
    ladder: 'production/shop',
    version: state.version,
    actKey: phase.intent.actKey,
    seq: 0,
  };
  const called: string[] = [];
  const started: ActResult = { outcome: 'started', reason: '', execution: 'r-1', instances: [] };
  const ports: TakeStepPorts = {
    trail,
    ladders,
    slots: createSlots(trail, memoryRows(), source, ladders),
    reads,
    config,
    source,
    now: clock,
    holder: 'first',
    newId: () => String((attempts += 1)),
    isAbandoned: (claim) => claim.holder !== 'second',
    actions: {
      start: (_service, intent) => {
        called.push(intent.actKey);
        return Promise.resolve(started);
      },
      readBack: () =>
        Promise.resolve(called.length > 0 ? started : { ...started, outcome: 'not-started' as const, execution: null }),
    },
  };
  return { trail, ports, message, called, kinds: () => trail.entries.map(({ kind }) => kind) };
};

describe('a step', () => {
  it('is claimed before it is done, and its result stands after', async () => {
    const { ports, message, called, kinds } = await world();
    expect(await takeStep(ports)(message)).toBe(true);
    expect(called).toEqual([message.actKey]);
    expect(kinds().slice(-3)).toEqual(['ladder.decided', 'step.claimed', 'step.result']);
  });

  it('is done once, however often its message comes', async () => {
    const { ports, message, called } = await world();
    for (let time = 0; time < 3; time += 1) expect(await takeStep(ports)(message)).toBe(true);
    expect(called).toHaveLength(1);
  });

  it('is not done, and its claim is not made, when the kill switch is thrown', async () => {
    const { ports, message, called, kinds } = await world();
    const reads = { ...ports.reads, killSwitch: () => Promise.resolve('stop') };
    expect(await takeStep({ ...ports, reads })(message)).toBe(true);
    expect(called).toEqual([]);
    expect(kinds()).not.toContain('step.claimed');
    expect(
      kinds()
        .filter((kind) => kind !== 'alert.raised')
        .at(-1),
    ).toBe('incident.closed');
  });

  it('is not done when the ladder decides otherwise while it is asked', async () => {
    const { ports, message, called, kinds } = await world();
    const reads = {
      ...ports.reads,
      alarms: async (names: string[]) => {
        await advance(
          { ladders: ports.ladders, reads: ports.reads, now: ports.now, config, configDigest: 'd' },
          shop(),
          {
            type: 'skipped',
            seq: 99,
            reason: 'an entry could not be taken in',
          },
        );
        return ports.reads.alarms(names, new Map());
      },
    };
    expect(await takeStep({ ...ports, reads })(message)).toBe(true);
    expect(called).toEqual([]);
    expect(kinds()).not.toContain('step.claimed');
  });

  it('that somebody else is doing comes back later', async () => {
    const { ports, message, called } = await world();
    const stuck = { ...ports.actions, start: () => new Promise<never>(() => {}) };
    void takeStep({ ...ports, holder: 'second', actions: stuck })(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await takeStep(ports)(message)).toBe(false);
    expect(called).toEqual([]);
  });

  it.each([
    ['had its effect', true, 'started'],
    ['had none', false, 'not-started'],
  ])(
    'whose call was not answered and %s is read back when nobody can be at it any more',
    async (_, effect, outcome) => {
      const { ports, message, called, trail } = await world();
      const start: TakeStepPorts['actions']['start'] = (_service, intent) => {
        if (effect) called.push(intent.actKey);
        return Promise.reject(new Error('socket hang up'));
      };
      const fresh = { ...ports, isAbandoned: () => false, actions: { ...ports.actions, start } };
      await expect(takeStep(fresh)(message)).rejects.toThrow('socket hang up');
      expect(await takeStep(fresh)(message)).toBe(false);
      expect(trail.entries.map(({ kind }) => kind)).not.toContain('step.result');
      expect(await takeStep(ports)(message)).toBe(true);
      expect(trail.entries.at(-1)).toMatchObject({ kind: 'step.result', outcome });
    },
  );

  it('is read back again where what became of it cannot be read yet', async () => {
    const { ports, message, kinds } = await world();
    const broken = () => Promise.reject(new Error('socket hang up'));
    const deaf = { ...ports, actions: { start: broken, readBack: broken } };
    await expect(takeStep(deaf)(message)).rejects.toThrow();
    await expect(takeStep(deaf)(message)).rejects.toThrow();
    expect(await takeStep(ports)(message)).toBe(true);
    expect(kinds().at(-1)).toBe('step.result');
  });

  it('attempted twice at once by one process is done once', async () => {
    const { ports, message, called } = await world();
    const ended = await Promise.all([takeStep(ports)(message), takeStep(ports)(message)]);
    expect(called).toHaveLength(1);
    expect(ended).toContain(true);
  });

  it('that no configuration knows any more is let go', async () => {
    const { ports, message } = await world();
    expect(await takeStep(ports)({ ...message, ladder: 'gone/gone' })).toBe(true);
    expect(await takeStep(ports)({ ...message, actKey: 'production/shop#1.9' })).toBe(true);
  });

  /** Every effect of a step, by its name: a crash stands before it, and after it with its reply lost. */
  const effects = ['append', 'start', 'readBack'] as const;
  const crashing = (ports: TakeStepPorts, at: number, when: 'before' | 'after'): TakeStepPorts => {
    let count = 0;
    const guard =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        count += 1;
        if (count === at && when === 'before') throw new Error('killed');
        const reply = await call(...args);
        if (count === at && when === 'after') throw new Error('killed');
        return reply;
      };
    return {
      ...ports,
      trail: { ...ports.trail, append: guard(ports.trail.append) },
      actions: { start: guard(ports.actions.start), readBack: guard(ports.actions.readBack) },
    };
  };

  it.each(effects.flatMap((_, index) => [[index + 1, 'before'] as const, [index + 1, 'after'] as const]))(
    'killed at effect %i, %s it: the act happens at most once, and its result stands in the end',
    async (at, when) => {
      const { ports, message, called, kinds } = await world();
      await takeStep(crashing(ports, at, when))(message).catch(() => {});
      for (let time = 0; time < 3; time += 1) await takeStep({ ...ports, holder: 'later' })(message);
      expect(called.length).toBeLessThanOrEqual(1);
      expect(kinds().filter((kind) => kind === 'step.result')).toHaveLength(1);
      expect(kinds().filter((kind) => kind === 'step.claimed')).toHaveLength(1);
    },
  );
});
