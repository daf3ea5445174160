import { describe, expect, it } from 'vitest';
import { compilePattern, matches, type PatternError } from '../../../shared/pattern/pattern.ts';

const holds = (pattern: unknown, event: unknown): boolean => matches(compilePattern(pattern), event);

const mistakesOf = (pattern: unknown): string[] => {
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    return (error as PatternError).mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
};

describe('$or', () => {
  it('holds when one of its branches does and the fields beside it do', () => {
    const pattern = { source: ['s'], $or: [{ a: [1] }, { b: [2], c: [3] }] };
    expect(holds(pattern, { source: 's', a: 1 })).toBe(true);
    expect(holds(pattern, { source: 's', b: 2, c: 3 })).toBe(true);
    expect(holds(pattern, { source: 's', b: 2 })).toBe(false);
    expect(holds(pattern, { source: 't', a: 1 })).toBe(false);
  });

  it('may stand at any depth, within its own branches, and several times', () => {
    const pattern = {
      $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }],
      detail: { $or: [{ x: [1] }, { y: [1] }] },
    };
    expect(holds(pattern, { a: 1, detail: { y: 1 } })).toBe(true);
    expect(holds(pattern, { b: 1, d: 1, detail: { x: 1 } })).toBe(true);
    expect(holds(pattern, { b: 1, detail: { x: 1 } })).toBe(false);
    expect(holds(pattern, { a: 1, detail: {} })).toBe(false);
  });

  it('holds within one element of a list, branch by branch', () => {
    const pattern = { a: { n: ['s'], $or: [{ x: [1] }, { y: [1] }] } };
    expect(holds(pattern, { a: [{ n: 's', y: 1 }] })).toBe(true);
    expect(holds(pattern, { a: [{ n: 's' }, { y: 1 }] })).toBe(false);
  });

  it('is a field like any other where it can be no operator', () => {
    expect(holds({ $or: { a: ['x'] } }, { $or: { a: 'x' } })).toBe(true);
    expect(holds({ $or: ['x', { prefix: 'y' }] }, { $or: 'yy' })).toBe(true);
  });

  it('is refused with a branch that is an operator', () => {
    expect(mistakesOf({ $or: [{ prefix: ['a'] }, { b: ['z'] }] })).toEqual([
      '$or.0.prefix: "prefix" is an operator, and no field within $or',
    ]);
  });
});

describe('a field that is asked twice', () => {
  const event = (a: string) => ({ a });

  it('beside $or and then within it is asked as the branch says', () => {
    const pattern = { a: ['x'], $or: [{ a: ['y'] }, { b: ['z'] }] };
    expect([holds(pattern, event('x')), holds(pattern, event('y'))]).toEqual([false, true]);
    expect(holds(pattern, { a: 'x', b: 'z' })).toBe(true);
  });

  it('within $or and then beside it is asked as the later says, in every branch', () => {
    const pattern = { $or: [{ a: ['y'] }, { b: ['z'] }], a: ['x'] };
    expect([holds(pattern, event('x')), holds(pattern, event('y'))]).toEqual([true, false]);
  });

  it('in two spellings of one name is asked as the later says', () => {
    expect(holds({ 'a.b': [1], a: { b: [2] } }, { a: { b: 2 } })).toBe(true);
    expect(holds({ 'a.b': [1], a: { b: [2] } }, { a: { b: 1 } })).toBe(false);
  });

  it('is remarked upon, and no other is', () => {
    const { remarks } = compilePattern({ a: ['x'], $or: [{ a: ['y'] }, { b: ['z'] }, { a: ['x'] }] });
    expect(remarks.map(({ path }) => path)).toEqual([
      ['$or', 0, 'a'],
      ['$or', 2, 'a'],
    ]);
    expect(compilePattern({ b: ['x'], $or: [{ a: ['y'] }, { a: ['z'] }] }).remarks).toEqual([]);
  });
});

describe('a pattern that asks too much is refused', () => {
  const either = (name: string, of: number) => ({
    [name]: { $or: Array.from({ length: of }, (_, at) => ({ [`f${at}`]: [1] })) },
  });

  it('when $or makes more than 1,000 combinations, however it does', () => {
    expect(mistakesOf({ ...either('a', 10), ...either('b', 10), ...either('c', 10) })).toEqual([]);
    expect(mistakesOf(either('a', 1001))[0]).toMatch(/^a\.\$or: .*more than 1000 combinations/);
    expect(mistakesOf({ ...either('a', 10), ...either('b', 10), ...either('c', 11) })[0]).toMatch(/^c\.\$or: /);
  });

  it('at once, and not after making them all', () => {
    const fields = Array.from({ length: 64 }, (_, at) => either(`f${at}`, 2));
    expect(mistakesOf(Object.assign({}, ...fields))[0]).toMatch(/1000 combinations/);
  });

  it('when it asks more than 256 fields at once', () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, [1]]));
    expect(mistakesOf(fields(256))).toEqual([]);
    expect(mistakesOf(fields(257))[0]).toMatch(/more than 256 fields/);
  });
});

describe('a dot in a name', () => {
  it.each([
    [{ 'a.b': [1] }, { a: { b: 1 } }],
    [{ a: { b: [1] } }, { 'a.b': 1 }],
    [{ 'a.b': { c: [1] } }, { a: { x: 0 }, 'a.b.c': 1 }],
    [{ '': [1] }, { '': 1 }],
  ])('is as good as a level: %j is in %j', (pattern, event) => expect(holds(pattern, event)).toBe(true));
});
