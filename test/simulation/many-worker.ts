import { parentPort, workerData } from 'node:worker_threads';
import type { Many, Shared } from './many.ts';
import { simulate } from './simulate.ts';

/** One of the workers of `simulateMany`: takes the next seed as long as there is one, so that none waits for a slower one. */
const simulateSome = async ({ from, count, taken }: Shared): Promise<Many> => {
  const all: Many = { seeds: 0, failures: [], struck: {} };
  for (;;) {
    const next = Atomics.add(taken, 0, 1);
    if (next >= count) return all;
    const { seed, violations, struck } = await simulate(from + next);
    all.seeds += 1;
    if (violations.length > 0) all.failures.push({ seed, violations });
    for (const [boundary, times] of struck) all.struck[boundary] = (all.struck[boundary] ?? 0) + times;
  }
};

Error.stackTraceLimit = 0; // faults are thrown by the hundred, and nobody reads where from
parentPort?.postMessage(await simulateSome(workerData as Shared));
