import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../shared/pattern/json.ts';

describe('a number as JSON writes it', () => {
  it.each(['0', '-0', '5', '5.0', '5e0', '300.0', '3e2', '0.1', '1E-7', '123456789012'])('%s is a number', (text) =>
    expect(readJson(text)).toBe(Number(text)),
  );

  it.each(['12345678901234567890', '9007199254740993', '1e400', '-1e400', '0.1234567890123456789', '1e-400'])(
    '%s, which no double holds, is the symbol of its text',
    (text) => expect(readJson(text)).toBe(Symbol.for(text)),
  );

  it('is a number whenever a number wrote it', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(readJson(`[${number}]`) as number[]).toEqual([number + 0]); // no -0: JSON from String() has none
      }),
    ));

  it('costs no more for a run of zeros', () => {
    const zeros = '0'.repeat(200_000);
    expect(readJson(`1${zeros}1`)).toBe(Symbol.for(`1${zeros}1`));
  });
});

describe('any other JSON', () => {
  it('is what JSON.parse makes of it', () =>
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(readJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    ));

  it('is read when it is nested beyond the stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(Array.isArray(readJson(deep))).toBe(true);
  });

  it('is refused when it is none', () => expect(() => readJson('{')).toThrow(SyntaxError));
});
