import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matches } from '../../../shared/pattern/pattern.ts';
import { absent, eventOf, patternOf, present } from './arbitraries.ts';
import { naivelyMatches } from './naive.ts';

const agrees = (pattern: unknown, event: unknown): void => {
  expect(matches(compilePattern(pattern), event)).toBe(naivelyMatches(pattern as never, event as never));
};

describe('the language agrees with a plain reading of its documentation', () => {
  it('in events with lists', () =>
    fc.assert(fc.property(patternOf(present), eventOf(true), agrees), { numRuns: 3000 }));

  it('where absence is asked of events without lists', () =>
    fc.assert(fc.property(patternOf(fc.oneof(present, absent, absent)), eventOf(false), agrees), { numRuns: 3000 }));

  it('and is not always of one opinion', () => {
    const verdicts = fc
      .sample(fc.tuple(patternOf(fc.oneof(present, absent)), eventOf(true)), { numRuns: 500, seed: 7 })
      .map(([pattern, event]) => matches(compilePattern(pattern), event));
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(25);
    expect(verdicts.filter((yes) => !yes).length).toBeGreaterThan(25);
  });
});
