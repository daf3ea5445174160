import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { every, wakeable } from '../../../local/runtime/wakeable.ts';

/** Work that ends when it is told to. */
const work = () => {
  const ends: (() => void)[] = [];
  let runs = 0;
  let most = 0;
  const run = async (): Promise<void> => {
    runs += 1;
    most = Math.max(most, ends.length + 1);
    await new Promise<void>((resolve) => ends.push(resolve));
  };
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { run, end, runs: () => runs, mostAtOnce: () => most };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('something that is woken', () => {
  it('runs at once', () => {
    const { run, runs } = work();
    wakeable('test', run, () => {}).wake();
    expect(runs()).toBe(1);
  });

  it('never runs twice at a time, and runs once more for any number of wakes meanwhile', async () => {
    const { run, end, runs, mostAtOnce } = work();
    const task = wakeable('test', run, () => {});
    for (let wakes = 0; wakes < 5; wakes += 1) task.wake();
    await end();
    expect(runs()).toBe(2);
    await end();
    expect(runs()).toBe(2);
    expect(mostAtOnce()).toBe(1);
  });

  it('rests, where it is told to, before a run that it was woken for while it ran, and before no other', async () => {
    const { run, end, runs } = work();
    const task = wakeable('test', run, () => {}, 30);
    task.wake();
    task.wake();
    await end();
    await vi.advanceTimersByTimeAsync(29);
    expect(runs()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs()).toBe(2);
    await end();
    task.wake();
    expect(runs()).toBe(3);
  });

  it('does not run by itself', async () => {
    const { run, runs } = work();
    wakeable('test', run, () => {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs()).toBe(0);
  });

  it('tries again, later each time, when a run throws, and says so once it goes on', async () => {
    const lines: string[] = [];
    const times: number[] = [];
    const started = Date.now();
    const run = () => {
      times.push(Date.now() - started);
      return times.length < 5 ? Promise.reject(new Error('the table does not answer')) : Promise.resolve();
    };
    wakeable('react', run, (line) => lines.push(line)).wake();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times).toHaveLength(5);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(4);
    expect(lines).toEqual(['react: the table does not answer', 'react: the table does not answer']);
  });

  it('stops after the run under way, and runs no more', async () => {
    const { run, end, runs } = work();
    const task = wakeable('test', run, () => {});
    task.wake();
    task.wake();
    let stopped = false;
    const stopping = task.stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(stopped).toBe(false);
    await end();
    await stopping;
    task.wake();
    expect(runs()).toBe(1);
  });
});

describe('something that is done every so often', () => {
  it('is done at each time, not while it is still being done, and not after it stopped', async () => {
    const { run, end, runs, mostAtOnce } = work();
    const task = every(1_000, 'sweep', run, () => {});
    await vi.advanceTimersByTimeAsync(3_500);
    expect(runs()).toBe(1);
    await end();
    await end();
    expect(mostAtOnce()).toBe(1);
    await task.stop();
    const done = runs();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs()).toBe(done);
  });
});
