import type { Instant } from './entry.ts';

/** A time in a sentence, for people wherever they are: `2026-11-21 14:01:19 UTC`. */
export const inUtc = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
