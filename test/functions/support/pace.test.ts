import { describe, expect, it } from 'vitest';
import { paced } from '../../../functions/support/pace.ts';

const throttled = (): Error => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

const pacing = (everyMs: number) => {
  const waits: number[] = [];
  return { waits, pace: paced((ms) => Promise.resolve(void waits.push(ms)), everyMs) };
};

describe('calls that nobody waits for', () => {
  it('are made apart from each other, and counted', async () => {
    const { waits, pace } = pacing(100);
    for (const answer of [1, 2, 3]) expect(await pace(() => Promise.resolve(answer))).toBe(answer);
    expect(waits).toEqual([100, 100, 100]);
    expect(pace.made()).toBe(3);
  });

  it('that are too fast are made again after twice as long each time, and those after them keep to it', async () => {
    const { waits, pace } = pacing(100);
    let refusals = 2;
    const call = () => ((refusals -= 1) >= 0 ? Promise.reject(throttled()) : Promise.resolve('answer'));
    expect(await pace(call)).toBe('answer');
    await pace(() => Promise.resolve());
    expect(waits).toEqual([100, 200, 400, 400]);
  });

  it('come back to their pace while all goes well, and never become faster than it', async () => {
    const { waits, pace } = pacing(100);
    let refusals = 2;
    const call = () => ((refusals -= 1) >= 0 ? Promise.reject(throttled()) : Promise.resolve());
    for (let n = 0; n < 32; n += 1) await pace(call);
    expect([waits[3], waits[12], waits[22], waits[33]]).toEqual([400, 200, 100, 100]);
  });

  it('are given up where the service goes on refusing, and at once where it says something else', async () => {
    const { waits, pace } = pacing(100);
    await expect(pace(() => Promise.reject(throttled()))).rejects.toThrow('Rate exceeded');
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200]);
    const other = pacing(100);
    await expect(other.pace(() => Promise.reject(new Error('AccessDenied')))).rejects.toThrow('AccessDenied');
    expect(other.waits).toEqual([100]);
  });
});
