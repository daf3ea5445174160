import type { Json } from '../trail/entry.ts';
import type { AwsEvent } from './envelope.ts';
import { isListOfEvents, isObject } from './fields.ts';
import { readJson, type Unreadable } from './json.ts';
import { readStackLines } from './stack-lines.ts';

/**
 * Reads a message as one event, an object in JSON or the lines that CloudFormation writes, or as a list of events.
 *
 * @param raw the message's body as it came, at most 1 MiB
 * @returns the event, or the named reason why there is none: such a message is quarantined, never lost
 */
export const readEvent = (raw: string): { event: AwsEvent | Json[] } | { quarantined: Unreadable } => {
  const read = readJson(raw);
  if ('value' in read) return ofValue(read.value);
  const lines = read.unreadable === 'too-long' ? null : readStackLines(raw);
  return lines === null ? { quarantined: read.unreadable } : { event: lines };
};

const ofValue = (value: Json): { event: AwsEvent | Json[] } | { quarantined: Unreadable } =>
  isObject(value) || isListOfEvents(value) ? { event: value } : { quarantined: 'not-an-object' };
