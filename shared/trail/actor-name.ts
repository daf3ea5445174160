import type { Actor } from './entry.ts';

/** The name by which an actor is asked for. */
export const actorName = (actor: Actor): string => {
  switch (actor.type) {
    case 'person':
      return actor.name;
    case 'role-session':
      return actor.session;
    case 'service':
      return actor.name;
    case 'unknown':
      return 'unknown';
  }
};

/** The same in a sentence. */
export const whoItWas = (actor: Actor): string => (actor.type === 'unknown' ? 'somebody' : actorName(actor));
