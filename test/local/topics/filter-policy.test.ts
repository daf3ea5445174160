import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attributes, isWanted, readFilterPolicy } from '../../../local/topics/filter-policy.ts';

const text = (StringValue: string): Attributes[string] => ({ DataType: 'String', StringValue });
const wants = (policy: object, attributes: Attributes, scope = 'MessageAttributes', body = ''): boolean =>
  isWanted({ policy: readFilterPolicy(JSON.stringify(policy)), scope }, { attributes, text: body });

describe('a filter policy over attributes', () => {
  it.each<[string, object, Attributes, boolean]>([
    [
      'every name must match',
      { author: ['ann'], state: ['open'] },
      { author: text('ann'), state: text('over') },
      false,
    ],
    ['any value of a name is enough', { author: ['bob', 'ann'] }, { author: text('ann') }, true],
    ['what it does not name is nothing to it', { author: ['ann'] }, { author: text('ann'), why: text('page') }, true],
    ['letters are as they are written', { author: ['Ann'] }, { author: text('ann') }, false],
    ['a prefix', { author: [{ prefix: 'arn:aws:' }] }, { author: text('arn:aws:iam::1:user/ann') }, true],
    ['anything but', { severity: [{ 'anything-but': ['info'] }] }, { severity: text('page') }, true],
    [
      'anything but, of what is not there',
      { severity: [{ 'anything-but': ['info'] }] },
      { state: text('open') },
      false,
    ],
    ['absence', { author: [{ exists: false }] }, { state: text('open') }, true],
    ['presence', { author: [{ exists: true }] }, {}, false],
    ['one of several names', { $or: [{ author: ['ann'] }, { service: ['shop'] }] }, { service: text('shop') }, true],
    ['numbers', { price: [{ numeric: ['>', 10] }] }, { price: { DataType: 'Number', StringValue: '11' } }, true],
    ['a text is no number', { price: [{ numeric: ['>', 10] }] }, { price: text('11') }, false],
    ['any of a list', { team: ['web'] }, { team: { DataType: 'String.Array', StringValue: '["db","web"]' } }, true],
    ['bytes never', { team: ['d2Vi'] }, { team: { DataType: 'Binary', BinaryValue: 'd2Vi' } }, false],
  ])('%s', (_rule, policy, attributes, wanted) => expect(wants(policy, attributes)).toBe(wanted));

  it('wants everything when it is empty', () => expect(wants({}, {})).toBe(true));

  it('of one author wants the messages of that author, whoever the others are', () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (me, author) => {
        expect(wants({ author: [me] }, { author: text(author) })).toBe(me === author);
      }),
    ));
});

describe('a filter policy over the text', () => {
  const body = JSON.stringify({ severity: 'page', incident: { id: 'production.shop.5' }, failing: ['node', 'smoke'] });

  it('looks into objects and lists', () => {
    expect(wants({ incident: { id: [{ prefix: 'production.' }] } }, {}, 'MessageBody', body)).toBe(true);
    expect(wants({ failing: ['smoke'] }, {}, 'MessageBody', body)).toBe(true);
    expect(wants({ failing: ['deploy'] }, {}, 'MessageBody', body)).toBe(false);
  });

  it('matches nothing that is no JSON object', () => {
    for (const other of ['smoke failing', '"text"', '[1]', 'null'])
      expect(wants({ failing: [{ exists: false }] }, {}, 'MessageBody', other)).toBe(false);
  });
});

describe('a filter policy that cannot be', () => {
  it.each<[string, string]>([
    ['{', 'failed to parse JSON'],
    ['[]', 'failed to parse JSON'],
    [JSON.stringify({ a: ['1'], b: ['1'], c: ['1'], d: ['1'], e: ['1'], f: ['1'] }), 'too complex'],
    [JSON.stringify({ a: Array.from({ length: 151 }, (_, n) => `${n}`) }), 'too complex'],
    [JSON.stringify({ a: 'ann' }), 'a'],
    [JSON.stringify({ a: [{ prefix: 1 }] }), 'prefix'],
    [JSON.stringify({ a: ['x'.repeat(256 * 1024)] }), 'too long'],
  ])('%.40s is refused: %s', (policy, why) => expect(() => readFilterPolicy(policy)).toThrow(why));
});
