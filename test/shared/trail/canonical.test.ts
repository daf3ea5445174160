import canonicalizeModule from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, framesOf, joined, piecesOf } from '../../../shared/trail/canonical.ts';

// The package's types describe a default export that Node's ESM interop wraps once more.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

describe('canonical JSON', () => {
  const values = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue());

  it('is what another implementation of RFC 8785 makes of it', () =>
    fc.assert(
      fc.property(values, (value) => {
        expect(canonical(value)).toBe(canonicalize(value));
      }),
    ));

  it('is the same where some members are put between the others later; those of their names are left out', () =>
    fc.assert(
      fc.property(values, fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue()), (value, more) => {
        const later = Object.keys(more).toSorted();
        const pieces = piecesOf(value, later);
        const texts = later.map((name) => canonical({ x: more[name] }).slice('{"x":'.length, -1));
        const frames = framesOf(joined(pieces), pieces, later);
        expect(frames.map((frame, index) => frame + (texts[index] ?? '')).join('')).toBe(
          canonicalize({ ...value, ...more }),
        );
        const others = Object.entries(value).filter(([name]) => !later.includes(name));
        expect(joined(pieces)).toBe(canonicalize(Object.fromEntries(others)));
      }),
    ));

  it('has the names of the object that is written, not of one before it, however alike they are', () => {
    // As many names, as long, with the same first letters; the same names in another order; one name more.
    const alike = [{ ab: 1, cd: 2 }, { ac: 1, ce: 2 }, { cd: 2, ab: 1 }, { ab: 1 }, { ab: 1, cd: 2, ce: 3 }, {}];
    for (const value of [...alike, ...alike.toReversed(), ...alike]) {
      expect(canonical(value)).toBe(canonicalize(value));
      expect(joined(piecesOf(value, ['b']))).toBe(canonicalize(value));
    }
  });

  it('is as RFC 8785 section 3.2.2 shows it', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonical(JSON.parse(input) as object)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('puts the last name there can be last, also where members come between', () => {
    const pieces = piecesOf({ '\uffff\uffff': 1, a: 2 }, ['b']);
    expect(framesOf(joined(pieces), pieces, ['b'])).toEqual(['{"a":2,"b":', ',"\uffff\uffff":1}']);
  });

  it('sorts names by UTF-16 code units, as RFC 8785 section 3.2.3 shows', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const text = canonical(Object.fromEntries(names.map((name) => [name, 0])));
    expect(Object.keys(JSON.parse(`{"x":${text}}`).x as object).filter((name) => name !== '1')).toEqual(
      sorted.filter((name) => name !== '1'),
    );
    expect(text.indexOf('"1"')).toBe(text.indexOf('"\\r":0') + '"\\r":0,'.length);
  });

  it('writes minus zero as zero', () => expect(canonical([-0])).toBe('[0]'));

  it('is the same whatever the order of names, and comes back as it went in', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text) as object)).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toHaveLength(text.length);
      }),
    ));

  it.each([
    ['a lone surrogate', { a: ['ok', '\udc00'] }, '/a/1'],
    ['a lone surrogate in a name', { a: { '\ud800': 1 } }, '/a'],
    ['infinity', { 'a/b': { '~': Infinity } }, '/a~1b/~0'],
    ['undefined', { a: undefined }, '/a'],
    ['a function', { toJSON: () => 1 }, '/toJSON'],
    ['a bigint', [1n], '/0'],
  ])('refuses %s and says where', (_, value, pointer) => {
    expect(() => canonical(value)).toThrow(new RegExp(`cannot be put on record: .* at ${pointer}$`));
  });
});
