import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alert, hostile, incident } from './answers.ts';
import { page, startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.given = [];
});
afterAll(() => world.close());

const said = ['--why', 'I am on it', '--by', 'ada'];

describe('escalator alerts', () => {
  it('tells what people were told, why then, to whom, and which topic took it', async () => {
    const waiting = { ...alert('alerts/production/shop#2', 'page', hostile, -5), to: ['sre', 'lead'], sent: [] };
    world.answers['/api/alerts'] = page([waiting, alert('alerts/production/shop#1', 'ticket', 'smoke failing', -60)]);
    const { code, out } = await world.run('alerts');
    expect(code).toBe(0);
    expect(out.join('\n')).toMatch(/shop#2 .* page .* first .* sre, lead .* by none yet .* Answer 500/);
    expect(out.join('\n')).toMatch(/shop#1 .* ticket .* first .* sre .* sre .* smoke failing/);
    expect(out.join('\n')).not.toContain('\u001b[2J');
  });

  it('says of a topic that it took what another one did not', async () => {
    const sent = [{ topic: 'lead', at: '2026-11-21T12:01:00.000Z', insteadOf: 'sre' }];
    world.answers['/api/alerts'] = page([{ ...alert('alerts/production/shop#1', 'page', 'smoke', -60), sent }]);
    expect((await world.run('alerts')).out.join('\n')).toMatch(/ lead \S+ instead of sre /);
  });
});

describe('escalator ack', () => {
  it('says of an alert that somebody knows, and why', async () => {
    world.answers['/api/acknowledgements'] = {};
    const { code, out } = await world.run('ack', 'production.shop.5', ...said);
    expect([code, out]).toEqual([0, ['production.shop.5 is acknowledged']]);
    const body = { by: 'ada', alert: 'production.shop.5', why: 'I am on it' };
    expect(world.given).toMatchObject([{ path: '/api/acknowledgements', body }]);
  });
});

describe('escalator silence', () => {
  it('sets one for as long as it says, and tells how to end it before', async () => {
    world.answers['/api/silences/set'] = {};
    const { code, out } = await world.run('silence', '{"service": ["shop"]}', '--for', '2h', ...said);
    const [{ body } = { body: {} }] = world.given;
    expect(body).toMatchObject({ match: { service: ['shop'] }, from: null, by: 'ada', why: 'I am on it' });
    expect(code).toBe(0);
    expect(out[0]).toContain(`escalator unsilence ${String((body as { id?: string }).id)} --why TEXT`);
  });

  it.each([
    [['shop'], 'is no JSON'],
    [['{}', '--for', 'long'], '--for "long" is no duration'],
  ])('is not sent where it cannot be: %j', async (args, why) => {
    const { code, err } = await world.run('silence', ...args, ...said);
    expect([code, world.given]).toEqual([2, []]);
    expect(err.join()).toContain(why);
  });

  it('is ended before its time by unsilence', async () => {
    world.answers['/api/silences/lifted'] = {};
    const { out } = await world.run('unsilence', '0b5e7a1c', ...said);
    expect(out).toEqual(['0b5e7a1c is lifted']);
    expect(world.given).toMatchObject([{ path: '/api/silences/lifted', body: { silence: '0b5e7a1c' } }]);
  });
});

describe('escalator handover', () => {
  it('tells what is open, what comes back and how to note it, and what is over', async () => {
    const [once, again] = [incident({ id: 'production.shop.5' }), incident({ id: 'production.shop.3' })];
    const open = incident({ id: 'production.till.2', service: 'till', status: 'climbing', closedAt: null });
    world.answers['/api/incidents'] = page([open, once, again]);
    const { code, out } = await world.run('handover', '--since', '2026-01-01');
    expect(code).toBe(0);
    const text = out.join('\n');
    expect(text).toMatch(/Open, .*\n.*\nproduction\.till\.2 .* climbing/);
    expect(text).toMatch(
      /Comes back.*\n.*\nproduction\/shop .* 2 times .*nobody said: escalator note production\.shop\.5/,
    );
    expect(text).toMatch(/Over\n.*\nproduction\.shop\.5 /);
    expect(text).toMatch(/redeployed [0-9a-f]{7}, rolled back to [0-9a-f]{7}/);
  });

  it('tells of what came back although somebody had mended it', async () => {
    const note = { at: '2026-11-21T10:00:00.000Z', by: 'ada', cause: 'a null', preventedBy: 'c0ffee1', seq: 7 };
    const mended = incident({ id: 'production.shop.3', notes: [note] });
    world.answers['/api/incidents'] = page([incident({ id: 'production.shop.5' }), mended]);
    const { out } = await world.run('handover', '--since', '2026-01-01');
    expect(out.join('\n')).toContain('c0ffee1, and it came back once since: escalator note production.shop.5');
  });
});
