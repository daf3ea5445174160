import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { beginnings } from './beginnings.ts';
import { explore, type Explored, type IsMine, nothingExplored } from './explore.ts';

/** Takes all sequences of up to `depth` inputs from every beginning, spread over the processor's cores. */
export const exploreAll = async (depth: number): Promise<Explored> => {
  const taken: Taken = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: Math.max(1, availableParallelism()) }, () => inWorker({ taken, depth }));
  const parts = await Promise.all(workers);
  return parts.reduce(together, nothingExplored());
};

/** How many parts of all sequences one of the workers has taken: each takes the next, so that none waits for a slower one. */
type Taken = Int32Array<SharedArrayBuffer>;
type Work = { taken: Taken; depth: number };

const inWorker = (work: Work): Promise<Explored> =>
  new Promise((resolve, reject) => {
    const resourceLimits = { maxYoungGenerationSizeMb: 192 };
    const worker = new Worker(new URL(import.meta.url), { workerData: work, resourceLimits });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

const together = (all: Explored, part: Explored): Explored => {
  const crashed = { ...all.crashed };
  for (const [boundary, times] of Object.entries(part.crashed)) crashed[boundary] = (crashed[boundary] ?? 0) + times;
  return {
    sequences: all.sequences + part.sequences,
    idle: all.idle + part.idle,
    differing: all.differing + part.differing,
    late: all.late + part.late,
    crashed,
    failures: [...all.failures, ...part.failures],
  };
};

/** Of the parts before the one that is asked about, all were taken: by this worker, or by another. */
const nextOf = (taken: Taken): IsMine => {
  let part = -1;
  let mine = -1;
  return () => {
    part += 1;
    if (mine < part) mine = Atomics.add(taken, 0, 1);
    return mine === part;
  };
};

const exploreSome = async ({ taken, depth }: Work): Promise<Explored> => {
  const all = nothingExplored();
  const isMine = nextOf(taken);
  for (const { begin, fewer } of Object.values(beginnings)) await explore(await begin(), depth - fewer, all, isMine);
  return all;
};

if (!isMainThread && parentPort !== null) parentPort.postMessage(await exploreSome(workerData as Work));
