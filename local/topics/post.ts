/** What came of one try: taken; or why not, and whether trying again may help. */
export type Posted = { taken: true } | { taken: false; error: string; again: boolean };

/** As long as SNS waits for an endpoint to answer (ms). */
const patience = 15_000;

/**
 * Posts one message to a subscriber. What it answers is taken as SNS takes it: 2xx is taken, 4xx is refused for good, all
 * else (5xx, 429, no answer within 15 s, no connection) may be tried again.
 */
export const post = async (
  url: string,
  { headers, body }: { headers: { [name: string]: string }; body: string },
  stopping: AbortSignal,
): Promise<Posted> => {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(patience)]);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.body?.cancel();
    if (answer.ok) return { taken: true };
    const { status } = answer;
    return { taken: false, error: `it answered ${status}`, again: status < 400 || status === 429 || status >= 500 };
  } catch (error) {
    return { taken: false, error: wordsOf(error), again: true };
  }
};

/** What fetch throws says why only in its cause. */
const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patience / 1_000} s`;
  return error.cause instanceof Error
    ? error.cause.message || String((error.cause as { code?: string }).code)
    : error.message;
};

/** A URL of this machine that messages may be posted to: nothing leaves it. */
export const isOfThisMachine = (protocol: string, endpoint: string): boolean => {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol !== `${protocol}:` || url.username !== '' || url.password !== '') return false;
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
};
