import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../shared/trail/canonical.ts';
import type { Json } from '../../../shared/trail/entry.ts';
import { kinds } from '../../../shared/event/kinds.ts';
import { bodyOf, eventOf, filesUnder, fixtures, groupsOf, nameOf, type TestEvent } from './harness.ts';

const events: TestEvent[] = filesUnder(fixtures)
  .map((file) => nameOf(file))
  .filter((name) => name.endsWith('.json') && !name.startsWith('odd/') && typeof eventOf(name).detail === 'object')
  .map(eventOf);

const anyEvent = fc.constantFrom(...events);
const anyJson = fc.jsonValue({ maxDepth: 5, noUnicodeString: false }) as fc.Arbitrary<Json>;

/** An event in which some values are replaced by anything. */
const damaged = fc
  .tuple(anyEvent, fc.array(fc.tuple(fc.nat(), anyJson), { minLength: 1, maxLength: 4 }))
  .map(([event, damages]) => damages.reduce<TestEvent>((sofar, [at, value]) => replaced(sofar, at, value), event));

const replaced = (event: TestEvent, at: number, value: Json): TestEvent => {
  const names = Object.keys(event.detail);
  const name = names[at % Math.max(names.length, 1)] ?? 'x';
  return at % 5 === 0
    ? { ...event, [Object.keys(event)[at % 9] ?? 'time']: value, detail: event.detail }
    : { ...event, detail: { ...event.detail, [name]: value } };
};

const expectOnRecord = (body: string): void => {
  const groups = groupsOf(body);
  expect(groups.length).toBeGreaterThan(0);
  for (const { key, entries } of groups) {
    expect(key).toContain('#');
    expect(kinds).toHaveProperty([entries[0]?.kind ?? '']);
    canonical(entries); // throws on what cannot be put on record
  }
};

describe('whatever comes', () => {
  it('any text goes on record', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectOnRecord));
  });

  it('any JSON goes on record', () => {
    fc.assert(fc.property(anyJson, (value) => expectOnRecord(JSON.stringify(value))));
  });

  it('any event with anything in it goes on record', () => {
    fc.assert(
      fc.property(damaged, (event) => expectOnRecord(JSON.stringify(event))),
      { numRuns: 300 },
    );
  });

  it('any beginning of an event goes on record', () => {
    const whole = bodyOf('codepipeline/action-build-failed.json');
    fc.assert(fc.property(fc.nat(whole.length), (length) => expectOnRecord(whole.slice(0, length))));
  });

  it('an event put again under another envelope id, in another order of its fields, is the same fact', () => {
    fc.assert(
      fc.property(damaged, fc.uuid(), (event, id) => {
        const again = Object.fromEntries(Object.entries({ ...event, id }).toReversed());
        expect(keysOf(again)).toEqual(keysOf({ ...event, id: 'first' }));
      }),
    );
  });

  it('two of the same in a wrapper are one fact', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const record = { messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(event) };
        const [first, second] = keysOf({ Records: [record, { ...record, messageId: 'n' }] });
        expect(first).toBe(second);
        expect(first).toBe(keysOf(event)[0]);
      }),
    );
  });
});

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const characters = (from: string, length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...from.split('')), minLength: length, maxLength: length });
const alphanumeric = upper + upper.toLowerCase() + digits;

/** A secret, and a text in which it stands as secrets do. */
const planted: fc.Arbitrary<[string, string]> = fc.oneof(
  characters(upper + digits, 16)
    .filter((id) => !id.endsWith('EXAMPLE'))
    .map((id): [string, string] => [`AKIA${id}`, `AKIA${id}`]),
  characters(alphanumeric, 36).map((token): [string, string] => [token, `ghp_${token}`]),
  characters(alphanumeric, 30).map((token): [string, string] => [token, `xoxb-${token}`]),
  characters(alphanumeric, 12).map((word): [string, string] => [word, `password=${word}`]),
  characters(alphanumeric, 12).map((word): [string, string] => [word, `postgres://shop:${word}@db/shop`]),
  characters(alphanumeric, 40).map((body): [string, string] => [
    body,
    `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`,
  ]),
  characters(alphanumeric, 20).map((body): [string, string] => [body, `eyJ${body}.eyJ${body}.${body}`]),
);

/** Puts a text in the place of, or into, the nth text of an event. */
const withText = (value: Json, nth: { left: number }, text: string): Json => {
  if (typeof value === 'string') return (nth.left -= 1) === -1 ? `${value} ${text} ` : value;
  if (Array.isArray(value)) return value.map((inner) => withText(inner, nth, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withText(inner, nth, text)]));
};

describe('a planted secret', () => {
  it('appears nowhere in what goes on record, wherever in an event it stood', () => {
    fc.assert(
      fc.property(anyEvent, planted, fc.nat(12), (event, [secret, text], nth) => {
        const detail = withText(event.detail, { left: nth }, text);
        const said = JSON.stringify(groupsOf({ ...event, time: `${nth > 10 ? text : '2026'}`, detail }));
        expect(said).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  it('appears nowhere in JSON inside JSON, or as the name of a field', () => {
    fc.assert(
      fc.property(anyEvent, planted, (event, [secret, text]) => {
        const inner = JSON.stringify({ note: JSON.stringify({ deeper: text }) });
        const said = JSON.stringify(groupsOf({ ...event, detail: { ...event.detail, inner, [text]: 1 } }));
        expect(said).not.toContain(secret);
      }),
    );
  });
});

const keysOf = (event: object): string[] => groupsOf(event).map(({ key }) => key);
