import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../functions/support/at-once.ts';

describe('the same done for many', () => {
  it('is done for so many at once, and answered in their order', async () => {
    let busy = 0;
    let most = 0;
    const work = async (ms: number): Promise<number> => {
      most = Math.max(most, (busy += 1));
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      return ms * 2;
    };
    expect(await atOnce(3, [5, 1, 4, 2, 3], work)).toEqual([10, 2, 8, 4, 6]);
    expect(most).toBe(3);
  });

  it('is done for all others where one throws, which is thrown in the end', async () => {
    const done: number[] = [];
    const work = async (one: number): Promise<void> => {
      if (one === 1) throw new Error('not this one');
      done.push(one);
    };
    await expect(atOnce(2, [0, 1, 2, 3], work)).rejects.toThrow('not this one');
    expect(done).toEqual([0, 2, 3]);
  });

  it('of none is nothing', async () => {
    expect(await atOnce(3, [], () => Promise.reject(new Error('never')))).toEqual([]);
  });
});
