import type { Actor, Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnGroup } from '../../shared/trail/own-kinds.ts';

export type ExportCommand = {
  id: string;
  by: string;
  /** everything, a period, a change, or a release */
  asked: { [what: string]: Json };
  /** how many entries were taken away, this one not counted */
  entries: number;
  /** SHA-256 of the pack's `SHA256SUMS`: so this entry vouches for every file in it */
  sums: string;
};

/** What puts an export on record: the last entry of the pack itself. */
export const exportGroup = ({ id, asked, entries, sums }: ExportCommand, actor: Actor, source: Source): OwnGroup => ({
  key: `export/${id}`,
  entries: [
    ownDraft({
      kind: 'trail.exported',
      actor,
      subject: `escalator:export/${id}`,
      outcome: 'exported',
      source,
      detail: { asked, entries, sums },
    }),
  ],
});
