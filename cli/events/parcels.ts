import { readJson } from '../../shared/event/json.ts';
import { replayField } from '../../shared/event/replay.ts';
import { readStackLines } from '../../shared/event/stack-lines.ts';
import { isNumberAsWritten, parseExactly } from './exact-json.ts';

/**
 * What a file of recorded events is made of. An event in EventBridge's own form goes in by the bus, as AWS would put
 * it; whatever else stands in a file goes in as it is, by the queue that the bus would fill: the intake must live
 * with it.
 */
export type Parcel =
  | { by: 'bus'; bytes: number; entry: BusEntry }
  | { by: 'queue'; bytes: number; body: string }
  | { by: 'none'; reason: string };

/** An entry of PutEvents. */
export type BusEntry = {
  Source: string;
  DetailType: string;
  Detail: string;
  Time: Date;
  Resources: string[];
};

/** EventBridge and SQS both refuse from here on. EventBridge: "less than 1 MB" for a whole call; SQS: a message of 1 MiB. */
export const maxBytes = 1_048_576;

/** A list is a list of events; anything else is one. */
export const parcelsIn = (text: string): Parcel[] => {
  if (text.trim() === '') return [{ by: 'none', reason: 'it is empty' }];
  const read = jsonOf(text);
  if (!Array.isArray(read)) return [parcelOf(read, text)];
  if (read.length === 0) return [{ by: 'none', reason: 'it is an empty list' }];
  return read.map((one: unknown) => parcelOf(one, JSON.stringify(one)));
};

/**
 * As `parcelsIn`, for events that are replayed: each goes in by the queue, and says so as EventBridge's own replays do
 * (`replay-name`), so that it is put on record and heals nothing.
 */
export const replayedIn = (text: string, name: string): Parcel[] => {
  const read = jsonOf(text);
  if (text.trim() === '' || (Array.isArray(read) && read.length === 0)) return parcelsIn(text);
  if (Array.isArray(read)) return read.map((one: unknown) => queued(replayed(one, name) ?? JSON.stringify(one)));
  const asItIs = 'unreadable' in readJson(text); // it will be quarantined, as it was or would have been
  return [queued((asItIs ? replayedLines(text, name) : replayed(read, name)) ?? text)];
};

const replayed = (event: unknown, name: string): string | null =>
  isObject(event) ? JSON.stringify({ [replayField]: name, ...event }) : null;

/** CloudFormation's lines have no place for a name; a message around them has. */
const replayedLines = (text: string, name: string): string | null =>
  readStackLines(text) === null ? null : JSON.stringify({ [replayField]: name, messageId: name, body: text });

const queued = (body: string): Parcel => {
  const bytes = Buffer.byteLength(body);
  return bytes > maxBytes ? { by: 'none', reason: tooMany(bytes) } : { by: 'queue', bytes, body };
};

const tooMany = (bytes: number): string => `${bytes} bytes are more than AWS takes; wanted: less than ${maxBytes}`;

const jsonOf = (text: string): unknown => {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
};

const parcelOf = (value: unknown, text: string): Parcel => {
  const entry = entryOf(value);
  const bytes = entry === null ? Buffer.byteLength(text) : bytesOf(entry);
  const over = entry === null ? bytes > maxBytes : bytes >= maxBytes;
  if (over) return { by: 'none', reason: tooMany(bytes) };
  return entry === null ? { by: 'queue', bytes, body: text } : { by: 'bus', bytes, entry };
};

/** Null for what PutEvents could not say as it was recorded: then it goes in as it is. */
const entryOf = (value: unknown): BusEntry | null => {
  if (!isObject(value)) return null;
  const { source, 'detail-type': detailType, detail, time, resources = [] } = value;
  if (typeof source !== 'string' || source === '' || typeof detailType !== 'string' || detailType === '') return null;
  if (!isObject(detail) || !isTexts(resources)) return null;
  // Without its own time it would be given ours, and be another fact each time it is put.
  const at = new Date(typeof time === 'string' ? time : Number.NaN);
  if (Number.isNaN(at.getTime())) return null;
  return { Source: source, DetailType: detailType, Detail: JSON.stringify(detail), Time: at, Resources: resources };
};

/** The size of an entry as EventBridge counts it (User Guide, "Calculating PutEvents entry size"). */
const bytesOf = ({ Source, DetailType, Detail, Resources }: BusEntry): number =>
  14 + [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumberAsWritten(value);

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
