import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';

/** What came of many runs. */
export type Many = {
  seeds: number;
  failures: { seed: number; violations: string[] }[];
  /** how often a process was struck at each boundary */
  struck: { [boundary: string]: number };
};

type Range = { from: number; count: number };

/** Runs the seeds from `from` on, spread over the processor's cores; answers when all are done. */
export const simulateMany = async ({ from, count }: Range): Promise<Many> => {
  const cores = Math.max(1, Math.min(availableParallelism(), Math.ceil(count / 50)));
  const share = Math.ceil(count / cores);
  const ranges = Array.from({ length: cores }, (_, core) => ({
    from: from + core * share,
    count: Math.max(0, Math.min(share, count - core * share)),
  }));
  const parts = await Promise.all(ranges.map(inWorker));
  return parts.reduce(together, { seeds: 0, failures: [], struck: {} });
};

const inWorker = (range: Range): Promise<Many> =>
  new Promise((resolve, reject) => {
    // What a run leaves behind is young when it dies: with room for it, it is seldom collected.
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    const worker = new Worker(new URL(import.meta.url), { workerData: range, resourceLimits });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

const together = (all: Many, part: Many): Many => {
  const struck = { ...all.struck };
  for (const [boundary, times] of Object.entries(part.struck)) struck[boundary] = (struck[boundary] ?? 0) + times;
  return { seeds: all.seeds + part.seeds, failures: [...all.failures, ...part.failures], struck };
};

const simulateRange = async ({ from, count }: Range): Promise<Many> => {
  let all: Many = { seeds: 0, failures: [], struck: {} };
  for (let seed = from; seed < from + count; seed += 1) {
    const { violations, struck } = await simulate(seed);
    const failures = violations.length > 0 ? [{ seed, violations }] : [];
    all = together(all, { seeds: 1, failures, struck: Object.fromEntries(struck) });
  }
  return all;
};

if (!isMainThread && parentPort !== null) {
  Error.stackTraceLimit = 0; // faults are thrown by the hundred, and nobody reads where from
  parentPort.postMessage(await simulateRange(workerData as Range));
}
