import * as z from 'zod';
import { EscalatorError } from '../errors.ts';

/** Where a page ended: the segment and the seq of its last item, for one set of filters. Opaque to whoever holds it. */
export type Cursor = { segment: number; seq: number };

const Shape = z.strictObject({
  f: z.string().max(2_000),
  g: z.number().int().nonnegative(),
  s: z.number().int().nonnegative(),
});

export const writeCursor = ({ segment, seq }: Cursor, filters: string): string =>
  Buffer.from(JSON.stringify({ f: filters, g: segment, s: seq })).toString('base64url');

/** Reads a cursor back. Throws ESC-012 when it is none of ours, or belongs to another question. */
export const readCursor = (text: string, filters: string): Cursor => {
  const parsed = Shape.safeParse(parse(text));
  if (!parsed.success || parsed.data.f !== filters)
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
