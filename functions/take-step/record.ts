import type { ServiceConfig } from '../../shared/config/config.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Intent } from '../../shared/ladder/events.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';
import type { Draft, Group, Json, Source } from '../../shared/trail/entry.ts';

/** An act has one claim and one result, whatever happens in between; both are group keys, so both stand once. */
export const claimKey = (actKey: string): string => `act/${actKey}#claim`;
export const resultKey = (actKey: string): string => `act/${actKey}#result`;

type Step = { service: ServiceConfig; intent: Intent; incident: string };

/** That somebody is doing it, and on which readings. Stands before the call, or the call is not made. */
export const claimGroup = (
  step: Step,
  claim: { holder: string; attempt: string; readings: ActReadings },
  source: Source,
): Group => ({
  key: claimKey(step.intent.actKey),
  entries: [draft(step, source, 'step.claimed', null, null, structuredClone(claim))],
});

/** What came of it; what AWS said of that may be anything. */
export const resultGroup = (step: Step, came: ActResult, source: Source): Group => {
  const result = { ...came, reason: withoutSecrets(came.reason) };
  const { outcome, reason, execution } = result;
  return {
    key: resultKey(step.intent.actKey),
    entries: [draft(step, source, 'step.result', outcome, reason, { result: plain(result) }, execution)],
  };
};

const draft = (
  { service, intent, incident }: Step,
  source: Source,
  kind: string,
  outcome: string | null,
  reason: string | null,
  detail: { [field: string]: Json },
  execution: string | null = null,
): Draft => ({
  kind,
  occurredAt: null,
  actor: { type: 'service', name: 'escalator' },
  subject: `escalator:act/${intent.actKey}`,
  environment: service.environment,
  service: service.service,
  change: intent.action === 'redeploy' ? { repository: service.repository, commit: intent.release.commit } : null,
  execution,
  release: intent.action === 'redeploy' ? intent.release.id : null,
  outcome,
  reason,
  source,
  detail: {
    ladder: service.ladder,
    incident,
    actKey: intent.actKey,
    level: intent.level,
    action: intent.action,
    ...detail,
  },
  redactions: [],
});

const plain = (value: object): Json => structuredClone(value) as Json;
