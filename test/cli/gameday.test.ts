import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostile } from './answers.ts';
import { page, startWorld, type World } from './harness.ts';

describe('escalator gameday', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.given = [];
    world.answers = {};
  });

  const held = (over: object = {}) => ({
    kind: 'gameday.held',
    says: 'a game day',
    detail: {
      order: 1,
      check: 'smoke',
      told: [
        { after: 0, severity: 'warning', headline: 'shop: smoke failing', next: 'wait' },
        { after: 90_000, severity: 'page', headline: 'shop: a person is needed', next: 'nothing' },
      ],
      end: { status: 'handed-over', reason: 'still failing' },
      ...over,
    },
  });
  const ask = (...args: string[]) => world.run('gameday', ...args, '--why', 'we practise', '--by', 'ada');

  it('asks for it, and tells the reaction to its end, with the guard rails that are closed', async () => {
    world.answers['/api/entries'] = page([held()]);
    world.answers['/api/ladders/production/shop'] = {
      rails: [
        { name: 'kill-switch', is: 'the kill switch lets act', closed: true },
        { name: 'runs-an-hour', is: 'runs an hour', closed: false },
      ],
    };
    const { code, out } = await ask('production/shop/smoke', '--as', 'act', '--steps', '2');
    expect(code).toBe(0);
    expect(world.given).toMatchObject([
      {
        path: '/api/gamedays',
        body: { by: 'ada', ladder: 'production/shop', check: 'smoke', mode: 'act', steps: 2, why: 'we practise' },
      },
    ]);
    expect(out).toEqual([
      'If check smoke failed now, people would be told:',
      'AFTER        AS       WHAT                      NEXT',
      '+0.0 s       warning  shop: smoke failing       wait',
      '+1 min 30 s  page     shop: a person is needed  nothing',
      '',
      'It would end handed-over: still failing',
      'Every step was taken to be done at once, and every approval to be given. Nothing was done.',
      '',
      'CLOSED NOW   WHAT IT IS',
      'kill-switch  the kill switch lets act',
    ]);
  });

  it('takes a check that services share, and answers programs', async () => {
    world.answers['/api/entries'] = page([held()]);
    const { code, out } = await ask('production/provider', '--json');
    expect([code, world.given[0]?.body['ladder']]).toEqual([0, 'production']);
    expect(JSON.parse(out.join(''))).toMatchObject({ end: { status: 'handed-over' } });
  });

  it('ends with 1 where the ladder refuses', async () => {
    world.answers['/api/entries'] = page([
      { kind: 'order.refused', says: 'refused: an incident is open', detail: { order: 1 } },
    ]);
    expect(await ask('production/shop/smoke')).toMatchObject({ code: 1, out: ['refused: an incident is open'] });
  });

  it('lets nothing that somebody wrote act on the terminal', async () => {
    const told = [{ after: 0, severity: 'info', headline: hostile, next: hostile }];
    world.answers['/api/entries'] = page([held({ told, end: { status: 'open', reason: hostile } })]);
    const { out } = await ask('production/shop/smoke');
    for (const character of ['\u0007', '\u001b', '\u202e']) expect(out.join('')).not.toContain(character);
  });

  it.each([
    [['shop'], 'ESC-007 "shop" is no check; such as production/shop/smoke'],
    [['a/b/c/d'], 'ESC-007 "a/b/c/d" is no check; such as production/shop/smoke'],
    [['production/shop/smoke', '--as', 'angry'], 'ESC-007 --as "angry" cannot be; wanted: observe, ask, act'],
  ])('refuses %j', async (args, said) => {
    expect(await ask(...args)).toMatchObject({ code: 2, err: [said] });
    expect(world.given).toEqual([]);
  });
});
