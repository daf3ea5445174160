import { describe, expect, it } from 'vitest';
import { likelyDuration, parseDuration } from '../../../shared/config/duration.ts';
import { suggest } from '../../../shared/config/suggest.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['365d', 31_536_000_000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '30', '1.5s', '-1s', '+1s', ' 30s', '30 s', '30S', '1m30s', 'PT30S', '30sec', '366d', '1e3s', '٣s'])(
    '%j has no other form',
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  it.each([
    [30, '30s'],
    ['30', '30s'],
    ['30S', '30s'],
    ['5 minutes', '5m'],
    ['2hours', '2h'],
    ['250 millis', '250ms'],
    ['soon', null],
    ['9999d', null],
    [null, null],
  ])('%j is most likely %j', (found, likely) => expect(likelyDuration(found)).toBe(likely));
});

describe('a suggestion', () => {
  const known = ['quiescence', 'settle', 'verify', 'bake', 'bake-when-replaced', 'attempts'];

  it.each([
    ['setle', 'settle'],
    ['Settle', 'settle'],
    ['vreify', 'verify'],
    ['quiet', 'quiescence'],
    ['bake-when', 'bake-when-replaced'],
  ])('for %s is %s', (written, meant) => expect(suggest(written, known)).toBe(meant));

  it.each(['colour', 'x', '', 'v'.repeat(500)])('is not made when nothing comes near: %s', (written) =>
    expect(suggest(written, known)).toBeNull(),
  );
});
