import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matches, type PatternError } from '../../../shared/pattern/pattern.ts';

const holds = (pattern: unknown, event: unknown): boolean => matches(compilePattern(pattern), event);

/** pattern for the field `a`, values of `a` that match, values that do not (`undefined` = no such field) */
const operators: [title: string, leaf: unknown[], yes: unknown[], no: unknown[]][] = [
  ['a string is exactly itself', ['x'], ['x', ['y', 'x']], ['X', 'xx', undefined, { x: 1 }]],
  ['a number is not the text of it', [5], [5, 5.0], ['5', 5.1]],
  ['text is not the number it shows', ['5'], ['5'], [5]],
  ['true, false and null are values of their own', [true, null], [true, null], [false, 'true', 'null', 0, undefined]],
  ['alternatives are an or', ['x', 'y', { prefix: 'z' }], ['x', 'y', 'zz'], ['w']],
  ['prefix', [{ prefix: 'ab' }], ['ab', 'abc'], ['xab', 'Ab', 5, null, undefined]],
  ['prefix without case', [{ prefix: { 'equals-ignore-case': 'aB' } }], ['ABc', 'abx'], ['xab']],
  ['suffix', [{ suffix: '.png' }], ['a.png', '.png'], ['a.PNG', 'a.png ']],
  ['suffix without case', [{ suffix: { 'equals-ignore-case': '.png' } }], ['a.PNG'], ['a.pn']],
  ['a number has no prefix', [{ prefix: '5' }], ['55'], [55]],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'Shop' }], ['SHOP', 'shop'], ['shops', 1]],
  ['anything-but a value', [{ 'anything-but': 'x' }], ['y', 5, null, ['x', 'y']], ['x', undefined, [], ['x']]],
  ['anything-but a list', [{ 'anything-but': [1, 2] }], [3, '1'], [1, 2]],
  ['anything-but a prefix', [{ 'anything-but': { prefix: 'in' } }], ['out', 5, null], ['init', undefined]],
  ['anything-but several prefixes', [{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['a1', 'b1']],
  ['anything-but a suffix', [{ 'anything-but': { suffix: 'x' } }], ['y'], ['ax']],
  ['anything-but without case', [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }], ['c'], ['A', 'b']],
  ['anything-but a wildcard', [{ 'anything-but': { wildcard: '*/x/*' } }], ['a/y/b', 1], ['a/x/b']],
  ['numeric comparison', [{ numeric: ['>', 0] }], [1, 0.1], [0, -1, '1', null]],
  ['numeric range', [{ numeric: ['>=', 0, '<', 5] }], [0, 4.9, [9, 1]], [5, -1]],
  ['numeric equality', [{ numeric: ['=', 3.018e2] }], [301.8], ['301.8', 301]],
  ['exists', [{ exists: true }], [0, '', null, false, [1]], [undefined, [], { b: 1 }, {}]],
  ['absent', [{ exists: false }], [undefined, [], { b: 1 }], [0, null, [null]]],
  ['absent or a value', [{ exists: false }, 'x'], [undefined, 'x'], ['y']],
  ['wildcard', [{ wildcard: 'a*b*c' }], ['abc', 'aXbYc', 'abcbc'], ['ac', 'abcd', 'xabc']],
  ['wildcard alone', [{ wildcard: '*' }], ['', 'x'], [1, undefined]],
  ['wildcard parts do not overlap', [{ wildcard: 'ab*ba' }], ['abba', 'abxba'], ['aba']],
  ['escaped wildcard', [{ wildcard: 'a\\*b\\\\*' }], ['a*b\\', 'a*b\\c'], ['axb\\', 'a*b']],
  ['cidr of IPv4', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '10.0.0', '10.0.0.256', 'x', 1]],
  ['cidr of IPv6', [{ cidr: '2001:db8::/32' }], ['2001:db8::1', '2001:0db8:1:2:3:4:5:6'], ['2001:db9::', '::1::', '1']],
  ['cidr of everything', [{ cidr: '0.0.0.0/0' }], ['1.2.3.4'], ['x', 5, null]],
  ['exactly', [{ exactly: '10.0.0.1' }], ['10.0.0.1'], ['10.0.0.01', '10.0.0.10']],
];

describe('an operator', () => {
  it.each(operators)('%s', (_title, leaf, yes, no) => {
    for (const value of yes) expect([value, holds({ a: leaf }, { a: value })]).toEqual([value, true]);
    for (const value of no) expect([value, holds({ a: leaf }, { a: value })]).toEqual([value, false]);
  });
});

describe('a pattern', () => {
  it('holds only when all its fields hold', () => {
    expect(holds({ source: ['s'], detail: { state: ['FAILED'] } }, { source: 's', detail: { state: 'FAILED' } })).toBe(
      true,
    );
    expect(holds({ source: ['s'], detail: { state: ['FAILED'] } }, { source: 's', detail: { state: 'OK' } })).toBe(
      false,
    );
  });

  it('asks what it asks of an object of one element of a list, not of several', () => {
    const pattern = { a: { x: [1], y: [2] } };
    expect(
      holds(pattern, {
        a: [
          { x: 1, y: 9 },
          { x: 1, y: 2 },
        ],
      }),
    ).toBe(true);
    expect(holds(pattern, { a: [{ x: 1 }, { y: 2 }] })).toBe(false);
  });

  it('finds a field absent only when no element has it', () => {
    const pattern = { a: { x: [{ exists: false }] } };
    expect(holds(pattern, { a: [{ y: 1 }, { y: 2 }] })).toBe(true);
    expect(holds(pattern, { a: [{ y: 1 }, { x: 2 }] })).toBe(false);
    expect(holds(pattern, {})).toBe(true);
    expect(holds(pattern, { a: 'text' })).toBe(true);
  });

  it('sees through lists in lists', () => {
    expect(holds({ a: ['x'] }, { a: [['y'], ['x']] })).toBe(true);
    expect(holds({ a: { b: [1] } }, { a: [[{ b: 1 }]] })).toBe(true);
  });

  it('holds with $or when one branch does and the fields beside it do, at any depth', () => {
    const pattern = { source: ['s'], detail: { $or: [{ a: [{ numeric: ['>', 10] }] }, { b: ['x'], c: ['y'] }] } };
    expect(holds(pattern, { source: 's', detail: { a: 11 } })).toBe(true);
    expect(holds(pattern, { source: 's', detail: { b: 'x', c: 'y' } })).toBe(true);
    expect(holds(pattern, { source: 's', detail: { b: 'x', c: 'z' } })).toBe(false);
    expect(holds(pattern, { source: 't', detail: { a: 11 } })).toBe(false);
  });

  it('does not take what an object inherits for a field', () => {
    expect(holds({ toString: [{ exists: true }] }, {})).toBe(false);
    expect(holds({ constructor: { name: ['Object'] } }, {})).toBe(false);
  });
});

const refused: [title: string, pattern: unknown, path: (string | number)[], words: RegExp][] = [
  ['what is no object', ['x'], [], /must be an object/],
  ['null', null, [], /must be an object/],
  ['an empty pattern', {}, [], /must have a field/],
  ['an empty object within', { a: {} }, ['a'], /must have a field/],
  ['a value that is not in a list', { a: 'x' }, ['a'], /write \["x"\]/],
  ['an empty list', { a: [] }, ['a'], /must have an alternative/],
  ['a list in a list', { a: [['x']] }, ['a', 0], /list within a list/],
  ['an unknown operator', { a: [{ regex: 'x' }] }, ['a', 0], /unknown operator "regex"/],
  ['what every object inherits as an operator', { a: [{ toString: 'x' }] }, ['a', 0], /unknown operator/],
  ['two operators in one alternative', { a: [{ prefix: 'x', suffix: 'y' }] }, ['a', 0], /exactly one operator/],
  ['an alternative without an operator', { a: ['x', {}] }, ['a', 1], /exactly one operator/],
  ['two wildcards in a row', { a: [{ wildcard: 'a**b' }] }, ['a', 0], /two wildcards/],
  ['a stray backslash', { a: [{ wildcard: 'a\\b' }] }, ['a', 0], /backslash/],
  ['a backslash at the end', { a: [{ wildcard: 'a\\' }] }, ['a', 0], /backslash/],
  ['a bound that is no number', { a: [{ numeric: ['>', '5'] }] }, ['a', 0], /must be a number/],
  ['an unknown comparison', { a: [{ numeric: ['!=', 5] }] }, ['a', 0], /numeric must be/],
  ['an odd numeric', { a: [{ numeric: ['>', 1, '<'] }] }, ['a', 0], /numeric must be/],
  ['a range the wrong way round', { a: [{ numeric: ['<', 1, '>', 5] }] }, ['a', 0], /numeric must be/],
  ['an empty range', { a: [{ numeric: ['>', 5, '<', 5] }] }, ['a', 0], /range in numeric is empty/],
  ['exists of no boolean', { a: [{ exists: 'yes' }] }, ['a', 0], /true or false/],
  ['prefix of a number', { a: [{ prefix: 5 }] }, ['a', 0], /prefix must be/],
  ['anything-but of mixed values', { a: [{ 'anything-but': ['x', 1] }] }, ['a', 0], /anything-but must be/],
  ['anything-but of nothing', { a: [{ 'anything-but': [] }] }, ['a', 0], /anything-but must be/],
  ['anything-but of an unknown operator', { a: [{ 'anything-but': { cidr: 'x' } }] }, ['a', 0], /can hold one of/],
  ['anything-but an empty prefix', { a: [{ 'anything-but': { prefix: '' } }] }, ['a', 0], /not empty/],
  ['anything-but a wrong wildcard', { a: [{ 'anything-but': { wildcard: '**' } }] }, ['a', 0], /two wildcards/],
  ['a cidr without a mask', { a: [{ cidr: '10.0.0.0' }] }, ['a', 0], /address range/],
  ['a mask that is too long', { a: [{ cidr: '10.0.0.0/33' }] }, ['a', 0], /address range/],
  ['a mask that leaves one address', { a: [{ cidr: '10.0.0.0/32' }] }, ['a', 0], /one address alone/],
  ['a mask that leaves one address of IPv6', { a: [{ cidr: '::1/128' }] }, ['a', 0], /one address alone/],
  ['exactly of a number', { a: [{ exactly: 5 }] }, ['a', 0], /exactly must be/],
  ['$or with one branch', { $or: [{ a: ['x'] }] }, ['$or'], /two or more/],
  ['an empty branch of $or', { $or: [{ a: ['x'] }, {}] }, ['$or', 1], /must have a field/],
];

const mistakesOf = (pattern: unknown) => {
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    return (error as PatternError).mistakes;
  }
};

describe('a pattern is refused', () => {
  it.each(refused)('with %s', (_title, pattern, path, words) => {
    expect(mistakesOf(pattern)).toEqual([{ path, message: expect.stringMatching(words) }]);
  });

  it('with all its mistakes at once', () => {
    expect(mistakesOf({ a: [], b: { c: 'x' }, $or: [] }).map(({ path }) => path.join('.'))).toEqual([
      'a',
      'b.c',
      '$or',
    ]);
  });

  it('when it is nested beyond all measure, without exhausting anything', () => {
    let pattern: unknown = ['x'];
    for (let depth = 0; depth < 1100; depth += 1) pattern = { a: pattern };
    expect(mistakesOf(pattern)[0]?.message).toMatch(/nested deeper/);
  });

  it('when lists within its lists are, or what an operator is given', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(mistakesOf({ a: [deep] })[0]?.message).toMatch(/list within a list/);
    for (const operator of ['prefix', 'numeric', 'anything-but', 'exists', 'cidr'])
      expect(mistakesOf({ a: [{ [operator]: deep }] })).toHaveLength(1);
    expect(mistakesOf({ a: [{ 'anything-but': { prefix: deep } }] })).toHaveLength(1);
  });
});

describe('the language as a whole', () => {
  it('takes or refuses any JSON as a pattern, and compares any JSON with it, without throwing anything else', () => {
    const operator = fc.constantFrom('prefix', 'anything-but', 'numeric', 'exists', 'wildcard', 'cidr', '$or', 'a');
    const pattern = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), tie('list'), tie('object')),
      list: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(operator, tie('any'), { maxKeys: 3 }),
    })).any;
    fc.assert(
      fc.property(pattern, fc.jsonValue(), (written, event) => {
        if (mistakesOf(written)?.length === 0) expect(typeof holds(written, event)).toBe('boolean');
      }),
    );
  });

  it('agrees with a plain reading of wildcards', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc.array(text, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('*'));
    fc.assert(
      fc.property(pattern, text, (written, value) => {
        fc.pre(!written.includes('**'));
        const plain = new RegExp(`^${written.replaceAll('*', '.*')}$`).test(value);
        expect(holds({ a: [{ wildcard: written }] }, { a: value })).toBe(plain);
      }),
    );
  });

  it('agrees with it where a part of a wildcard is long and repeats itself', () => {
    const word = fc.array(fc.constantFrom('ab', 'aab', 'a', 'b'), { minLength: 20, maxLength: 30 });
    const around = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 80 });
    fc.assert(
      fc.property(word, around, around, fc.boolean(), (words, before, behind, there) => {
        const part = words.join('');
        const value = `${before}${there ? part : part.slice(1)}${behind}`;
        expect(holds({ a: [{ wildcard: `*${part}*` }] }, { a: value })).toBe(value.includes(part));
      }),
    );
  });
});
