import * as z from 'zod/mini';
import { EscalatorError } from '../errors.ts';
import { sha256 } from '../trail/canonical.ts';

/**
 * Where a page ended: the segment and the seq of its last item, for one question, and a mark of what stands there. Opaque
 * to whoever holds it. It says nothing that they were not shown; and on another trail, or one begun anew, the mark
 * does not fit.
 */
export type Cursor = { segment: number; seq: number; mark: string };

const place = z.int().check(z.nonnegative(), z.maximum(999_999_999_999));
const tag = z.string().check(z.regex(/^[0-9a-f]{16}$/));
const Shape = z.strictObject({ q: tag, g: place, s: place, m: tag });

/** Enough of a hash to tell a question's cursors from another's, and one item from another. */
const tagOf = (text: string): string => sha256(text).slice(0, 16);

/** @param item what tells the page's last item from every other, such as its hash */
export const writeCursor = ({ segment, seq }: Omit<Cursor, 'mark'>, question: string, item: string): string =>
  Buffer.from(JSON.stringify({ q: tagOf(question), g: segment, s: seq, m: tagOf(item) })).toString('base64url');

/** Reads a cursor. Throws ESC-012 when it is none of ours, or belongs to another question. */
export const readCursor = (text: string, question: string): Cursor => {
  const parsed = Shape.safeParse(parse(text));
  if (!parsed.success || parsed.data.q !== tagOf(question)) throw refusedCursor();
  return { segment: parsed.data.g, seq: parsed.data.s, mark: parsed.data.m };
};

/** Whether what stands in its place is what the page ended with. */
export const isAt = ({ mark }: Cursor, item: string): boolean => mark === tagOf(item);

/** Every wrong cursor is refused in the same words: they tell nothing of what is right. */
export const refusedCursor = (): EscalatorError =>
  new EscalatorError(
    'ESC-012',
    'the cursor is not of this question',
    'pass back the "next" of a page with the same filters, or begin again without a cursor',
  );

/** Exactly as it was written: what merely decodes to the same is not ours. */
const parse = (text: string): unknown => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
};
