import { describe, expect, it } from 'vitest';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { maxRecordBytes, shrink } from '../../../shared/event/shrink.ts';
import { canonical, sha256 } from '../../../shared/trail/canonical.ts';
import type { Json } from '../../../shared/trail/entry.ts';
import { context, eventOf, fixture } from './harness.ts';

const draftWith = (more: { [key: string]: Json }) => {
  const { key: _, ...draft } = fixture('codepipeline/stage-failed.json');
  return { ...draft, detail: { ...draft.detail, ...more } };
};

const bytesOf = (value: object): number => Buffer.byteLength(canonical(value));

describe('a record', () => {
  it('of up to 60 KB stays as it is', () => {
    const small = draftWith({ log: '' });
    const exact = draftWith({ log: 'x'.repeat(maxRecordBytes - bytesOf(small)) });
    expect(bytesOf(exact)).toBe(maxRecordBytes);
    expect(shrink(exact)).toEqual({ draft: exact });
  });

  it('of one byte more keeps what matters, and where its detail is', () => {
    const large = draftWith({ log: 'x'.repeat(maxRecordBytes - bytesOf(draftWith({ log: '' })) + 1) });
    const { draft, object } = shrink(large);
    expect(draft.detail).toMatchObject({
      pipeline: 'shop',
      stage: 'Deploy',
      oversized: { sha256: object?.sha256, bytes: object?.body.length, redactions: 0 },
    });
    expect({ ...draft, detail: {} }).toEqual({ ...large, detail: {} });
    expect(Buffer.from(object?.body ?? []).toString()).toBe(canonical(large.detail));
    expect(object?.sha256).toBe(sha256(object?.body ?? ''));
  });

  it('is never larger than 60 KB, however many fields, long names or secrets an event has', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, index]));
    const secrets = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`password${'x'.repeat(50)}${index}password`, 'abc']),
    );
    const long = { ['n'.repeat(400_000)]: { password: 'abc' } };
    const event = eventOf('codecommit/reference-updated.json');
    for (const more of [
      many,
      secrets,
      long,
      { referenceFullName: 'r'.repeat(900_000), commitId: 'c'.repeat(10_000) },
    ]) {
      const { groups, objects } = factsIn(JSON.stringify({ ...event, detail: { ...event.detail, ...more } }), context);
      expect(objects).toHaveLength(1);
      for (const { key, entries } of groups) {
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
        expect(bytesOf(entries[0] ?? {})).toBeLessThanOrEqual(maxRecordBytes);
      }
    }
  });

  it('that is moved out was redacted before', () => {
    const event = eventOf('codecommit/reference-updated.json');
    const padding = 'x '.repeat(40_000);
    const { objects } = factsIn(
      JSON.stringify({ ...event, detail: { ...event.detail, password: 'hunter2', padding } }),
      context,
    );
    expect(Buffer.from(objects[0]?.body ?? []).toString()).not.toContain('hunter2');
    expect(objects).toHaveLength(1);
  });

  it('is shortened only where a text is whole: no half of a character is left', () => {
    const reason = `${'x'.repeat(1_999)}\u{1F600}`;
    const event = eventOf('cloudwatch/alarm-failing.json');
    const state = { value: 'ALARM', reason, timestamp: '2026-11-20T09:17:05.123+0000' };
    const { groups } = factsIn(JSON.stringify({ ...event, detail: { ...event.detail, state } }), context);
    expect(groups[0]?.entries[0]?.reason).toBe('x'.repeat(1_999));
  });
});
