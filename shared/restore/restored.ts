import { withoutSecrets } from '../event/redact.ts';
import type { Instant, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnGroup } from '../trail/own-kinds.ts';

export type RestoredDetail = { size: number; root: string; sealedUntil: Instant; by: string };

/** What is put on record behind the last entry that was restored: nobody has to guess why something may be missing. */
export const restoredGroup = (
  { by, ...detail }: RestoredDetail,
  lane: string,
  source: Source,
  now: Instant,
): OwnGroup => {
  const name = withoutSecrets(by);
  return {
    key: `restored/${lane}/${detail.size}#${now}`,
    entries: [
      ownDraft({
        kind: 'trail.restored',
        occurredAt: now,
        actor: { type: 'person', id: name, name, verified: false },
        subject: `escalator:trail/${lane}`,
        source,
        detail,
      }),
    ],
  };
};
