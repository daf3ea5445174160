import { whoItWas } from '../trail/actor-name.ts';
import type { Actor } from '../trail/entry.ts';

/** What tells one from another: two sessions of one name in one role are one person. Null where nobody is known. */
export const idOf = (who: Actor): string | null => {
  if (who.type === 'person') return who.id;
  return who.type === 'role-session' ? `${who.role}/${who.session}` : null;
};

/**
 * Whether somebody may be the author that a commit claims: `ada`, as `Ada` or `ada@example.com`. One approval too many
 * is asked for rather than one too few.
 */
export const mayBe = (who: Actor, author: string | null): boolean => {
  if (author === null) return false;
  const said = wordsOf(author);
  return wordsOf(whoItWas(who)).some((word) => said.includes(word));
};

/** Whether two who are known may be one person, whatever they were signed in as. */
export const mayBeOne = (one: Actor, other: Actor): boolean =>
  (idOf(one) !== null && idOf(one) === idOf(other)) || mayBe(one, nameOf(other));

const nameOf = (who: Actor): string | null => (who.type === 'unknown' ? null : whoItWas(who));

const wordsOf = (name: string): string[] => {
  const whole = name.trim().toLowerCase();
  const [mailbox = ''] = whole.split('@');
  return [whole, mailbox].filter((word) => word !== '');
};
