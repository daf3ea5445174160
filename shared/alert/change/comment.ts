import { short } from '../../story/words.ts';
import { inUtc } from '../../trail/in-utc.ts';
import { plain } from '../plain.ts';
import type { Pull } from './input.ts';
import type { Piece } from './plan.ts';

/** A comment on a commit, or on the pull request that it came by. */
export type Comment = {
  /** `<group>#<version>/<number>`: whoever posts it again says so by it */
  id: string;
  repository: string;
  commit: string;
  /** what the commit is compared with where the comment is shown; null where it is the first */
  parent: string | null;
  pull: Pull | null;
  /** in one sentence, for our own pages */
  says: string;
  /** Markdown, at most 10,240 characters (CodeCommit User Guide, "Quotas") */
  text: string;
};

/** @param id a name that no other comment has */
export const commentOn = ({ change, news }: Piece, id: string): Comment => ({
  id,
  repository: change.repository ?? '',
  commit: change.commit,
  parent: change.parent,
  pull: change.pull,
  says: `${short(change.commit)} ${news.says}`,
  text: [
    `**Escalator:** ${short(change.commit)} ${safe(news.says)} (${inUtc(news.at)})`,
    `Next: ${safe(news.next)}.`,
    `\`escalator ${news.incident === null ? `change ${short(change.commit)}` : `why ${safeName(news.incident)}`}\` shows more.`,
  ].join('\n\n'),
});

/**
 * Other people's text in Markdown: nothing of it is marked up, leads anywhere, calls anybody or hides. A backslash before
 * ASCII punctuation makes it plain (CommonMark 0.31, section 2.4); what begins a tag or an entity is written out.
 */
const safe = (text: string): string =>
  plain(text.replaceAll(/\p{Cf}/gu, ''))
    .replaceAll(/[\\`*_{}[\]()|~#!]/g, (mark) => `\\${mark}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '(at)');

/** In code nothing is marked up but the end of it. */
const safeName = (text: string): string => plain(text).replaceAll('`', '');
