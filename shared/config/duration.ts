/** What a mistaken duration is answered with. */
export const durationWanted = 'a duration: a whole number and ms, s, m, h or d, such as 30s, 5m, 2h or 30d';

const unitMs: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A year: whatever waits longer is not waiting. It also keeps every sum of durations an exact number. */
const longestMs = 365 * 86_400_000;

/** As a regular expression, so that a JSON Schema for editors can say the same. */
export const durationForm = /^(\d{1,11})(ms|s|m|h|d)$/;

/**
 * Reads the one grammar of durations.
 *
 * @returns milliseconds, or null for any other form and for more than a year
 */
export const parseDuration = (text: string): number | null => {
  const [, digits, unit] = durationForm.exec(text) ?? [];
  const ms = Number(digits) * (unitMs[unit ?? ''] ?? Number.NaN);
  return ms <= longestMs ? ms : null;
};

/** What somebody who wrote `30`, `5 minutes` or `2H` most likely meant, in the one grammar; null when nobody can say. */
export const likelyDuration = (found: unknown): string | null => {
  if (typeof found !== 'string' && typeof found !== 'number') return null;
  const [, digits, word = ''] = /^\s*(\d{1,11})\s*([a-z]*)\s*$/i.exec(String(found)) ?? [];
  if (digits === undefined) return null;
  const unit = /^(ms|milli)/i.test(word) ? 'ms' : (/^[smhd]/i.exec(word)?.[0].toLowerCase() ?? 's');
  const likely = `${digits}${word === '' ? 's' : unit}`;
  return parseDuration(likely) === null ? null : likely;
};
