import { describe, expect, it } from 'vitest';
import { mutantsOf } from './mutants.ts';

const changes = (source: string): string[] => mutantsOf(source).map(({ change }) => change);

describe('the mutants of a source', () => {
  it('leave a guard out, and turn its condition round', () => {
    const source = 'const f = (a: boolean) => {\n  if (a) return 1;\n  return a;\n};';
    expect(changes(source)).toEqual([
      'guard deleted: if (a) return 1; -> nothing',
      'condition negated: a -> !(a)',
      'literal: 1 -> 2',
    ]);
    expect(mutantsOf(source)[0]?.mutated).toBe('const f = (a: boolean) => {\n  \n  return a;\n};');
  });

  it.each([
    ['a < b', 'a <= b'],
    ['a <= b', 'a < b'],
    ['a > b', 'a >= b'],
    ['a >= b', 'a > b'],
    ['a === b', 'a !== b'],
    ['a !== b', 'a === b'],
    ['a && b', 'a || b'],
    ['a || b', 'a && b'],
    ['true', 'false'],
    ['false', 'true'],
    ['60', '61'],
    ['[...a, b]', '[ b]'],
    ['({ a, ...b })', '({ a,  })'],
    ["a ? 'because' : null", 'a ? null : null'],
  ])('make of %s what is nearest to it: %s', (before, after) => {
    expect(mutantsOf(before).map(({ mutated }) => mutated)).toContain(after);
  });

  it('drop a reason that is returned', () => {
    expect(changes('const f = () => { return `no ${1}`; };')).toContain('refusal dropped: `no ${1}` -> null');
  });

  it('leave types, imports and texts alone', () => {
    expect(changes("import a from 'a';\ntype A = { b: true; c: 1 } | null;\nconst d: 3 = e as 3;\nf('text');")).toEqual(
      [],
    );
  });

  it('are named by line and by its text', () => {
    expect(mutantsOf('\n  const a = b < c;')).toMatchObject([
      { line: 2, text: 'const a = b < c;', change: 'operator: < -> <=' },
    ]);
  });
});
