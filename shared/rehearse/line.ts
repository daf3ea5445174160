import type { Instant } from '../trail/entry.ts';

/** What a rehearsal says of one ladder, oldest first. */
export type Line =
  | { type: 'same'; at: Instant; version: number; on: string; recorded: string[] }
  | {
      type: 'differs';
      at: Instant;
      /** the version that was recorded; null where nothing was decided then */
      version: number | null;
      on: string;
      recorded: string[];
      rehearsed: string[];
      /** the settings that make the difference */
      why: string[];
      /** what is done in the world differs: what comes after cannot be known */
      acts: boolean;
    }
  /** from here on nobody can know */
  | { type: 'unknown'; at: Instant; why: string }
  /** exact again, with the state as recorded; so many recorded decisions were passed by */
  | { type: 'again'; at: Instant; passed: number };

export type Differs = Extract<Line, { type: 'differs' }>;
