/** How often, and how far apart, a delivery to a subscriber that does not take it is tried again (all times in seconds). */
export type RetryPolicy = {
  numRetries: number;
  numNoDelayRetries: number;
  numMinDelayRetries: number;
  numMaxDelayRetries: number;
  minDelayTarget: number;
  maxDelayTarget: number;
  backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential';
};

/** What SNS does for HTTP unless told otherwise: three more tries, 20 s apart ("Message delivery retries"). */
export const httpRetries: RetryPolicy = {
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  minDelayTarget: 20,
  maxDelayTarget: 20,
  backoffFunction: 'linear',
};

/** What SNS does for queues: 100,015 tries over 23 days (same page). */
export const queueRetries: RetryPolicy = {
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 100_000,
  minDelayTarget: 1,
  maxDelayTarget: 20,
  backoffFunction: 'exponential',
};

/** SNS retries over HTTP for an hour at most, whatever a policy says. */
const secondsAtMost = 3_600;
const triesAtMost = 100;

/** What a policy may not say, in SNS's words; null where nothing is wrong. */
export const wrongWithRetries = (policy: RetryPolicy): string | null => {
  const { numRetries, minDelayTarget, maxDelayTarget, backoffFunction } = policy;
  const phases = policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries;
  const { backoffFunction: _name, ...numbers } = policy;
  if (Object.values(numbers).some((value) => !Number.isSafeInteger(value) || value < 0))
    return 'numbers must be whole and not negative';
  if (numRetries > triesAtMost) return `numRetries must be at most ${triesAtMost}`;
  if (phases > numRetries) return 'the phases must not have more retries than numRetries';
  if (minDelayTarget < 1 || maxDelayTarget < minDelayTarget || maxDelayTarget > secondsAtMost)
    return `1 <= minDelayTarget <= maxDelayTarget <= ${secondsAtMost} must hold`;
  return Object.hasOwn(curves, backoffFunction) ? null : `backoffFunction must be one of ${Object.keys(curves).join()}`;
};

/**
 * How long to wait (ms) before the next try, after so many; null where there is none. First come those without delay,
 * then those with the least, then the backoff, last those with the most.
 *
 * @param tries that were made and failed, from 1
 */
export const delayAfter = (tries: number, policy: RetryPolicy): number | null => {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (tries > numRetries) return null;
  if (tries <= numNoDelayRetries) return 0;
  const backoffFrom = numNoDelayRetries + numMinDelayRetries;
  if (tries <= backoffFrom) return policy.minDelayTarget * 1_000;
  if (tries > numRetries - numMaxDelayRetries) return policy.maxDelayTarget * 1_000;
  return backoffOf(tries - backoffFrom, numRetries - numMaxDelayRetries - backoffFrom, policy);
};

/** The nth of so many delays between the least and the most. */
const backoffOf = (nth: number, of: number, { minDelayTarget, maxDelayTarget, backoffFunction }: RetryPolicy) => {
  const share = of <= 1 ? 1 : (nth - 1) / (of - 1);
  return Math.round(1_000 * curves[backoffFunction](share, minDelayTarget, maxDelayTarget));
};

/** SNS publishes the curves as drawings: they begin at the least, end at the most, and the names say how they bend. */
const curves: { [name in RetryPolicy['backoffFunction']]: (share: number, least: number, most: number) => number } = {
  linear: (share, least, most) => least + (most - least) * share,
  arithmetic: (share, least, most) => least + (most - least) * share ** 1.5,
  geometric: (share, least, most) => least + (most - least) * share ** 2,
  exponential: (share, least, most) => least * (most / least) ** share,
};
