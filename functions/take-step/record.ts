import type { LadderConfig } from '../../shared/config/config.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft, OwnGroup, OwnKind } from '../../shared/trail/own-kinds.ts';

/** An act has one result, whatever happens: it is a group key, so it stands once. */
export const resultKey = (actKey: string): string => `act/${actKey}#result`;

/** One intent, and whose it is. */
export type Step = { service: LadderConfig; intent: Intent; incident: string };

/** What came of it; what AWS said of that may be anything. */
export const resultGroup = (step: Step, came: ActResult, source: Source): OwnGroup => {
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
  kind: OwnKind,
  outcome: string | null,
  reason: string | null,
  detail: { [field: string]: Json },
  execution: string | null = null,
): OwnDraft =>
  ownDraft({
    kind,
    subject: `escalator:act/${intent.actKey}`,
    environment: service.environment,
    service: service.service,
    change:
      intent.action === 'redeploy' && service.service !== null
        ? { repository: service.repository, commit: intent.release.commit }
        : null,
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
  });

const plain = (value: object): Json => structuredClone(value) as Json;
