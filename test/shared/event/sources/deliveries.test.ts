import { describe, expect, it } from 'vitest';
import { fixture } from '../harness.ts';

describe('an event nobody knows', () => {
  it.each([
    'unknown-source',
    'unknown-detail-type',
    'known-type-without-its-fields',
    'detail-is-a-text',
    'sns-of-text',
  ])('%s is on record whole', (name) => {
    const fact = fixture(`odd/${name}.json`);
    expect(fact.kind).toBe('unknown');
    expect(fact.key).toMatch(/#unknown,[0-9a-f]{64}$/);
  });

  it('keeps what it said', () => {
    expect(fixture('odd/unknown-source.json').detail).toEqual({
      source: 'acme.shop',
      detailType: 'Order Placed',
      event: { order: 7 },
    });
    expect(fixture('odd/detail-is-a-text.json').detail['beside']).toEqual({ detail: 'gone' });
  });
});
