import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../shared/event/kinds.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { canonical, sha256 } from '../../../shared/trail/canonical.ts';
import type { Json } from '../../../shared/trail/entry.ts';
import { propose } from '../../../shared/trail/segment.ts';
import { bodyOf, context, filesUnder, fixtures, nameOf } from './harness.ts';

const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 3_000;
const timeout = 10 * runs; // milliseconds, for a machine that others use too

const bodies = filesUnder(fixtures)
  .map((file) => nameOf(file))
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(bodyOf(name)) as Json);

const nested = (levels: number): Json => {
  let value: Json = 'x';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\u202e\u2066',
  '\ufffe\uffff',
  '9999-12-31T23:59:59Z',
  '0000-00-00',
  '-1',
  'arn:aws:',
  ':::::::::::::',
  '#,%2C',
  '{"a":',
  '[[[[',
  '%%%%',
  'Z'.repeat(70_000),
  'é"\\'.repeat(9_000),
];
const hostileKeys = ['__proto__', 'constructor', 'toString', '', '\ud800', '\u202e', 'replay-name', 'detail-type'];

const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Json>(null, true, 0, -0, 1e308, 2 ** 53, [], {}, [[]], [null], { a: {} }) },
  { weight: 3, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.nat(80).map(nested) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json> },
  { weight: 1, arbitrary: fc.nat(3_000).map((many) => Array.from({ length: many }, (_, n) => `item ${n}`)) },
);

/** What happens to the nth value of an event, counted through all of it. */
type Mutation = { at: number; how: 'delete' | 'replace' | 'wrap' | 'twice' | 'text' | 'key'; value: Json; key: string };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(60),
  how: fc.constantFrom('delete', 'replace', 'replace', 'wrap', 'twice', 'text', 'key'),
  value: hostileValue,
  key: fc.constantFrom(...hostileKeys),
});

const gone = Symbol('gone');

const mutated = (value: Json, by: Mutation, count: { left: number }): Json | typeof gone => {
  if (count.left-- === 0) return changed(value, by);
  if (Array.isArray(value)) return value.map((inner) => mutated(inner, by, count)).filter((inner) => inner !== gone);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([key, inner]) => [key, mutated(inner, by, count)] as const);
  return Object.fromEntries(members.filter((member): member is [string, Json] => member[1] !== gone));
};

const changed = (value: Json, { how, value: other, key }: Mutation): Json | typeof gone => {
  switch (how) {
    case 'delete':
      return gone;
    case 'replace':
      return other;
    case 'wrap':
      return [value];
    case 'twice':
      return [value, value];
    case 'text':
      return JSON.stringify(value);
    case 'key':
      return Object.fromEntries([
        [key, other],
        ...Object.entries(typeof value === 'object' ? (value ?? {}) : { value }),
      ]);
  }
};

const anyBody: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...bodies), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([body, mutations]) =>
    mutations.reduce<Json>((value, by) => {
      const next = mutated(value, by, { left: by.at });
      return next === gone ? {} : next;
    }, body),
  )
  .map((value) => JSON.stringify(value));

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** All that must hold of what goes on record, whatever came. Throws, naming it, where it does not. */
const check = (body: string): void => {
  const { groups, objects } = factsIn(body, context);
  expect(groups.length).toBeGreaterThan(0);
  for (const group of groups) {
    propose(group); // canonical, under a key, and in lines, that the trail takes; throws otherwise
    expect(Buffer.byteLength(group.key)).toBeLessThanOrEqual(1_800);
    for (const draft of group.entries) {
      expect(Buffer.byteLength(canonical(draft))).toBeLessThanOrEqual(65_535 - 2_048); // its place comes with it
      expect(Object.hasOwn(kinds, draft.kind)).toBe(true);
      if (draft.occurredAt !== null) {
        expect(draft.occurredAt).toMatch(instantForm);
        expect(new Date(draft.occurredAt).toISOString()).toBe(draft.occurredAt);
      }
    }
  }
  for (const { sha256: hash, body: bytes } of objects) expect(sha256(bytes)).toBe(hash);
};

describe('any event that was damaged', () => {
  it(
    'goes on record: it can be written, under a key and in a line that the trail takes, at a time or at none',
    { timeout },
    () => {
      fc.assert(fc.property(anyBody, check), { numRuns: runs });
    },
  );

  it('is the same facts when it comes again', { timeout }, () => {
    const keysOf = (body: string): string[] => factsIn(body, context).groups.map(({ key }) => key);
    fc.assert(
      fc.property(anyBody, (body) => {
        expect(keysOf(body)).toEqual(keysOf(body));
        expect(keysOf(` ${body}\n`).filter((key) => !key.includes('#quarantined,'))).toEqual(
          keysOf(body).filter((key) => !key.includes('#quarantined,')),
        );
      }),
      { numRuns: runs / 5 },
    );
  });

  it('leaves the language as it was: no name in it becomes a property of everything', () => {
    fc.assert(fc.property(anyBody, check), { numRuns: runs / 20 });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});
