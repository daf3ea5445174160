import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../shared/event/read-event.ts';
import { cpuOf } from '../../harness/cpu.ts';
import { factOf } from './harness.ts';

const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

describe('reading a message', () => {
  it.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['null', 'not-an-object'],
    ['[]', 'not-an-object'],
    ['"text"', 'not-an-object'],
    ['0', 'not-an-object'],
    ['{"a":', 'not-json'],
    ["{'a':1}", 'not-json'],
    ['{"a":1}{"b":2}', 'several-documents'],
    ['{"a":1} tail', 'several-documents'],
    ['\uFEFF{"a":1}', 'byte-order-mark'],
    ['{"state":"OK","state":"ALARM"}', 'duplicate-key'],
    ['{"a":{"b":[{"c":1,"c":2}]}}', 'duplicate-key'],
    ['{"state":1,"st\\u0061te":2}', 'duplicate-key'],
    [nested(65), 'too-deep'],
    ['['.repeat(1_000_000), 'too-deep'],
    [`{"a":"${'x'.repeat(1_048_576)}"}`, 'too-long'],
  ])('refuses %.40s as %s', (raw, reason) => {
    expect(readEvent(raw)).toEqual({ quarantined: reason });
  });

  it.each([
    ['the same key in two objects', '{"a":{"k":1},"b":{"k":2},"c":[{"k":1},{"k":2}]}'],
    ['the same text as a key and as a value', '{"k":"k","l":["k","k"]}'],
    ['brackets and quotes in texts', '{"a":"{[\\"","b":"\\\\"}'],
    ['64 levels', nested(64)],
  ])('takes %s', (_, raw) => {
    expect(readEvent(raw)).toEqual({ event: JSON.parse(raw) as object });
  });

  it('keeps a number that a double cannot hold as it was written', () => {
    const read = readEvent('{"n":9007199254740993,"m":-9007199254740993,"e":1e400,"ok":9007199254740991,"f":0.1}');
    expect(read).toEqual({
      event: { n: '9007199254740993', m: '-9007199254740993', e: '1e400', ok: 9007199254740991, f: 0.1 },
    });
  });

  it.each([
    '0.1234567890123456789',
    '1.7976931348623158e308',
    '12345678901234567.5',
    '0.30000000000000001',
    '1e-400',
    '-9007199254740993e0',
    `1.${'0'.repeat(100)}`,
  ])('keeps every digit of %s', (written) => {
    expect(readEvent(`{"n":${written}}`)).toEqual({ event: { n: written } });
    expect(readEvent(`{"l" :\n[ ${written}\t,\r\n ${written}]}`)).toEqual({ event: { l: [written, written] } });
  });

  it.each(['1.50', '15e-1', '0.00', '-0.0', '1E3', '1e+21', '100000000000000000000', '5e-324', '0.1e1'])(
    'reads %s as the number it is',
    (written) => {
      expect(readEvent(`{"n":${written},"beside":1e1}`)).toEqual({ event: { n: Number(written), beside: 10 } });
    },
  );

  it.each([
    ['zeros before the last digit', `{"n":1.${'0'.repeat(1_000_000)}1}`],
    ['digits', `{"n":${'9'.repeat(1_000_000)}}`],
    ['numbers', `{"n":[${'123456789012345.5,'.repeat(50_000)}1]}`],
    ['dots and digits in a text', `{"n":"${'12345678901234..'.repeat(60_000)}"}`],
    ['quotes never closed', `{"n":${'"\\'.repeat(300_000)}`],
  ])('takes time that grows with the length, not faster: a million %s', (_, raw) => {
    expect(cpuOf(() => readEvent(raw))).toBeLessThan(5_000); // quadratic would be minutes
  });

  it('does not take two names for one, though the escape of one is the text of the other', () => {
    expect(readEvent('{"\\ud800":1,"\ud800":2}')).toEqual({ quarantined: 'duplicate-key' });
  });

  it('keeps half of a character as its escape, in values and in names', () => {
    expect(readEvent('{"\\ud800":"a\\udc00b","whole":"\\ud83d\\ude00"}')).toEqual({
      event: { '\\ud800': 'a\\udc00b', whole: '\u{1F600}' },
    });
  });

  it('takes __proto__ for a name like any other', () => {
    const read = readEvent('{"__proto__":{"polluted":true}}');
    expect('event' in read && Object.keys(read.event)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a message that cannot be read', () => {
  it('goes on record with its size and keyed digest, and without its bytes', () => {
    const fact = factOf('{"password":"hunter2"');
    expect(fact).toMatchObject({ kind: 'quarantined', detail: { reason: 'not-json', bytes: 21 } });
    expect(fact.source.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(fact)).not.toContain('hunter2');
  });

  it('is one fact however often it comes, and another one than any other', () => {
    expect(factOf('{').key).toBe(factOf('{').key);
    expect(factOf('{').key).not.toBe(factOf('{ ').key);
  });
});
