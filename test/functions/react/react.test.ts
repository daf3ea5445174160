import { defaultTiming } from '../../../shared/alert/timing.ts';
import { describe, expect, it } from 'vitest';
import { tellersOf } from '../../../shared/alert/route.ts';
import { onTimer, reactTo, type ReactPorts, sweepTimers, unknownAtMostMs } from '../../../functions/react/react.ts';
import { createAlertGroups } from '../../../functions/support/alert-groups.ts';
import { createLadders } from '../../../functions/support/ladders.ts';
import type { Config } from '../../../shared/config/config.ts';
import type { Reads } from '../../../shared/ladder/reads.ts';
import type { Queue, Rows, Timer } from '../../../shared/ports.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { shop } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const config: Config = {
  digest: 'd',
  text: '',
  environments: [],
  services: [shop()],
  routes: [],
  timing: { ...defaultTiming, wait: 0 },
  topics: {},
};
const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

const draftFrom = (kind: string, from: string, detail: Draft['detail']): Draft =>
  draftOf({ kind, detail, source: { ...source, name: from } });

const alarm = (value: string, from = 'aws.cloudwatch'): Draft =>
  draftFrom('alarm.changed', from, { alarm: 'shop-smoke', value, at: '2026-11-21T12:00:00.000Z' });

const queue = <M>() => {
  const sent: { message: M; options: unknown }[] = [];
  const port: Queue<M> = { send: (message, options) => Promise.resolve(void sent.push({ message, options })) };
  return { sent, port };
};

const world = (rows: Rows = memoryRows()) => {
  let now = Date.parse('2026-11-21T12:00:01.000Z');
  const clock = () => new Date(now);
  const trail = memoryTrail(clock);
  const queues = { acts: queue(), alerts: queue(), describe: queue(), timers: queue() };
  const timerRows = new Map<string, Timer>();
  const keyOf = (timer: Timer) => `${timer.due}#${timer.ladder}#${timer.version}`;
  const reads = {
    alarms: () => Promise.resolve({ 'shop-smoke': { value: 'fail', at: '2026-11-21T12:00:00.000Z', reason: '' } }),
  } as unknown as Reads;
  const ports: ReactPorts = {
    wait: (ms) => Promise.resolve(void (now += ms)),
    read: trail.read,
    ladders: createLadders(trail, rows, source),
    groups: createAlertGroups(trail, rows, source),
    reads,
    now: clock,
    configDigest: 'd',
    tellers: tellersOf(config),
    config,
    effects: {
      acts: queues.acts.port,
      alerts: queues.alerts.port,
      describe: queues.describe.port,
      timers: queues.timers.port,
      append: trail.append,
      timerRows: {
        set: (timer) => Promise.resolve(void timerRows.set(keyOf(timer), timer)),
        due: (at) => Promise.resolve([...timerRows.values()].filter(({ due }) => due <= at)),
        clear: (timer) => Promise.resolve(void timerRows.delete(keyOf(timer))),
      },
    },
  };
  let read = 0;
  return {
    trail,
    ports,
    queues,
    timerRows,
    forward: (ms: number) => (now += ms),
    record: async (...drafts: Draft[]) => {
      for (const draft of drafts) await trail.append([{ key: `f#${trail.entries.length}`, entries: [draft] }]);
    },
    /** follows the lane to its end */
    follow: async () => {
      for (; read < trail.entries.length; read += 1) await reactTo(ports)(trail.entries[read] as Entry);
    },
    /** how many timers of ladders are set; alerts have some of their own */
    ladderTimers: () => [...timerRows.values()].filter(({ name }) => name === 'decide').length,
    again: () => (read = 0),
    kinds: () => trail.entries.map(({ kind }) => kind),
  };
};

describe('following the trail', () => {
  it('opens an incident on a failing alarm, alerts people and sets a timer', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    expect(test.kinds()).toContain('incident.opened');
    expect(test.queues.alerts.sent).toHaveLength(1);
    expect(test.queues.timers.sent[0]?.options).toEqual({ delaySeconds: 30 });
    expect(test.ladderTimers()).toBe(1);
  });

  it('decides nothing on an event of another source that calls itself an alarm', async () => {
    const test = world();
    await test.record(alarm('ALARM', 'my.app'));
    await test.follow();
    expect(test.kinds()).toEqual(['alarm.changed']);
  });

  it('starts nothing for what calls itself ours and is not', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const own = test.trail.entries.filter(({ kind }) => ['alert.raised', 'timer.set'].includes(kind));
    const sent = Object.values(test.queues).map(({ sent: all }) => all.length);
    await test.record(...own.map((entry) => ({ ...entry, source: { ...entry.source, name: 'aws.events' } })));
    await test.follow();
    expect(own).toHaveLength(2);
    expect(Object.values(test.queues).map(({ sent: all }) => all.length)).toEqual(sent);
  });

  it('decides nothing on an event of another account', async () => {
    const test = world();
    const foreign = alarm('ALARM');
    await test.record({ ...foreign, source: { ...foreign.source, account: '999999999999' } });
    await test.follow();
    expect(test.kinds()).toEqual(['alarm.changed']);
  });

  it('decides nothing on a replayed event: no incident, no alert, no timer', async () => {
    const test = world();
    const replayed = alarm('ALARM');
    await test.record({ ...replayed, detail: { ...replayed.detail, replayed: 'rebuild' } });
    await test.follow();
    expect(test.kinds()).toEqual(['alarm.changed']);
    expect([test.queues.alerts.sent, test.queues.acts.sent, test.queues.timers.sent]).toEqual([[], [], []]);
    expect(test.ladderTimers()).toBe(0);
  });

  it('over again from the start adds nothing to the record', async () => {
    const test = world();
    await test.record(alarm('OK'), alarm('ALARM'));
    await test.follow();
    const before = test.kinds();
    test.again();
    await test.follow();
    expect(test.kinds()).toEqual(before);
  });

  it('asks for the description of what was pushed to a branch, and of nothing else', async () => {
    const test = world();
    const pushed = draftFrom('reference.updated', 'aws.codecommit', {
      repository: 'shop',
      refType: 'branch',
      old: 'a',
    });
    const tag = draftFrom('reference.created', 'aws.codecommit', { repository: 'shop', refType: 'tag', old: null });
    const change = { repository: 'shop', commit: 'b' };
    await test.record({ ...pushed, change }, { ...tag, change });
    await test.follow();
    expect(test.queues.describe.sent.map(({ message }) => message)).toEqual([
      { repository: 'shop', commit: 'b', old: 'a', segment: 0, seq: 0 },
    ]);
  });
});

describe('a timer', () => {
  it('that comes early is sent again, for the time that is left', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const [timer] = test.timerRows.values();
    test.forward(10_000);
    await onTimer(test.ports)(timer as Timer);
    expect(test.queues.timers.sent.at(-1)?.options).toEqual({ delaySeconds: 20 });
    expect(test.ladderTimers()).toBe(1);
  });

  it('that comes less than a second early is waited for: a queue delays by whole seconds only', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const [timer] = test.timerRows.values();
    test.forward(29_000);
    await onTimer(test.ports)(timer as Timer);
    expect(test.queues.timers.sent.filter(({ message }) => (message as Timer).name === 'decide')).toHaveLength(1);
    expect(test.ladderTimers()).toBe(0);
  });

  it('that is farther off than a queue delays is sent for as long as it does, and again when it comes', async () => {
    const test = world();
    const timer = { ladder: 'production/shop', version: 1, name: 'decide', due: '2026-11-21T13:00:01.000Z' };
    await onTimer(test.ports)(timer);
    expect(test.queues.timers.sent).toEqual([{ message: timer, options: { delaySeconds: 900 } }]);
  });

  it('of telling people that is farther off is left to the sweeper: no message goes round for hours', async () => {
    const test = world();
    const timer = { ladder: 'production/shop', version: 1, name: 'tell', due: '2026-11-21T13:00:01.000Z' };
    await onTimer(test.ports)(timer);
    expect(test.queues.timers.sent).toEqual([]);
    const soon = { ...timer, due: '2026-11-21T12:15:01.000Z' };
    await onTimer(test.ports)(soon);
    expect(test.queues.timers.sent).toEqual([{ message: soon, options: { delaySeconds: 900 } }]);
  });

  it('for which waiting was not long enough is sent again, and not forgotten', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const [timer] = test.timerRows.values();
    test.forward(29_500);
    await onTimer({ ...test.ports, wait: () => Promise.resolve() })(timer as Timer);
    expect(test.queues.timers.sent.at(-1)?.options).toEqual({ delaySeconds: 0 });
    expect(test.ladderTimers()).toBe(1);
  });

  it('whose message was lost is found by the sweeper', async () => {
    const test = world();
    await test.record(alarm('OK'), alarm('ALARM'));
    await test.follow();
    test.forward(31_000);
    await sweepTimers(test.ports)();
    expect(test.kinds()).toContain('incident.closed'); // no release is known here: a person is called
    expect(test.ladderTimers()).toBe(0);
  });

  it('handled by two at once is decided once', async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const [timer] = test.timerRows.values();
    test.forward(31_000);
    await Promise.all([onTimer(test.ports)(timer as Timer), onTimer(test.ports)(timer as Timer)]);
    expect(test.kinds().filter((kind) => kind === 'incident.closed')).toHaveLength(1);
  });
});

describe('a ladder that was taken out of the configuration while its incident is open', () => {
  /** Whoever takes the timers now has another configuration. */
  const takenOut = async () => {
    const test = world();
    await test.record(alarm('ALARM'));
    await test.follow();
    const sweep = sweepTimers({ ...test.ports, config: { ...config, services: [] } });
    test.forward(30_000 + unknownAtMostMs - 5_000);
    await sweep();
    return { ...test, sweep };
  };

  it('may be one that only a newer configuration has: its timer stays', async () => {
    const test = await takenOut();
    expect(test.ladderTimers()).toBe(1);
    const decided = () => test.kinds().filter((kind) => kind === 'ladder.decided').length;
    expect(decided()).toBe(1);
    await sweepTimers(test.ports)();
    expect(decided()).toBe(2);
  });

  it('is handed over to a person a quarter of an hour after it was due, once', async () => {
    const test = await takenOut();
    test.forward(5_000);
    await test.sweep();
    await test.sweep();
    const closed = test.trail.entries.filter(({ kind }) => kind === 'incident.closed');
    expect(closed.map(({ environment, service, outcome }) => [environment, service, outcome])).toEqual([
      ['production', 'shop', 'handed-over'],
    ]);
    expect(test.trail.entries.at(-1)?.detail['alert']).toMatchObject({
      severity: 'page',
      headline: 'shop in production: a person is needed, it is not in the configuration any more',
    });
    expect(test.ladderTimers()).toBe(0);
  });
});

describe('snapshots', () => {
  it('are caches: without any of them the same is decided', async () => {
    const none = () => Promise.resolve([]);
    const forgetful: Rows = { put: () => Promise.resolve(), newest: none, states: none };
    const stories = await Promise.all(
      [memoryRows(), forgetful].map(async (rows) => {
        const test = world(rows);
        await test.record(alarm('OK'), alarm('ALARM'), alarm('OK'), alarm('ALARM'));
        await test.follow();
        return test.kinds();
      }),
    );
    expect(stories[0]).toEqual(stories[1]);
  });
});
