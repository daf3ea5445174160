import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());

describe('escalator note', () => {
  it('puts the cause and what prevents it on record, and says where it stands', async () => {
    const said = ['--cause', 'a null', '--prevented-by', 'c0ffee1', '--by', 'ada'];
    expect(await world.run('note', 'production.shop.5', ...said)).toMatchObject({
      code: 0,
      out: ['on record as entry 1'],
    });
    expect(world.given).toMatchObject([
      {
        path: '/api/notes',
        body: { incident: 'production.shop.5', cause: 'a null', preventedBy: 'c0ffee1', by: 'ada' },
      },
    ]);
  });

  it.each([
    [['note', 'production.shop.5', '--cause', 'x'], '--prevented-by'],
    [['note', 'production.shop.5', '--prevented-by', 'c0ffee1'], '--cause'],
    [['note', '--cause', 'x', '--prevented-by', 'c0ffee1'], 'incident'],
  ])('asks for what is missing: %j', async (args, missing) => {
    const { code, err } = await world.run(...args);
    expect([code, err.join()]).toEqual([2, expect.stringContaining(missing)]);
  });
});
