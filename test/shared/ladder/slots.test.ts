import { describe, expect, it } from 'vitest';
import { createLadders } from '../../../functions/support/ladders.ts';
import { createSlots } from '../../../functions/support/slots.ts';
import { mayAct } from '../../../shared/ladder/may-act.ts';
import { broken, level, nothingKnown } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { configOf, standing, town } from '../../harness/town.ts';

const minute = 60_000;
const apart = (count: number) => Array.from({ length: count }, (_, at) => standing(`s${at}`, { above: null }));

/** How many acts were under way at once, each from its claim to its end. */
const mostAtOnce = (entries: Awaited<ReturnType<typeof town>>['entries']): number => {
  const under = new Set<string>();
  return entries.reduce((most, { kind, detail }) => {
    if (kind === 'step.claimed') under.add(String(detail['actKey']));
    if (kind === 'step.ended') under.delete(String(detail['actKey']));
    return Math.max(most, under.size);
  }, 0);
};

describe('in one account', () => {
  it('three ladders act at once, the others wait, and all have their turn', async () => {
    const test = await town({
      ...configOf(apart(8)),
      environments: [],
      account: { acting: 3, share: 100, least: 100, within: minute },
    });
    for (const name of test.world.deployed.keys()) test.world.deployed.set(name, 0);
    await test.read();
    await test.forward(30 * minute);
    expect(mostAtOnce(test.entries)).toBe(3);
    expect(test.did()).toHaveLength(8);
    const waited = test.entries.filter(({ kind }) => kind === 'incident.waiting').map(({ reason }) => reason);
    expect(waited[0]).toMatch(/^production\/s\d, production\/s\d, production\/s\d act already \(account\/1\)$/);
    expect(test.replay()).toEqual([]);
  });

  it('how many is configured', async () => {
    const test = await town({
      ...configOf(apart(4)),
      environments: [],
      account: { acting: 1, share: 100, least: 100, within: minute },
    });
    for (const name of test.world.deployed.keys()) test.world.deployed.set(name, 0);
    await test.read();
    await test.forward(30 * minute);
    expect(mostAtOnce(test.entries)).toBe(1);
    expect(test.did()).toHaveLength(4);
  });

  it('two ladders never act on one target at once', async () => {
    const same = { do: { type: 'start-pipeline', pipeline: 'base' } } as const;
    const config = [0, 1].map((at) => standing(`s${at}`, { above: null, levels: [level('deploy', same)] }));
    const test = await town({ ...configOf(config), environments: [] });
    for (const name of test.world.deployed.keys()) test.world.deployed.set(name, 0);
    await test.read();
    await test.forward(5 * minute);
    expect(mostAtOnce(test.entries)).toBe(1);
    expect(test.entries.find(({ kind }) => kind === 'incident.waiting')?.reason).toBe(
      'production/s0 acts already (target/base)',
    );
  });

  it('nothing acts where there is no slot', () => {
    const test = broken();
    test.timer();
    const phase = test.state().incident?.phase;
    if (phase?.name !== 'acting') throw new Error('nothing is intended');
    const act = { released: true, alarms: test.alarms(), readAt: test.now(), instances: null } as const;
    const readings = { ...act, traffic: { newer: null, stageBusy: null } };
    expect(mayAct(phase.intent, readings, test.now(), test.config, nothingKnown)).toEqual({ may: 'act' });
    const full = 'production/cart acts already (target/shop/Deploy)';
    expect(mayAct(phase.intent, { ...readings, full }, test.now(), test.config, nothingKnown)).toEqual({
      may: 'wait',
      reason: full,
    });
  });
});

describe('a slot', () => {
  const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
  const streams = () => {
    const [trail, rows] = [memoryTrail(), memoryRows()];
    const ladders = createLadders(trail, rows, source);
    return { trail, rows, ladders, slots: createSlots(trail, rows, source, ladders) };
  };

  it('goes to one of two who want it at the same time', async () => {
    const { trail, rows, ladders } = streams();
    const acting = {
      ...(await ladders.load('a')),
      incident: { phase: { name: 'acting', intent: { actKey: 'a#1.1' } } },
    };
    const load = () => Promise.resolve(acting as never);
    const slots = createSlots(trail, rows, source, { load });
    const wish = (name: string) => ({ ladder: name, actKey: 'a#1.1'.replace('a', name) });
    const taken = await Promise.all([
      slots.take({ of: 'target/x', limit: 1 }, wish('a')),
      slots.take({ of: 'target/x', limit: 1 }, wish('b')),
    ]);
    expect(taken.filter((by) => by === null).length).toBeGreaterThan(0);
    expect(trail.entries.map(({ factKey }) => factKey)).toEqual([
      ...new Set(trail.entries.map(({ factKey }) => factKey)),
    ]);
    expect((await slots.load('target/x')).held).toHaveLength(1);
  });

  it('goes on record as the first version of its stream, with who wants it', async () => {
    const { slots, trail } = streams();
    const wish = { ladder: 'production/shop', actKey: 'production/shop#1.1' };
    await slots.take({ of: 'target/x', limit: 1 }, wish);
    expect(trail.entries.map(({ detail }) => detail)).toEqual([{ of: 'target/x', version: 1, ...wish, held: [wish] }]);
  });

  it('is kept by the act that has it, however often its message comes', async () => {
    const { slots, trail } = streams();
    const wish = { ladder: 'production/shop', actKey: 'production/shop#1.1' };
    for (let time = 0; time < 3; time += 1) expect(await slots.take({ of: 'account/1', limit: 1 }, wish)).toBeNull();
    expect(trail.entries).toHaveLength(1);
  });

  it('is free when its ladder is at something else, and where its snapshot is lost', async () => {
    const { slots, trail, ladders } = streams();
    await slots.take({ of: 'account/1', limit: 1 }, { ladder: 'production/gone', actKey: 'production/gone#1.1' });
    expect(await slots.take({ of: 'account/1', limit: 1 }, { ladder: 'production/shop', actKey: 'k' })).toBeNull();
    const anew = createSlots(trail, memoryRows(), source, ladders);
    expect(await anew.load('account/1')).toEqual(await slots.load('account/1'));
    expect((await slots.load('account/1')).held).toEqual([{ ladder: 'production/shop', actKey: 'k' }]);
  });
});
