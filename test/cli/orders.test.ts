import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { page, startWorld, type World } from './harness.ts';

describe('escalator quarantine and release', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.given = [];
  });
  afterAll(() => world.close());

  /** What the ladder says of the first order. */
  const answers = (kind: string, says: string): void => {
    world.answers['/api/entries'] = page([{ kind, says, detail: { order: 1 } }]);
  };
  const ask = (...args: string[]) => world.run(...args, '--why', 'it leaks', '--by', 'ada');

  it.each([
    ['quarantine', '--commit', 'a1b2c3d', { commit: 'a1b2c3d' }],
    ['quarantine', '--release', 'production/shop@x', { release: 'production/shop@x' }],
    ['release', '--commit', 'a1b2c3d', { commit: 'a1b2c3d' }],
  ])('%s %s %s tells the ladder, and prints what it made of it', async (name, flag, value, of) => {
    answers('quarantine.ordered', 'ada quarantined a1b2c3d');
    const { code, out } = await ask(name, 'production/shop', flag, value);
    expect([code, out]).toEqual([0, ['ada quarantined a1b2c3d']]);
    const body = { by: 'ada', ladder: 'production/shop', why: 'it leaks', order: { name, of } };
    expect(world.given).toMatchObject([{ path: `/api/orders/${name}`, body }]);
  });

  it('print what somebody wrote as text', async () => {
    answers('quarantine.ordered', 'e\u202evil quarantined it\u001b[2J');
    const { out } = await ask('quarantine', 'production/shop', '--commit', 'a1b2c3d');
    expect(out).toEqual(['evil quarantined it']);
  });

  it('end with 1 where the ladder refuses', async () => {
    answers('order.refused', 'refused');
    expect((await ask('release', 'production/shop', '--commit', 'a1b2c3d')).code).toBe(1);
  });

  it.each([[[]], [['--commit', 'a1b2c3d', '--release', 'x']]])(
    'want one of a commit and a release: %j',
    async (args) => {
      const { code, err } = await ask('quarantine', 'production/shop', ...args);
      expect([code, err]).toEqual([
        2,
        ['ESC-007 one of --commit SHA and --release ID is wanted; such as --commit a1b2c3d'],
      ]);
      expect(world.given).toEqual([]);
    },
  );
});
