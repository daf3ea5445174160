import type { Json } from '../trail/entry.ts';
import type { Envelope } from './envelope.ts';
import { cut, type JsonObject } from './fields.ts';

/**
 * EventBridge writes this beside what it replays from an archive (User Guide, "Replaying archived events"), and so does
 * `escalator replay`. A replayed event is put on record where it is not, says so for good, and sets nothing in motion.
 */
export const replayField = 'replay-name';

/** Longest name kept (characters). */
const maxName = 200;

/** The name of the replay that an event came by; null for one that has just happened. Whatever stands there counts. */
export const replayOf = ({ beside }: Pick<Envelope, 'beside'>): string | null => {
  const name = beside[replayField] ?? null;
  if (name === null) return null;
  return typeof name === 'string' && name !== '' ? cut(name, maxName) : 'unnamed';
};

/** What stands beside an event, without the replay: it is no part of what happened. */
export const besideReplay = ({ beside }: Pick<Envelope, 'beside'>): JsonObject => {
  const { [replayField]: _, ...rest } = beside;
  return rest;
};

/** Whether an entry was put on record by a replay: it happened at some other time, and nothing may come of it now. */
export const isReplayed = ({ detail }: { detail: { [field: string]: Json } }): boolean =>
  (detail['replayed'] ?? null) !== null;
