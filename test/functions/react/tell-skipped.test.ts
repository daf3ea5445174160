import { beforeEach, describe, expect, it } from 'vitest';
import { tellSkipped } from '../../../functions/react/tell-skipped.ts';
import { tellOf } from '../../../functions/react/tell.ts';
import type { Queue } from '../../../shared/ports.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { alertOf } from '../../harness/alert.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const ofShop = { source, environment: 'production', service: 'shop' };
const raised = draftOf({ ...ofShop, kind: 'alert.raised', detail: { alert: { ...alertOf({ headline: 'fails' }) } } });
const began = Date.parse('2026-11-21T12:00:00.000Z');

let now = began;
let trail = memoryTrail();
let begun: { queue: string; message: unknown }[] = [];
let ports: Parameters<typeof tellSkipped>[0];
beforeEach(() => {
  now = began;
  trail = memoryTrail(() => new Date(now));
  begun = [];
  const queue = <Message>(name: string): Queue<Message> => ({
    send: (message) => Promise.resolve(void begun.push({ queue: name, message })),
  });
  ports = {
    ...tellPorts(trail, {}, () => new Date(now)),
    read: trail.read,
    effects: {
      acts: queue('acts'),
      alerts: queue('alerts'),
      describe: queue('describe'),
      timers: queue('timers'),
      timerRows: {
        set: (message) => Promise.resolve(void begun.push({ queue: 'timer rows', message })),
        due: () => Promise.resolve([]),
        clear: () => Promise.resolve(),
      },
      append: trail.append,
    },
  };
});

const record = async (draft: Draft): Promise<Entry> => {
  await trail.append([{ key: `f#${trail.entries.length}`, entries: [draft] }]);
  return trail.entries.at(-1) as Entry;
};
/** The last entry of a kind is passed by, and the reactor comes to the entry that says so. */
const pass = async (kind: string, reader = 'react', by = source): Promise<void> => {
  const { seq, segment } = trail.entries.findLast((entry) => entry.kind === kind) as Entry;
  const detail = { reader, seq, segment, skipped: kind, error: 'no' };
  await tellSkipped(ports, await record(draftOf({ ...ofShop, kind: 'reader.skipped', source: by, detail })));
};
const sentOf = ({ segment, seq }: Entry) => ({ queue: 'alerts', message: { segment, seq } });
const outcomes = () => trail.entries.filter(({ kind }) => kind === 'alert.decided').map(({ outcome }) => outcome);

describe('what the reactor passed by', () => {
  it('was a decision to tell later: its timer is set all the same', async () => {
    await tellOf(ports, await record(raised));
    await pass('alert.decided');
    const timer = { ladder: 'production/shop', version: 1, name: 'tell', due: '2026-11-21T12:00:35.000Z' };
    expect(begun).toEqual([
      { queue: 'timer rows', message: timer },
      { queue: 'timers', message: timer },
    ]);
  });

  it('was the timer of a ladder: it is set all the same, for by it one that was taken out hands over', async () => {
    const timer = { version: 7, name: 'decide', due: '2026-11-21T12:01:00.000Z' };
    await record(draftOf({ ...ofShop, kind: 'timer.set', detail: { incident: 'production.shop.5', ...timer } }));
    await pass('timer.set');
    expect(begun).toEqual([
      { queue: 'timer rows', message: { ladder: 'production/shop', ...timer } },
      { queue: 'timers', message: { ladder: 'production/shop', ...timer } },
    ]);
  });

  it('was a message: it is sent all the same', async () => {
    const message = await record(draftOf({ ...ofShop, kind: 'alert.told' }));
    await pass('alert.told');
    expect(begun).toEqual([sentOf(message)]);
  });

  it('was raised for people: its group takes it in', async () => {
    await record(raised);
    await pass('alert.raised');
    expect(outcomes()).toEqual(['group-wait']);
    expect(begun).toEqual([]);
  });

  it('was raised for people, and its group has gone past it: it is sent as it was raised', async () => {
    const first = await record(raised);
    await tellOf(ports, await record(raised));
    const detail = { reader: 'react', seq: first.seq, segment: first.segment };
    await tellSkipped(ports, await record(draftOf({ ...ofShop, kind: 'reader.skipped', detail })));
    expect(begun).toEqual([sentOf(first)]);
  });

  it('is not there: nothing comes of it', async () => {
    const detail = { reader: 'react', seq: 99, segment: 99 };
    await tellSkipped(ports, await record(draftOf({ ...ofShop, kind: 'reader.skipped', detail })));
    expect(begun).toEqual([]);
  });

  it('was an act: it is not begun', async () => {
    await record(draftOf({ ...ofShop, kind: 'step.intended', detail: { type: 'step.intended' } }));
    await pass('step.intended');
    expect(begun).toEqual([]);
  });

  it.each([
    ['another reader passed by', 'index-trail.4', source],
    ['somebody else says that it passed by', 'react', { ...source, name: 'my.app' }],
  ])('is not what %s', async (_, reader, by) => {
    await record(draftOf({ ...ofShop, kind: 'alert.told' }));
    await pass('alert.told', reader, by);
    expect(begun).toEqual([]);
  });
});
