import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `npm run test:long` draws so many times as much, and may take as much longer. */
const times = Number(process.env['ESCALATOR_RUNS'] ?? 1);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // What a module keeps changes no answer of it: each is loaded once by a worker, and not once by each file.
    isolate: false,
    // Much here only waits, for a process to start or a time to come: on a machine of two cores, three are at it.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 30_000 * times,
    hookTimeout: 60_000 * times,
  },
});
