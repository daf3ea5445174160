import type { Context } from 'hono';
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { type ErrorCode, EscalatorError } from '../../shared/errors.ts';
import { logFailure } from './house.ts';

// What is wrong with a request is said in words. zod/mini has none of its own; zod itself is five times as large.
z.config(en());

const statuses: { [code in ErrorCode]?: 404 | 502 } = { 'ESC-011': 404, 'ESC-015': 502 };

/** Answers what went wrong, as JSON: 404 for what nobody knows, 400 for what is not well formed, 500 for our own faults. */
export const answerError =
  (name: string) =>
  (error: unknown, context: Context): Response => {
    if (!(error instanceof EscalatorError)) {
      logFailure(name, error);
      const inside = { code: 'ESC-000', message: 'this could not be answered', todo: 'ask again' };
      return context.json({ error: inside }, 500);
    }
    const { code, message, todo } = error;
    return context.json({ error: { code, message, todo: todo ?? null } }, statuses[code] ?? 400);
  };
