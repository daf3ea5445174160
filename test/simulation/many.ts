import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What came of many runs. */
export type Many = {
  seeds: number;
  failures: { seed: number; violations: string[] }[];
  /** how often a process was struck at each boundary */
  struck: { [boundary: string]: number };
};

type Range = { from: number; count: number };

/** The seeds of all workers; `taken` counts those that one of them has taken. */
export type Shared = Range & { taken: Int32Array<SharedArrayBuffer> };

/** Runs the seeds from `from` on, spread over the processor's cores; answers when all are done. */
export const simulateMany = async ({ from, count }: Range): Promise<Many> => {
  const cores = Math.max(1, Math.min(availableParallelism(), Math.ceil(count / 50)));
  const shared: Shared = { from, count, taken: new Int32Array(new SharedArrayBuffer(4)) };
  const parts = await Promise.all(Array.from({ length: cores }, () => inWorker(shared)));
  const { failures, ...all } = parts.reduce(together);
  return { ...all, failures: failures.toSorted((one, other) => one.seed - other.seed) };
};

const inWorker = (shared: Shared): Promise<Many> =>
  new Promise((resolve, reject) => {
    // What a run leaves behind is young when it dies: with room for it, it is seldom collected.
    const resourceLimits = { maxYoungGenerationSizeMb: 192 };
    const worker = new Worker(new URL('many-worker.ts', import.meta.url), { workerData: shared, resourceLimits });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

const together = (all: Many, part: Many): Many => {
  const struck = { ...all.struck };
  for (const [boundary, times] of Object.entries(part.struck)) struck[boundary] = (struck[boundary] ?? 0) + times;
  return { seeds: all.seeds + part.seeds, failures: [...all.failures, ...part.failures], struck };
};
