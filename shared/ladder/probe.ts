import type { ProbeConfig } from '../config/config.ts';
import { readWildcard, wildcardTest } from '../pattern/wildcard.ts';
import type { Instant } from '../trail/entry.ts';
import type { CheckReading } from './input.ts';

/** What came of asking once: an answer, or why there was none. */
export type ProbeAnswer = { status: number; body: string } | { none: string };

/**
 * Why an answer is not the right one; null where it is. What the body says is never part of the reason: it goes on
 * record, and to people.
 */
export const wrongWith = (answer: ProbeAnswer, { expect, body }: ProbeConfig): string | null => {
  if ('none' in answer) return answer.none;
  const { status } = answer;
  if (!expect.some((one) => one === String(status) || one === `${Math.floor(status / 100)}xx`))
    return `it answered ${status}, wanted ${expect.join(' or ')}`;
  return body === null || isLike(answer.body, body) ? null : `it answered ${status}, but its body is not ${body}`;
};

const isLike = (text: string, wanted: string): boolean => {
  const parts = readWildcard(wanted);
  return Array.isArray(parts) && wildcardTest(parts)(text);
};

/** One right answer is a pass; only when none of so many in a row was right it is a fail. */
export const readingOf = (wrong: (string | null)[], { url, failures }: ProbeConfig, at: Instant): CheckReading => {
  const last = wrong.at(-1) ?? null;
  if (last === null) return { value: 'pass', at, reason: `${url} answers as wanted` };
  if (wrong.length < failures) return { value: 'unknown', at, reason: `${url}: ${last}` };
  return { value: 'fail', at, reason: `${url}: ${last}, ${failures} ${failures === 1 ? 'time' : 'times in a row'}` };
};
