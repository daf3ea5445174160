import type { LaneSegment } from '../../shared/ports.ts';

/** An entry that says it was recorded well before the one before it. */
export type Misdated = { seq: number; /** as it says, and as the one before says */ observedAt: string; after: string };

/** Clocks of machines that are kept right differ by less. */
const toleratedMs = 5 * 60_000;

/**
 * Looks at the times of recording of entries, one segment after the other. They are read from the records, which are
 * hashed, and not from the segment, which is not.
 *
 * @param before the record before the first, as it stands; null where there is none
 */
export const datesAfter = (before: Uint8Array | null) => {
  let last = before === null ? null : observedAt(Buffer.from(before).toString('utf8'));
  let misdated: Misdated | null = null;
  return {
    look: ({ first, lines }: LaneSegment): void => {
      for (const [index, line] of lines.entries()) {
        const at = observedAt(line);
        if (last !== null && Date.parse(last) - Date.parse(at) > toleratedMs)
          misdated ??= { seq: first + index, observedAt: at, after: last };
        last = at;
      }
    },
    /** the first of them */
    misdated: (): Misdated | null => misdated,
  };
};

const observedAt = (line: string): string => String((JSON.parse(line) as { observedAt?: unknown }).observedAt);
