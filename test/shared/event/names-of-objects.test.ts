import { describe, expect, it } from 'vitest';
import { canonical } from '../../../shared/trail/canonical.ts';
import type { Json } from '../../../shared/trail/entry.ts';
import { filesUnder, fixtures, groupsOf, nameOf, bodyOf } from './harness.ts';

/** The event with one of its texts replaced, for each text in it. */
const eachTextAs = (value: Json, word: string): Json[] => {
  if (typeof value === 'string') return [word];
  if (Array.isArray(value))
    return value.flatMap((item, at) => eachTextAs(item, word).map((other) => value.with(at, other)));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    eachTextAs(inner, word).map((other) => ({ ...value, [name]: other })),
  );
};

const isRecorded = (event: Json): boolean => {
  try {
    return groupsOf(JSON.stringify(event)).every(({ entries }) => canonical(entries) !== '');
  } catch {
    return false;
  }
};

describe('a text that every object has a member of', () => {
  it.each(['constructor', '__proto__'])('%s is data like any other, wherever in an event it stands', (word) => {
    const files = filesUnder(fixtures).filter((file) => file.endsWith('.json'));
    const events = files.flatMap((file) => eachTextAs(JSON.parse(bodyOf(nameOf(file))) as Json, word));
    expect(events.length).toBeGreaterThan(3_000);
    expect(events.filter((event) => !isRecorded(event))).toEqual([]);
  });
});
