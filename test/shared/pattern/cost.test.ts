import { describe, expect, it } from 'vitest';
import { maxEffort } from '../../../shared/pattern/effort.ts';
import { compilePattern, matches } from '../../../shared/pattern/pattern.ts';

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** What one look costs, in steps: no clock is asked. */
const costOf = (pattern: unknown, event: unknown): number => {
  const effort = { left: maxEffort };
  matches(compilePattern(pattern), event, effort);
  return maxEffort - effort.left;
};

type Case = (size: number) => [pattern: unknown, event: unknown];
const impossible = [{ 'anything-but': [1] }];

const hostile: [title: string, make: Case][] = [
  ['a list of values', (n) => [{ a: [{ prefix: 'x' }] }, { a: times(n, (at) => `y${at}`) }]],
  ['a list of objects, two fields asked', (n) => [{ a: { x: [1], y: [2] } }, { a: times(n, () => ({ x: 1, y: 1 })) }]],
  [
    'lists beside each other, the last of which fails',
    (n) => [
      { a: { x: [1] }, b: { x: [1] }, c: { x: [1] }, d: impossible },
      { a: times(n, () => ({ x: 1 })), b: times(n, () => ({ x: 1 })), c: times(n, () => ({ x: 1 })), d: 1 },
    ],
  ],
  [
    'lists beside each other in the elements of another',
    (n) => [
      { a: { b: { x: [1] }, c: { x: [1] }, d: impossible } },
      { a: times(4, () => ({ b: times(n, () => ({ x: 1 })), c: times(n, () => ({ x: 1 })), d: 1 })) },
    ],
  ],
  [
    'a list in the elements of a list, many fields asked',
    (n) => [
      { a: { b: { v: [1], w: [1], x: [1], y: [1], z: [2] } } },
      { a: times(n, () => ({ b: times(4, () => ({ v: 1, w: 1, x: 1, y: 1, z: 1 })) })) },
    ],
  ],
  [
    'lists of lists',
    (n) => [
      { a: [1] },
      {
        a: times(n, () => [
          [[0], [0]],
          [[0], [0]],
        ]),
      },
    ],
  ],
  [
    'absence, element by element',
    (n) => [{ a: { x: [1], y: [{ exists: false }] } }, { a: times(n, () => ({ x: 1, y: 1 })) }],
  ],
  ['alternatives without number', (n) => [{ a: times(n, (at) => ({ prefix: `x${at}` })) }, { a: 'y' }]],
  [
    'fields that nobody asks for',
    (n) => [{ a: [1] }, { a: 2, ...Object.fromEntries(times(n, (at) => [`f${at}`, at])) }],
  ],
];

describe('the cost of a look is linear', () => {
  it.each(hostile)('in %s', (_title, make) => {
    const [small, large] = [costOf(...make(250)), costOf(...make(2000))];
    expect(large).toBeLessThanOrEqual(8.2 * small + 50);
    expect(large).toBeLessThan(maxEffort);
  });

  it('in literals: thousands of them cost one look-up', () => {
    const pattern = { a: times(5000, (at) => `x${at}`) };
    expect(costOf(pattern, { a: times(1000, () => 'y') })).toBeLessThan(5000);
    expect(costOf({ a: times(5000, (at) => `10.0.${at >> 8}.${at & 255}`) }, { a: ['10.9.9.9'] })).toBeLessThan(20);
  });

  it('in combinations: a thousand share what they ask', () => {
    const or = (name: string) => ({ $or: times(10, (at) => ({ [`${name}${at}`]: [{ prefix: 'x' }] })) });
    const pattern = { p: or('p'), q: or('q'), r: or('r') };
    const fields = (name: string) => Object.fromEntries(times(10, (at) => [`${name}${at}`, times(100, () => 'y')]));
    expect(costOf(pattern, { p: fields('p'), q: fields('q'), r: fields('r') })).toBeLessThan(20_000);
  });

  it('ends, and says no, when it would be beyond all measure', () => {
    const effort = { left: 1000 };
    expect(matches(compilePattern({ a: [1] }), { a: times(2000, (at) => (at === 1999 ? 1 : 0)) }, effort)).toBe(false);
    expect(matches(compilePattern({ a: [1] }), { a: [0, 1] }, { left: 1000 })).toBe(true);
  });
});

/** A text cannot count how often it is looked at. What is quadratic here would take a minute, and the test ends in 5 s. */
describe('wildcards', () => {
  it('never try again what they have found: 200 of them over a long text', () => {
    const pattern = { a: [{ wildcard: `${'a*'.repeat(200)}b` }] };
    expect(matches(compilePattern(pattern), { a: 'a'.repeat(100_000) })).toBe(false);
    expect(matches(compilePattern(pattern), { a: `${'a'.repeat(100_000)}b` })).toBe(true);
  });

  it('look at each character of a text a few times at most, however a part repeats itself', () => {
    const half = 'a'.repeat(200_000);
    const pattern = { a: [{ wildcard: `*${half}b${half}*` }] };
    expect(matches(compilePattern(pattern), { a: 'a'.repeat(2_000_000) })).toBe(false);
    expect(matches(compilePattern(pattern), { a: `${half}aab${half}a` })).toBe(true);
  });
});
