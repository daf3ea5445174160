export type Wakeable = { wake: () => void; stop: () => Promise<void> };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const backoffMs = (failures: number): number => Math.min(50 * 2 ** failures, 5_000);

/** The rest of a reader whose rows nobody waits for (ms): so short that nobody sees it. */
export const readerRestMs = 30;

/**
 * Runs `run` when woken, one at a time; a wake during a run means one more run. A run that throws is tried again after
 * a while: a reader comes back to the entry it could not handle.
 *
 * @param restMs how long it rests before a run that it was woken for while it ran: of a burst more is then done at once
 */
export const wakeable = (name: string, run: () => Promise<void>, log: (line: string) => void, restMs = 0): Wakeable => {
  let running: Promise<void> | null = null;
  let again = false;
  let failures = 0;
  let stopped = false;

  const once = async (): Promise<void> => {
    try {
      await run();
      failures = 0;
    } catch (error) {
      if (stopped) return;
      failures += 1;
      if (failures > 2) log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      again = true;
      await pause(backoffMs(failures));
    }
  };

  const loop = async (): Promise<void> => {
    do {
      again = false;
      await once();
      if (again && restMs > 0) await pause(restMs);
    } while (again && !stopped);
    running = null;
  };

  return {
    wake: () => {
      again = true;
      if (!stopped) running ??= loop();
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
};

/** Runs `run` every so often, never two at a time; what it throws is said, and it is tried again the next time. */
export const every = (ms: number, name: string, run: () => Promise<void>, log: (line: string) => void) => {
  const task = wakeable(name, run, log);
  const timer = setInterval(task.wake, ms);
  return {
    stop: () => {
      clearInterval(timer);
      return task.stop();
    },
  };
};
