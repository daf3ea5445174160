import type { AwsEvent } from './envelope.ts';
import { isObject } from './fields.ts';
import { readJson, type Unreadable } from './json.ts';

/**
 * Reads a message as one event.
 *
 * @param raw the message's body as it came, at most 1 MiB
 * @returns the event, or the named reason why there is none: such a message is quarantined, never lost
 */
export const readEvent = (raw: string): { event: AwsEvent } | { quarantined: Unreadable } => {
  const read = readJson(raw);
  if ('unreadable' in read) return { quarantined: read.unreadable };
  return isObject(read.value) ? { event: read.value } : { quarantined: 'not-an-object' };
};
