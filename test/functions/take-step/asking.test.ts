import { describe, expect, it } from 'vitest';
import { noSlots } from '../../../shared/ladder/slots.ts';
import { takeStep, type TakeStepPorts } from '../../../functions/take-step/take-step.ts';
import type { Config } from '../../../shared/config/config.ts';
import type { ActResult } from '../../../shared/ladder/input.ts';
import type { DecidedOn } from '../../../shared/ladder/record.ts';
import { actKeyOf, broken, healthy, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const config: Config = {
  digest: 'd',
  text: '',
  environments: [],
  services: [healthy().config],
  routes: [],
  topics: {},
};
const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const done: ActResult = { outcome: 'started', reason: '', execution: 'r-1', instances: [] };

/** A ladder at which others may always be first, and an account of what is asked of the world for it. */
const asking = (test: TestLadder, isFirst: () => boolean, over: Partial<TakeStepPorts> = {}) => {
  test.timer();
  const asked: unknown[][] = [];
  const note = <A>(what: unknown[], answer: A): Promise<A> => (asked.push(what), Promise.resolve(answer));
  const recorded: DecidedOn[] = [];
  const failing = { value: 'fail' as const, at: test.now(), reason: '' };
  const ports: TakeStepPorts = {
    trail: memoryTrail(),
    ladders: {
      load: (ladder) => note(['load', ladder], test.state()),
      record: (_config, _state, on) => (recorded.push(on), Promise.resolve(isFirst())),
    },
    reads: {
      alarms: (names, _dimensions, withMetrics) =>
        note(['alarms', names, ...(withMetrics === true ? ['metrics'] : [])], {
          'shop-smoke': failing,
          'shop-node': failing,
        }),
      sources: () => note(['sources'], {}),
      past: () => Promise.resolve(null),
      execution: () => note(['execution'], null),
      sourced: (_repository, commit) => note(['sourced'], { commit, author: null, subject: null, contains: null }),
      outcome: () => note(['outcome'], null),
      before: (_service, { action, target }, running) =>
        note(['before', action, target, running], {
          traffic: { newer: null, stageBusy: null },
          instances: action === 'replace-instances' ? ['i-1'] : null,
        }),
      killSwitch: () => note(['kill-switch'], 'allow'),
    },
    slots: { load: () => Promise.resolve(noSlots), take: () => Promise.resolve(null) },
    actions: { start: () => note(['start'], done), readBack: () => note(['readBack'], done) },
    config,
    source,
    now: () => new Date(test.now()),
    holder: 'me',
    newId: () => '1',
    isAbandoned: () => true,
    ...over,
  };
  const message = { ladder: 'production/shop', version: test.state().version, actKey: actKeyOf(test.state()), seq: 0 };
  const times = (what: string): number => asked.filter(([name]) => name === what).length;
  return { ports, message, asked, recorded, times, step: () => takeStep(ports)(message) };
};

const nodeDown = (of = config.services[0]): TestLadder => {
  const test = healthy(of);
  test.alarm('node', 'fail');
  return test;
};

describe('asking a ladder for an act', () => {
  it('gives the message back when others were first five times, and does nothing', async () => {
    const test = asking(broken(), () => false);
    expect(await test.step()).toBe(false);
    expect([test.times('load'), test.times('start')]).toEqual([5, 0]);
  });

  it('asks what the metrics say only before a drastic act', async () => {
    const alarms = ['shop-node', 'shop-smoke'];
    const plain = asking(broken(), () => true);
    await plain.step();
    expect(plain.asked).toContainEqual(['alarms', alarms]);
    const levels = [level('node', { do: { type: 'redeploy' }, drastic: true }), level('deploy')];
    const service = shop({ levels, approvers: 0 });
    const drastic = asking(nodeDown(service), () => true, { config: { ...config, services: [service] } });
    await drastic.step();
    expect(drastic.asked).toContainEqual(['alarms', alarms, 'metrics']);
    expect(drastic.times('start')).toBe(0);
  });

  it('that is refused is not asked again', async () => {
    const test = asking(broken(), () => true);
    const reads = { ...test.ports.reads, killSwitch: () => Promise.resolve(null) };
    expect(await takeStep({ ...test.ports, reads })(test.message)).toBe(true);
    expect([test.times('load'), test.times('start')]).toEqual([1, 0]);
  });

  it('looks at the target of the act, besides what runs, then at the kill switch and the checks', async () => {
    const test = asking(broken(), () => true);
    expect(await test.step()).toBe(true);
    expect(test.asked.slice(1)).toEqual([
      ['before', 'redeploy', 'shop/Deploy', 'x-bad'],
      ['kill-switch'],
      ['alarms', ['shop-node', 'shop-smoke']],
      ['start'],
    ]);
  });

  it('looks at the group whose instances are to be replaced', async () => {
    const test = asking(nodeDown(), () => true);
    expect(await test.step()).toBe(true);
    expect(test.asked.slice(1, 3)).toEqual([['before', 'replace-instances', 'shop-asg', 'x-good'], ['kill-switch']]);
    expect(test.times('start')).toBe(1);
  });

  it('records what it was decided on, and says what was not read', async () => {
    const test = asking(broken(), () => true);
    await test.step();
    expect(test.recorded).toMatchObject([
      { input: { type: 'claim', holder: 'me', attempt: '1' }, config: 'd', readings: { alarms: null, outcome: null } },
    ]);
    expect(test.recorded[0]?.readings.act?.released).toBe(true);
  });
});

describe('the kill switch, read before each act', () => {
  const network = {
    ...healthy().config,
    levels: [level('node', { do: { type: 'start-pipeline', pipeline: 'network' } })],
  };
  const smokeless = { ...network, checks: { node: { name: 'node', alarm: 'shop-node', level: 'node' } } };
  const acts: [string, () => TestLadder][] = [
    ['redeploy', broken],
    ['replace-instances', nodeDown],
    ['start-pipeline', () => nodeDown(smokeless)],
  ];
  const begun = async (test: TestLadder, text: string | null): Promise<unknown[]> => {
    const world = asking(test, () => true);
    const reads = { ...world.ports.reads, killSwitch: () => Promise.resolve(text) };
    await takeStep({ ...world.ports, reads })(world.message);
    return [world.times('start'), world.recorded[0]?.readings.act?.released];
  };

  it.each(acts)('lets %s begin, and stops it everywhere, by its own name, and by its ladder', async (action, at) => {
    expect(await begun(at(), 'allow')).toEqual([1, true]);
    const reason = (of: string) => ({ stopped: `the kill switch is thrown${of}` });
    expect(await begun(at(), 'stop')).toEqual([0, reason('')]);
    for (const scope of [action, 'production', 'production/shop'])
      expect(await begun(at(), `allow except ${scope}`)).toEqual([0, reason(` for ${scope}`)]);
    expect(await begun(at(), null)).toEqual([0, { stopped: 'the kill switch cannot be read' }]);
  });

  it.each(acts)('lets %s begin where it stops something else', async (action, at) => {
    const others = acts.map(([name]) => name).filter((name) => name !== action);
    for (const other of others) expect(await begun(at(), `allow except ${other}`)).toEqual([1, true]);
  });
});

describe('an act that was claimed before', () => {
  const claimed = (over: Partial<TakeStepPorts> = {}) => {
    const test = broken();
    const world = asking(test, () => true, over);
    const failing = { 'shop-smoke': { value: 'fail' as const, at: test.now(), reason: '' } };
    const traffic = { newer: null, stageBusy: null };
    const act = { released: true, alarms: failing, readAt: test.now(), traffic, instances: null };
    test.take({ type: 'claim', actKey: world.message.actKey, holder: 'gone', attempt: '0' }, { act });
    return world;
  };

  it('is read back, once, and never begun again', async () => {
    const test = claimed();
    expect(await test.step()).toBe(true);
    expect([test.times('readBack'), test.times('start')]).toEqual([1, 0]);
    expect(await test.step()).toBe(true);
    expect(test.times('readBack')).toBe(1); // its result stands by now, though the ladder has not seen it yet
  });

  it('and may still be under way is left alone', async () => {
    const test = claimed({ isAbandoned: () => false });
    expect(await test.step()).toBe(false);
    expect([test.times('readBack'), test.times('start')]).toEqual([0, 0]);
  });
});
