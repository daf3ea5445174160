import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matches } from '../../../shared/pattern/pattern.ts';
import { indexPatterns } from '../../../shared/pattern/rules.ts';
import { absent, eventOf, patternOf, present } from './arbitraries.ts';

const find = (patterns: unknown[], event: unknown): number[] =>
  indexPatterns(patterns.map((pattern) => compilePattern(pattern)))(event).toSorted((a, b) => a - b);

describe('an index over patterns', () => {
  it('finds what each pattern by itself matches, and nothing else', () => {
    const patterns = fc.array(patternOf(fc.oneof(present, present, absent)), { maxLength: 12 });
    fc.assert(
      fc.property(patterns, fc.array(eventOf(true), { minLength: 1, maxLength: 4 }), (written, events) => {
        const matchers = written.map((pattern) => compilePattern(pattern));
        const index = indexPatterns(matchers);
        for (const event of events) {
          const each = matchers.flatMap((matcher, number) => (matches(matcher, event) ? [number] : []));
          expect(index(event).toSorted((a, b) => a - b)).toEqual(each);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('finds a pattern once, by however many of its alternatives', () => {
    const patterns = [{ a: ['x', 'y', { prefix: 'x' }, { suffix: 'y' }] }, { $or: [{ a: ['x'] }, { a: ['y'] }] }];
    expect(find(patterns, { a: ['x', 'y'] })).toEqual([0, 1]);
  });

  it('finds patterns that ask the same all together', () =>
    expect(find([{ a: ['x'] }, { a: ['y'] }, { a: ['x'] }], { a: 'x' })).toEqual([0, 2]));

  it('tells numbers apart that no double holds', () => {
    const patterns = ['12345678901234567890', '12345678901234567891'].map((number) => ({ a: [Symbol.for(number)] }));
    expect(find(patterns, { a: Symbol.for('12345678901234567891') })).toEqual([1]);
  });

  it('finds nothing for no patterns, and for what is no event', () => {
    expect(find([], { a: 1 })).toEqual([]);
    expect(find([{ a: [{ exists: false }] }], null)).toEqual([]);
  });

  it('is gone through once, by however many values of lists in lists it is found', () => {
    const letters = [...'abcdefghij'];
    const asked = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f${at}`, letters]));
    const event = Object.fromEntries(Object.keys(asked).map((name) => [name, letters]));
    expect(find([{ ...asked, z: ['no'] }, asked], event)).toEqual([1]);
  });
});
