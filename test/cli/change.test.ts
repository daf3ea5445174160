import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeAnswer } from '../../shared/question/answers.ts';
import { bad, change, good, liveChange, push } from './answers.ts';
import { page, startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.terminal = {};
  world.answers = {
    '/api/entries': (query: URLSearchParams) =>
      page(query.get('kind') === 'reference.updated' ? [push(7, bad)] : [push(0, good)]),
    [`/api/changes/${bad}`]: change(),
    [`/api/changes/${good}`]: liveChange,
  };
});

describe('escalator change', () => {
  it('tells where the change that was pushed last is, the time of each step, and why it stopped', async () => {
    const { code, out } = await world.run('change');
    const text = out.join('\n');
    expect(code).toBe(1);
    expect(out[0]).toBe('a1b2c3d of shop  rolled back');
    expect(text).toMatch(/message +Answer 500/);
    for (const line of out) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain('why       smoke failed with it, and passed before it');
    expect(text).toMatch(/^ {2}Build +succeeded .* 2\.0 s$/m);
    expect(text).toMatch(/^ {4}Smoke +failed .* 5\.0 s {2}GET \/health answered 500, wanted 200$/m);
    expect(text).toContain('production.shop.5  converged  (escalator why production.shop.5)');
  });

  it.each<[ChangeAnswer['status'], number]>([
    ['live', 0],
    ['stopped', 1],
    ['rolled-back', 1],
    ['superseded', 1],
    ['unknown', 2],
    ['on-its-way', 3],
  ])('%s has exit code %d', async (status, code) => {
    world.answers[`/api/changes/${bad}`] = change({ status });
    expect((await world.run('change', bad)).code).toBe(code);
  });

  it('takes the beginning of a commit, however it is written', async () => {
    world.answers['/api/changes/a1b2c3d'] = change();
    expect((await world.run('change', 'A1B2C3D')).out[0]).toContain('a1b2c3d');
  });

  it.each(['main', 'abc', '../releases', 'a1b2c3d4\u001b[2J'])('refuses %j, which is no commit', async (commit) => {
    const { code, out, err } = await world.run('change', commit);
    expect([code, out]).toEqual([2, []]);
    expect(err).toEqual([expect.stringMatching(/^ESC-007 .* is no commit; wanted: 7 or more/)]);
  });

  it('passes by what is recorded as a push but names no commit', async () => {
    world.answers['/api/entries'] = page([push(9, '26a8f2EXAMPLE'), push(7, good)]);
    expect((await world.run('change')).out[0]).toContain('9f8e7d6');
  });

  it('before anything was pushed is one line and exit code 2', async () => {
    world.answers['/api/entries'] = page([]);
    expect(await world.run('change')).toMatchObject({ code: 2, err: [expect.stringMatching(/^ESC-011 no change/)] });
  });
});

describe('escalator change --wait', () => {
  const stages = (...statuses: (ChangeAnswer['status'] | 'not-known')[]): void => {
    let asked = 0;
    Object.defineProperty(world.answers, `/api/changes/${bad}`, {
      get: () => {
        const status = statuses[Math.min(asked++, statuses.length - 1)];
        return status === 'not-known' ? undefined : change({ status });
      },
    });
  };

  it('waits until the change is live', async () => {
    stages('not-known', 'unknown', 'on-its-way', 'on-its-way', 'live');
    expect((await world.run('change', '--wait')).code).toBe(0);
  });

  it('does not take for an end what a failing check undoes a second later', async () => {
    stages('live', 'stopped', 'on-its-way', 'rolled-back');
    const { code, out } = await world.run('change', '--wait');
    expect([code, out[0]]).toEqual([1, 'a1b2c3d of shop  rolled back']);
  });

  it('gives up when the time allowed is over, and says how far it is', async () => {
    stages('on-its-way');
    const { code, out } = await world.run('change', bad, '--wait', '20');
    expect([code, out[0]]).toEqual([3, 'a1b2c3d of shop  on its way']);
  });

  it('gives up on a commit that is not on record then', async () => {
    stages('not-known');
    expect(await world.run('change', bad, '--wait', '5')).toMatchObject({
      code: 2,
      err: [expect.stringMatching(/^ESC-011/)],
    });
  });

  it('refuses a time that is none', async () => {
    const { code, err } = await world.run('change', bad, '--wait', 'long');
    expect([code, err]).toEqual([2, ['ESC-007 --wait "long" cannot be; wanted: a whole number from 1 to 86400']]);
  });
});
