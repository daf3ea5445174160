import fc from 'fast-check';

const names = ['a', 'b', 'c'];
const text = fc.constantFrom('', 'a', 'ab', 'aB', 'BA', 'ba', '10.0.0.1', '10.0.1.7', '5');
const number = fc.constantFrom(0, 1, 5, -1, 0.5, 300);
const scalar = fc.oneof(text, number, fc.constantFrom(true, false, null));
const some = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const folded = fc.record({ 'equals-ignore-case': text });
const wild = fc.constantFrom('*', 'a*', '*a', 'a*b', '*.*.*', '\\**', 'ab', '');
const filled = text.filter((one) => one !== '');

/** no literal is an address: that one is not compared as text is another test's to show */
const literal = scalar.filter((value) => typeof value !== 'string' || !value.includes('.'));
const anythingBut = fc.oneof(
  some(text),
  some(number),
  fc.record({ prefix: some(filled) }),
  fc.record({ suffix: some(filled) }),
  fc.record({ 'equals-ignore-case': some(text) }),
  fc.record({ wildcard: some(wild) }),
);
const numeric = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number),
  fc.tuple(fc.constantFrom('>', '>='), fc.constantFrom(-1, 0), fc.constantFrom('<', '<='), fc.constantFrom(0.5, 5)),
);
export const present = fc.oneof(
  literal,
  fc.record({ prefix: fc.oneof(text, folded) }),
  fc.record({ suffix: fc.oneof(text, folded) }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ 'anything-but': anythingBut }),
  fc.record({ wildcard: wild }),
  fc.record({ numeric }),
  fc.record({ cidr: fc.constantFrom('10.0.0.0/24', '10.0.0.0/15', '0.0.0.0/0', '10.0.0.1/31') }),
  fc.constant({ exists: true }),
);
export const absent = fc.constant({ exists: false });

/** Patterns in which no field is asked twice: each branch of `$or` has names of its own. */
export const patternOf = (alternative: fc.Arbitrary<unknown>) => {
  const leaf = fc.array(alternative, { minLength: 1, maxLength: 2 });
  const fields = (of: string[], value: fc.Arbitrary<unknown>) =>
    fc.dictionary(fc.constantFrom(...of), value, { minKeys: 1, maxKeys: 2 });
  const either = fc.tuple(fields(['b'], leaf), fields(['c'], leaf));
  const inner = fc.oneof(
    fields(names, leaf),
    fc.tuple(fields(['a'], leaf), either).map(([so, $or]) => ({ ...so, $or })),
  );
  const value = fc.oneof(leaf, inner);
  return fc.oneof(
    fields(names, value),
    fc.tuple(fields(['a'], value), either).map(([so, $or]) => ({ ...so, $or })),
  );
};

export const eventOf = (withLists: boolean) =>
  fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      scalar,
      tie('object'),
      ...(withLists ? [fc.array(tie('value'), { maxLength: 3 })] : []),
    ),
    object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
  })).object;
