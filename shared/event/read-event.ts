import type { AwsEvent } from './envelope.ts';
import { isObject } from './fields.ts';
import { readJson, type Unreadable } from './json.ts';
import { readStackLines } from './stack-lines.ts';

/**
 * Reads a message as one event: an object in JSON, or the lines that CloudFormation writes.
 *
 * @param raw the message's body as it came, at most 1 MiB
 * @returns the event, or the named reason why there is none: such a message is quarantined, never lost
 */
export const readEvent = (raw: string): { event: AwsEvent } | { quarantined: Unreadable } => {
  const read = readJson(raw);
  if ('value' in read) return isObject(read.value) ? { event: read.value } : { quarantined: 'not-an-object' };
  const lines = read.unreadable === 'too-long' ? null : readStackLines(raw);
  return lines === null ? { quarantined: read.unreadable } : { event: lines };
};
