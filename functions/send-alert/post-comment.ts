import { createHash } from 'node:crypto';
import type { Comment } from '../../shared/alert/change/comment.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { cut } from '../../shared/event/fields.ts';
import type { AlertMessage, Clock, Trail, Tries } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft } from '../../shared/trail/own-kinds.ts';
import type { Comments, Posted } from '../support/comments.ts';
import { livesAtMostMs } from './send-alert.ts';

export type PostCommentPorts = { trail: Trail; tries: Tries; comments: Comments; source: Source; now: Clock };

/** How often a comment is tried that CodeCommit has no time for. */
const triesAtMost = 5;
const reasonAtMost = 500;

/**
 * Makes one comment, and puts on record what came of it. A try whose answer was lost makes no second comment: each has
 * the same token. What CodeCommit does not want, or has no time for again and again, is put on record and let be: nobody
 * is kept waiting by a comment. Throws where it is to be tried again.
 */
export const postComment =
  ({ trail, tries, comments, source, now }: PostCommentPorts) =>
  async ({ segment, seq }: AlertMessage): Promise<void> => {
    const [entry] = await trail.read({ segment, seq, count: 1 });
    if (entry === undefined) throw new Error(`there is no entry ${seq} in segment ${segment}`);
    const comment = entry.detail['comment'] as unknown as Comment;
    const key = `comment/${comment.id}#posted`;
    if ((await trail.find(key)) !== null) return;
    const at = now().toISOString();
    const lastBegun = await tries.begin(key, triesAtMost, at);
    const posted = lastBegun === null ? await comments.post(comment, tokenOf(comment)) : tooOften(lastBegun, at);
    await trail.append([{ key, entries: [drafted(source, comment, posted)] }]);
  };

/** Another sender may be at the last try still. */
const tooOften = (lastBegun: string, now: string): Posted => {
  if (Date.parse(now) - Date.parse(lastBegun) <= livesAtMostMs) throw new Error('it is being posted by others');
  return { refused: `it was tried ${triesAtMost} times` };
};

/** The same for each try of one comment, and for no other. */
const tokenOf = ({ id }: Comment): string => createHash('sha256').update(`escalator/${id}`).digest('hex');

const drafted = (source: Source, { id, repository, commit, pull }: Comment, posted: Posted): OwnDraft =>
  ownDraft({
    kind: 'refused' in posted ? 'comment.refused' : 'comment.posted',
    subject: `escalator:comment/${id}`,
    change: { repository, commit },
    outcome: 'refused' in posted ? 'refused' : 'posted',
    reason: 'refused' in posted ? cut(withoutSecrets(posted.refused), reasonAtMost) : null,
    source,
    detail: { of: id, pull: pull?.id ?? null, comment: 'refused' in posted ? null : posted.comment },
  });
