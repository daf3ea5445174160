import type { Alert } from '../../shared/ladder/events.ts';
import type { SealRefused } from '../../shared/seal/refusals.ts';
import type { Draft, Group, Source } from '../../shared/trail/entry.ts';

/** What is put on record when the lane is not signed: why, and the alert that calls a person. Once for each size. */
export const refusedGroup = (error: SealRefused, signed: number, lane: string, source: Source): Group => {
  const { refusal, message } = error;
  const reason = message.slice(0, 1_000);
  return {
    key: `seal/${lane}/${signed}#refused,${refusal}`,
    entries: [
      draft('seal.refused', lane, source, reason, { refusal, signed, lane }),
      draft('alert.raised', lane, source, reason, { alert: alertOf(reason, refusal, signed, lane) }),
    ],
  };
};

const alertOf = (reason: string, refusal: string, signed: number, lane: string): Alert => ({
  id: `seal/${lane}/${signed}/${refusal}`,
  incident: null,
  environment: '',
  service: 'escalator',
  severity: 'page',
  headline: `The trail is not sealed any more: ${reason}`,
  change: null,
  author: null,
  subject: null,
  failing: ['seal-trail'],
  done: [`what was signed before stands: ${signed} entries`],
  next: 'nothing is signed until a person has looked: docs/runbook.md, "The trail is not sealed"',
});

const draft = (kind: string, lane: string, source: Source, reason: string, detail: Draft['detail']): Draft => ({
  kind,
  occurredAt: null,
  actor: { type: 'service', name: 'escalator' },
  subject: `escalator:trail/${lane}`,
  environment: null,
  service: null,
  change: null,
  execution: null,
  release: null,
  outcome: 'refused',
  reason,
  source,
  detail,
  redactions: [],
});
