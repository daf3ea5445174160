import { object, text } from '../event/fields.ts';
import type { EntryItem, ToldAnswer } from './answers.ts';
import { whenOf } from './things.ts';

/**
 * What whoever made a change was told of it: by a topic, or on the commit itself, and what came of that; oldest first.
 *
 * @param entries about the change, oldest first
 */
export const toldAnswers = (entries: EntryItem[]): ToldAnswer[] =>
  entries.flatMap((entry) => {
    if (entry.kind === 'comment.due') return [commented(entry, entries)];
    const of = object(entry.detail, 'message', 'of');
    return entry.kind === 'alert.told' && Object.keys(of).length > 0 ? [published(entry)] : [];
  });

const published = (entry: EntryItem): ToldAnswer => ({
  at: whenOf(entry),
  by: 'message',
  says: text(entry.detail, 'message', 'alert', 'headline') ?? '',
  outcome: null,
  reason: null,
  entries: [entry.seq],
});

const commented = (entry: EntryItem, entries: EntryItem[]): ToldAnswer => {
  const id = text(entry.detail, 'comment', 'id');
  const end = entries.find(
    ({ kind, detail }) => /^comment\.(?:posted|refused)$/.test(kind) && text(detail, 'of') === id,
  );
  return {
    at: whenOf(entry),
    by: text(entry.detail, 'comment', 'pull', 'id') === null ? 'comment' : 'comment on the pull request',
    says: text(entry.detail, 'comment', 'says') ?? '',
    outcome: end?.outcome ?? 'on its way',
    reason: end?.reason ?? null,
    entries: [entry.seq, ...(end === undefined ? [] : [end.seq])],
  };
};
