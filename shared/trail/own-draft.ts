import type { OwnDraft } from './own-kinds.ts';

type Said = Pick<OwnDraft, 'kind' | 'subject' | 'source'> & Partial<OwnDraft>;

/** What Escalator itself puts on record: what it does not say is null, and unless it says who, it did it itself. */
export const ownDraft = (said: Said): OwnDraft => ({
  occurredAt: null,
  actor: { type: 'service', name: 'escalator' },
  environment: null,
  service: null,
  change: null,
  execution: null,
  release: null,
  outcome: null,
  reason: null,
  detail: {},
  redactions: [],
  ...said,
});
