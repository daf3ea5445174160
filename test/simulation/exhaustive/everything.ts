import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { beginnings } from './beginnings.ts';
import { explore, type Explored, nothingExplored, type Share } from './explore.ts';

/** Takes all sequences of up to `depth` inputs from every beginning, spread over the processor's cores. */
export const exploreAll = async (depth: number): Promise<Explored> => {
  const of = Math.max(1, availableParallelism());
  const shares = Array.from({ length: of }, (_, mine) => ({ of, mine }));
  const parts = await Promise.all(shares.map((share) => inWorker(share, depth)));
  return parts.reduce(together, nothingExplored());
};

const inWorker = (share: Share, depth: number): Promise<Explored> =>
  new Promise((resolve, reject) => {
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    const worker = new Worker(new URL(import.meta.url), { workerData: { share, depth }, resourceLimits });
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

const exploreShare = async ({ share, depth }: { share: Share; depth: number }): Promise<Explored> => {
  const all = nothingExplored();
  for (const { begin, fewer } of Object.values(beginnings)) await explore(await begin(), depth - fewer, all, share);
  return all;
};

if (!isMainThread && parentPort !== null)
  parentPort.postMessage(await exploreShare(workerData as { share: Share; depth: number }));
