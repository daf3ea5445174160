import { whoItWas } from '../trail/actor-name.ts';
import type { Actor } from '../trail/entry.ts';

/** What tells one from another: two sessions of one name in one role are one person. Null where nobody is known. */
export const idOf = (who: Actor): string | null => {
  if (who.type === 'person') return who.id;
  return who.type === 'role-session' ? `${who.role}/${who.session}` : null;
};

/**
 * Whether somebody may be the author that a commit claims: `ada` or `ada.lovelace@example.com`, as `Ada Lovelace`. One is
 * taken for the other where every word of the shorter name is in the longer one: an approval too many is asked for rather
 * than one too few.
 */
export const mayBe = (who: Actor, author: string | null): boolean => {
  if (author === null) return false;
  const [shorter = [], longer = []] = [wordsOf(whoItWas(who)), wordsOf(author)].toSorted((a, b) => a.length - b.length);
  return shorter.length > 0 && shorter.every((word) => longer.includes(word));
};

/** Whether two who are known may be one person, whatever they were signed in as. */
export const mayBeOne = (one: Actor, other: Actor): boolean =>
  (idOf(one) !== null && idOf(one) === idOf(other)) || mayBe(one, nameOf(other));

const nameOf = (who: Actor): string | null => (who.type === 'unknown' ? null : whoItWas(who));

/** The words of a name; of an address those before its `@`. A name that is none but signs is one word. */
const wordsOf = (name: string): string[] => {
  const said = name.normalize('NFKC').trim().toLowerCase();
  const [mailbox = ''] = said.split('@');
  const words = mailbox.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words.length > 0 || said === '' ? [...new Set(words)] : [said];
};
