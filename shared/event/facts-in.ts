import type { Group } from '../trail/entry.ts';
import type { Context } from './fact.ts';
import type { Kind } from './kinds.ts';
import { normalise } from './normalise.ts';
import { quarantine } from './quarantine.ts';
import { readEvent } from './read-event.ts';
import { shrink, type StoredDetail } from './shrink.ts';

export type { Context } from './fact.ts';

/** What one message puts on record, and the large details to be stored before. */
export type Facts = { groups: Group<Kind>[]; objects: StoredDetail[] };

/**
 * Everything that is thought between a queue and the trail: a message's body in, groups ready to be appended out.
 * Never throws, whatever the body is.
 *
 * @param body the message as it came
 * @param context what an event does not say itself
 */
export const factsIn = (body: string, context: Omit<Context, 'raw'>): Facts => {
  const within = { ...context, raw: body };
  const read = readEvent(body);
  const groups = 'event' in read ? normalise(read.event, within) : [quarantine(read.quarantined, within)];
  const shrunk = groups.map(({ key, entries }) => ({ key, entries: entries.map(shrink) }));
  return {
    groups: shrunk.map(({ key, entries }) => ({ key, entries: entries.map(({ draft }) => draft) })),
    objects: shrunk.flatMap(({ entries }) => entries.flatMap(({ object }) => object ?? [])),
  };
};
