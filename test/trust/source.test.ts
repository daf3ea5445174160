import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { fixture, startWorld, type World } from './world.ts';

describe('whoever controls where events come from', () => {
  let tables: TrailTables;
  let world: World;

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => void (world = await startWorld(tables)));
  afterEach(() => world.close());

  it('sends an event of a source of his own that poses as an alarm: it is on record as unknown, under his source', async () => {
    await world.deliver(fixture('odd/custom-source-posing-as-alarm.json'));
    expect(await world.entries()).toEqual([
      expect.objectContaining({ kind: 'unknown', source: expect.objectContaining({ name: 'acme.shop' }) }),
    ]);
  });

  it('puts a perfect forgery of an AWS event into the queue itself: it is on record like a true one', async () => {
    const event = { ...fixture('cloudwatch/alarm-failing.json'), id: 'never-sent-by-aws' };
    await world.deliver(event);
    expect((await world.entries())[0]).toMatchObject({ kind: 'alarm.changed', source: { name: 'aws.cloudwatch' } });
  });

  it('keeps an event from arriving: nothing on the trail says so', async () => {
    const [started, succeeded] = ['codepipeline/pipeline-started.json', 'codepipeline/pipeline-succeeded.json'];
    await world.deliver(fixture(started), fixture(succeeded));
    const both = (await world.entries()).map(({ kind }) => kind);
    const other = await startWorld(tables);
    await other.deliver(fixture(succeeded));
    expect((await other.entries()).map(({ kind }) => kind)).toEqual(both.slice(1));
    expect(await other.sealAndLookEverywhere()).toEqual([]);
    await other.close();
  });

  it('keeps all events from arriving: every ten minutes the trail says that nothing came, and that is sealed', async () => {
    await world.record('a');
    for (let minutes = 0; minutes < 30; minutes += 1) {
      world.clock.ms += 60_000;
      await world.seal();
    }
    expect((await world.entries()).map(({ kind }) => kind)).toEqual(['test', ...Array(3).fill('trail.idle')]);
    await world.export('pack');
    expect((await world.verify('pack')).out).toContain('complete: yes');
  });

  it('disables a rule: the call is on record with who made it, where the other rule still brings it', async () => {
    const call = fixture('cloudtrail/call-update-function.json');
    const detail = {
      ...(call['detail'] as object),
      eventSource: 'events.amazonaws.com',
      eventName: 'DisableRule',
      requestParameters: { name: 'escalator-urgent', eventBusName: 'default' },
      eventID: 'e0000000-0000-4000-8000-000000000999',
    };
    await world.deliver({ ...call, id: 'disabled', source: 'aws.events', detail });
    expect((await world.entries())[0]).toMatchObject({
      actor: { type: 'role-session', session: 'ada' },
      detail: expect.objectContaining({}),
    });
    expect(JSON.stringify((await world.entries())[0]?.detail)).toContain('DisableRule');
  });

  it('sends a true event again: it is on record once', async () => {
    const event = fixture('codepipeline/pipeline-started.json');
    for (let times = 0; times < 3; times += 1) await world.deliver(event, event);
    expect(await world.entries()).toHaveLength(1);
  });

  it('dates an event back: occurredAt follows the event, observedAt does not', async () => {
    await world.deliver({ ...fixture('cloudwatch/alarm-failing.json'), time: '2020-01-01T00:00:00Z' });
    const [entry] = await world.entries();
    expect(entry?.observedAt.slice(0, 16)).toBe('2026-11-21T04:00');
  });

  it('sets a clock back: the sealer sees that time went back, and a checkpoint kept from before that it was not there then', async () => {
    await world.record('a', 'b');
    await world.export('before');
    const day = 86_400_000;
    world.clock.ms -= day;
    await world.record('backdated');
    world.clock.ms += day;
    await world.export('after');
    const entry = (await world.entries()).find(({ reason }) => reason === 'backdated');
    expect(entry?.observedAt.slice(0, 10)).toBe('2026-11-20');
    expect((await world.entries()).filter(({ kind }) => kind === 'trail.misdated')).toEqual([
      expect.objectContaining({ detail: expect.objectContaining({ seq: entry?.seq }) }),
    ]);
    const [, size] = world.read('before', 'checkpoint').split('\n');
    expect(entry?.seq).toBeGreaterThanOrEqual(Number(size));
    expect(await world.verify('after', '--checkpoint', world.at('before', 'checkpoint'))).toMatchObject({ code: 0 });
  });

  it('keeps the sealer from running: an export waits for a seal, and says that none came', async () => {
    await world.record('a');
    await world.seal();
    world.stop.sealing = true;
    expect(await world.export('pack')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ESC-014.*the trail was not sealed in time/),
    });
  });

  it('changes the code of a function: the call is on record, with who made it', async () => {
    await world.deliver(fixture('cloudtrail/call-update-function.json'));
    const [entry] = await world.entries();
    expect(entry).toMatchObject({ actor: { type: 'role-session', session: 'ada' } });
    expect(JSON.stringify(entry?.detail)).toContain('UpdateFunctionCode20150331v2');
  });
});

describe('whoever wants something hidden by redaction', () => {
  let tables: TrailTables;
  let world: World;

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => void (world = await startWorld(tables)));
  afterEach(() => world.close());

  const hidden = 'password=buy-me-out-of-this-audit';
  const push = () => {
    const event = fixture('codecommit/reference-updated.json');
    const detail = event['detail'] as { [field: string]: unknown };
    return { ...event, detail: { ...detail, repositoryId: hidden } };
  };

  it('makes it look like a secret: place, rule and digest stay, and so do who, what and which commit', async () => {
    await world.deliver(push());
    const [entry] = await world.entries();
    expect(JSON.stringify(entry)).not.toContain('buy-me-out');
    expect(entry).toMatchObject({
      actor: { type: 'role-session', session: 'ada' },
      change: { repository: 'shop', commit: '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263' },
      redactions: [{ pointer: expect.stringContaining('repositoryId'), rule: expect.any(String) }],
    });
  });

  it('is found out by whoever has the original and the key for digests: the digest is that of what was taken out', async () => {
    await world.deliver(push());
    const digest = (await world.entries())[0]?.redactions[0]?.digest;
    expect(['buy-me-out-of-this-audit', hidden].map(world.digest)).toContain(digest);
    expect(world.digest('something else')).not.toBe(digest);
  });

  it('adds or drops a redaction afterwards: that changes the entry, and is found as any other change', async () => {
    await world.deliver(push());
    await world.export('pack');
    const lines = world.read('pack', 'entries.jsonl');
    const forged = lines.replace(/"redactions":\[\{.*?\}\]/, '"redactions":[]');
    expect(forged).not.toBe(lines);
    world.write(['pack', 'entries.jsonl'], forged);
    expect(await world.verify('pack')).toMatchObject({ code: 2, out: expect.stringMatching(/first bad +entry 0\n/) });
  });
});
