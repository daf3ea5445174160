import { actorName } from '../trail/actor-name.ts';
import type { Actor } from '../trail/entry.ts';
import type { Claimed } from './facts.ts';

/** Who it was, as an auditor can look it up: the ARN, where there is one; and whether only a name was claimed. */
export const whoIs = (actor: Actor): string => {
  switch (actor.type) {
    case 'person':
      return actor.verified ? actor.id : `${actor.id} (unverified)`;
    case 'role-session':
      return actor.id;
    case 'service':
      return actor.name;
    case 'unknown':
      return 'unknown';
  }
};

/** Somebody who had a hand in a change: an identity, or only a claim. */
export type Contributor = Actor | Claimed;

/**
 * Whether the two may be one person. The same name under another role counts as the same person: it is better to look
 * at one approval too many. So does what a commit claims, by name, address, or the address before its `@`.
 */
export const maySame = (actor: Actor, other: Contributor): boolean => {
  if (actor.type === 'unknown') return false;
  const name = actorName(actor).toLowerCase();
  if ('type' in other)
    return sameIdentity(actor, other) || (other.type !== 'unknown' && actorName(other).toLowerCase() === name);
  const email = other.email?.toLowerCase() ?? null;
  return [other.name?.toLowerCase(), email, email?.split('@')[0]].includes(name);
};

const sameIdentity = (one: Actor, other: Actor): boolean => 'id' in one && 'id' in other && one.id === other.id;

/** `Ada <ada@example.com>`, as git writes it. */
export const claimedAs = ({ name, email }: Claimed): string | null => {
  if (email === null) return name;
  return name === null ? `<${email}>` : `${name} <${email}>`;
};
