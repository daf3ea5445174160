import type { Draft, Group } from '../../shared/trail/entry.ts';

/** A draft about nothing in particular, for tests that say only what matters to them. */
export const draftOf = (over: Partial<Draft> = {}): Draft => ({
  kind: 'test',
  occurredAt: null,
  actor: { type: 'unknown' },
  subject: 'arn:aws:test:us-east-1:000000000000:thing',
  environment: null,
  service: null,
  change: null,
  execution: null,
  release: null,
  outcome: null,
  reason: null,
  source: { name: 'test', account: '000000000000', region: 'us-east-1', id: null, digest: null },
  detail: {},
  redactions: [],
  ...over,
});

export const groupOf = (key: string, ...over: Partial<Draft>[]): Group => ({
  key,
  entries: (over.length === 0 ? [{}] : over).map(draftOf),
});
