import * as z from 'zod';
import { EscalatorError } from '../errors.ts';
import { sha256 } from '../trail/canonical.ts';

/** Where a page ended: the segment and the seq of its last item, for one question. Opaque to whoever holds it. */
export type Cursor = { segment: number; seq: number };

const place = z.int().nonnegative();
const Shape = z.strictObject({ q: z.string(), g: place, s: place });

/** Enough of a hash to tell a question's cursors from another's; they hold nothing that needs to be kept. */
const tagOf = (question: string): string => sha256(question).slice(0, 16);

export const writeCursor = ({ segment, seq }: Cursor, question: string): string =>
  Buffer.from(JSON.stringify({ q: tagOf(question), g: segment, s: seq })).toString('base64url');

/** Reads a cursor back. Throws ESC-012 when it is none of ours, or belongs to another question. */
export const readCursor = (text: string, question: string): Cursor => {
  const parsed = Shape.safeParse(parse(text));
  if (!parsed.success || parsed.data.q !== tagOf(question))
    throw new EscalatorError('ESC-012', 'the cursor is not of this question', 'begin again without a cursor');
  return { segment: parsed.data.g, seq: parsed.data.s };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};
