import { describe, expect, it } from 'vitest';
import { type Message, recordChange, type RecordPorts } from '../../../functions/record-change/record-change.ts';
import type { Group, Recorded } from '../../../shared/trail/entry.ts';
import { bodyOf, context, eventOf } from '../../shared/event/harness.ts';

/** A trail that keeps each group once, as the true one does, and fails where a test says so. */
const trailThat = (fails: (groups: Group[]) => boolean = () => false) => {
  const groups = new Map<string, Group>();
  const calls: Group[][] = [];
  const append = async (incoming: Group[]): Promise<Recorded[]> => {
    calls.push(incoming);
    if (fails(incoming)) throw new Error('the store is not there');
    return incoming.map((group) => {
      const status = groups.has(group.key) ? 'stood' : 'recorded';
      if (status === 'recorded') groups.set(group.key, group);
      return { key: group.key, status, place: { segment: 0, seq: 0, count: 1 } };
    });
  };
  return { trail: { append }, groups, calls, kinds: () => [...groups.values()].map(({ entries }) => entries[0]?.kind) };
};

const objectsThat = (fails: (body: string) => boolean = () => false) => {
  const bodies = new Map<string, string>();
  const put = async (sha256: string, body: Uint8Array): Promise<void> => {
    const text = Buffer.from(body).toString();
    if (fails(text)) throw new Error('the bucket is not there');
    bodies.set(sha256, text);
  };
  return { objects: { put }, bodies };
};

const recording = (ports: Partial<RecordPorts> = {}) => {
  const troubles: string[] = [];
  const all = {
    ...trailThat(),
    ...objectsThat(),
    context,
    trouble: (error: unknown) => void troubles.push(String(error)),
    ...ports,
  };
  const record = async (messages: Message[]) => (await recordChange(all)(messages)).map(({ id }) => id);
  return { record, troubles };
};

const message = (id: string, body: string) => ({ id, body });
const alarm = message('a', bodyOf('cloudwatch/alarm-failing.json'));
const push = message('p', bodyOf('codecommit/reference-updated.json'));
const stage = message('s', bodyOf('codepipeline/stage-failed.json'));
const unreadable = message('u', '{"half":');
const large = (id: string, note = '') => {
  const event = eventOf('codecommit/reference-created.json');
  return message(
    id,
    JSON.stringify({
      ...event,
      time: `2026-11-20T09:00:0${id}Z`,
      detail: { ...event.detail, note, log: 'x'.repeat(90_000) },
    }),
  );
};

describe('a batch', () => {
  it('goes on record with one append', async () => {
    const { trail, calls, kinds } = trailThat();
    expect(await recording({ trail }).record([alarm, push, stage])).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(kinds()).toEqual(['alarm.changed', 'reference.updated', 'stage.failed']);
  });

  it('that comes again adds nothing', async () => {
    const { trail, groups } = trailThat();
    const { record } = recording({ trail });
    await record([alarm, push]);
    expect(await record([push, alarm, push])).toEqual([]);
    expect(groups.size).toBe(2);
  });

  it('with a message that cannot be read quarantines that one and records the others', async () => {
    const { trail, kinds } = trailThat();
    expect(await recording({ trail }).record([unreadable, push])).toEqual([]);
    expect(kinds()).toEqual(['quarantined', 'reference.updated']);
  });

  it('of nothing asks nothing of the store', async () => {
    const { trail, calls } = trailThat();
    expect(await recording({ trail }).record([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('may hold an event of a megabyte', async () => {
    const { trail, kinds } = trailThat();
    const { objects, bodies } = objectsThat();
    const event = eventOf('codecommit/reference-created.json');
    const body = JSON.stringify({ ...event, detail: { ...event.detail, log: 'x'.repeat(1_047_000) } });
    expect(await recording({ trail, objects }).record([message('1', body)])).toEqual([]);
    expect(kinds()).toEqual(['reference.created']);
    expect(bodies.size).toBe(1);
  });
});

describe('when the store fails', () => {
  it('all of the batch comes back, and the store is not asked for each of a hundred', async () => {
    const { trail, calls } = trailThat(() => true);
    const { record, troubles } = recording({ trail });
    const many = Array.from({ length: 100 }, (_, index) => message(`${index}`, `{"n":${index}}`));
    expect(await record(many)).toEqual(many.map(({ id }) => id));
    expect(calls.length).toBeLessThan(10);
    expect(troubles[0]).toContain('the store is not there');
  });

  it('a single message comes back', async () => {
    const { trail, calls } = trailThat(() => true);
    expect(await recording({ trail }).record([alarm])).toEqual(['a']);
    expect(calls).toHaveLength(1);
  });

  it('for one message only, that one comes back and the others go on record', async () => {
    const { trail, kinds } = trailThat((groups) => groups.some(({ entries }) => entries[0]?.kind === 'stage.failed'));
    expect(await recording({ trail }).record([alarm, stage, push])).toEqual(['s']);
    expect(kinds()).toEqual(['alarm.changed', 'reference.updated']);
  });

  it('is told without a word of what the messages said', async () => {
    const { trail } = trailThat(() => true);
    const { record, troubles } = recording({ trail });
    await record([message('1', '{"password":"hunter2"}')]);
    expect(troubles.join()).not.toContain('hunter2');
  });
});

describe('a large detail', () => {
  it('is stored before the record that names it', async () => {
    const order: string[] = [];
    const trail = { append: async () => (order.push('append'), []) };
    const objects = { put: async () => void order.push('put') };
    await recording({ trail, objects }).record([large('1')]);
    expect(order).toEqual(['put', 'append']);
  });

  it('that cannot be stored keeps its own record off the trail, and no other', async () => {
    const { trail, kinds } = trailThat();
    const { objects } = objectsThat((body) => body.includes('unlucky'));
    expect(await recording({ trail, objects }).record([large('1', 'unlucky'), push, large('2')])).toEqual(['1']);
    expect(kinds()).toEqual(['reference.updated', 'reference.created']);
  });
});
