/** Makes a call when it is its turn, and again after a while where the service asks for patience. */
export type Pace = (<Answer>(call: () => Promise<Answer>) => Promise<Answer>) & {
  /** calls made so far, those that were refused included */
  made: () => number;
};

const triesAtMost = 6;
/** After so many answers in a row a pace that was slowed down is twice as fast. */
const wellInARow = 10;
/** Longest wait between two tries (ms). */
const waitAtMostMs = 20_000;

/**
 * Paces calls that nobody waits for, since the quotas of an account are shared with those that somebody does wait for:
 * one after the other, `everyMs` apart. A service that throttles is left alone for twice as long each time, and the
 * pace stays slower then, until so many calls in a row went well: a function's process outlives a bad hour.
 */
export const paced = (wait: (ms: number) => Promise<void>, everyMs: number): Pace => {
  let between = everyMs;
  let made = 0;
  let well = 0;
  const pace = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      made += 1;
      await wait(between);
      try {
        const answer = await call();
        well += 1;
        if (well % wellInARow === 0) between = Math.max(everyMs, between / 2);
        return answer;
      } catch (error) {
        well = 0;
        if (!isThrottle(error) || attempt >= triesAtMost) throw error;
        between = Math.min(waitAtMostMs, Math.max(100, between) * 2);
      }
    }
  };
  return Object.assign(pace, { made: () => made });
};

/** The names that services give to "too fast". */
const throttles = /^(?:Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException|SlowDown)/;

const isThrottle = (error: unknown): boolean => error instanceof Error && throttles.test(error.name);
