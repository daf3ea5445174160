import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keys } from '../../../shared/trail/keys.ts';

describe('the keys of the table', () => {
  it('sort as their numbers do', () =>
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (a, b) => {
        const [one, other] = [keys.segment('l', a).sk, keys.segment('l', b).sk];
        expect(one < other).toBe(a < b);
      }),
    ));

  it('are never longer than DynamoDB takes, whatever an event calls its subject', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000 }), (text) => {
        const { pk } = keys.row('000000000000.eu-central-1', `subject:${text}`, 'x');
        expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2_048);
      }),
    ));

  it('tell long questions apart that begin alike', () => {
    const long = 'x'.repeat(5_000);
    expect(keys.row('l', `${long}1`, '').pk).not.toBe(keys.row('l', `${long}2`, '').pk);
  });
});
