import { describe, expect, it } from 'vitest';
import { compilePattern, matches } from '../../../shared/pattern/pattern.ts';

const holds = (pattern: unknown, event: unknown): boolean => matches(compilePattern(pattern), event);

describe('a list in an event', () => {
  it.each([
    ['of values matches by any of them', { a: ['x'] }, { a: ['y', 'x'] }, true],
    ['that is empty has no value', { a: [{ exists: true }] }, { a: [] }, false],
    ['that is empty is as absent', { a: [{ exists: false }] }, { a: [] }, true],
    ['of empty lists is as absent', { a: [{ exists: false }] }, { a: [[], [[]]] }, true],
    ['of objects has no value itself', { a: [{ exists: true }] }, { a: [{ b: 1 }] }, false],
    ['in a list is seen through', { a: ['x'] }, { a: [['y'], [['x']]] }, true],
    ['of objects in lists is seen through', { a: { b: [1] } }, { a: [[[{ b: 1 }]]] }, true],
    ['may hold values beside objects', { a: ['x'] }, { a: [{ b: 1 }, 'x'] }, true],
    ['matches anything-but by any value that is another', { a: [{ 'anything-but': 'x' }] }, { a: ['x', 'y'] }, true],
    ['of nothing but that value does not', { a: [{ 'anything-but': 'x' }] }, { a: ['x', 'x'] }, false],
  ])('%s', (_title, pattern, event, expected) => expect(holds(pattern, event)).toBe(expected));
});

describe('fields of one object', () => {
  const pattern = { a: { x: [1], y: [2] } };

  it('must be as asked within one element of a list', () => {
    expect(holds(pattern, { a: [{ x: 1 }, { x: 1, y: 2 }] })).toBe(true);
    expect(holds(pattern, { a: [{ x: 1 }, { y: 2 }] })).toBe(false);
  });

  it('must be so at every depth: one element of the outer list, and one of the inner', () => {
    const nested = { a: { n: ['s'], b: { x: [1], y: [2] } } };
    expect(holds(nested, { a: [{ n: 's', b: [{ x: 9 }, { x: 1, y: 2 }] }] })).toBe(true);
    expect(holds(nested, { a: [{ n: 's', b: [{ x: 1 }, { y: 2 }] }] })).toBe(false);
    expect(holds(nested, { a: [{ n: 's' }, { b: [{ x: 1, y: 2 }] }] })).toBe(false);
  });

  it('must be so within one list of a list of lists', () => {
    expect(holds(pattern, { a: [[{ x: 1 }], [{ y: 2 }]] })).toBe(false);
    expect(holds(pattern, { a: [[{ x: 1 }, { x: 1, y: 2 }], []] })).toBe(true);
  });

  it('may stand in elements of different lists when they are of different lists', () => {
    expect(holds({ a: { x: [1] }, b: { x: [1] } }, { a: [{ x: 2 }, { x: 1 }], b: [{ x: 1 }, { x: 2 }] })).toBe(true);
  });

  it('may be a value of a list beside elements of it', () => {
    const beside = { a: ['x'], 'a.b': [1] };
    expect(holds(beside, { a: ['x', { b: 1 }] })).toBe(true);
    expect(holds(beside, { a: [['x'], { b: 1 }] })).toBe(false);
  });
});

describe('absence', () => {
  it('of a field is asked of all elements', () => {
    expect(holds({ a: { x: [{ exists: false }] } }, { a: [{ y: 1 }, { y: 2 }] })).toBe(true);
    expect(holds({ a: { x: [{ exists: false }] } }, { a: [{ y: 1 }, { x: 2 }] })).toBe(false);
  });

  it('is asked of the element that the fields before it, by name, have chosen', () => {
    const event = { a: [{ m: 1 }, { m: 2, z: 1, b: 1 }] };
    expect(holds({ a: { m: [1], z: [{ exists: false }] } }, event)).toBe(true);
    expect(holds({ a: { m: [2], z: [{ exists: false }] } }, event)).toBe(false);
    expect(holds({ a: { b: [{ exists: false }], m: [1] } }, event)).toBe(false);
  });

  it('is one alternative among others', () => {
    const pattern = { a: { m: [1], z: [{ exists: false }, 5] } };
    expect(holds(pattern, { a: [{ m: 1, z: 5 }, { m: 2 }] })).toBe(true);
    expect(holds(pattern, { a: [{ m: 1, z: 6 }, { m: 2 }] })).toBe(false);
    expect(holds(pattern, { a: [{ m: 1, z: 6 }, { m: 1 }] })).toBe(true);
  });

  it('is not that of a value: null is there', () => {
    expect(holds({ a: [{ exists: false }] }, { a: null })).toBe(false);
    expect(holds({ a: [null] }, { a: null })).toBe(true);
    expect(holds({ a: [null] }, {})).toBe(false);
  });
});
