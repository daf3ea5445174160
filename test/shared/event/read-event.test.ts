import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../shared/event/read-event.ts';
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
