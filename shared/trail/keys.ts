import { sha256 } from './canonical.ts';

/**
 * Every key of the trail's table on one screen, each named by the question it answers. Numbers are padded, since
 * sort keys compare as text; times are fixed-width UTC.
 */
export const keys = {
  /** the lane, in order; the newest segment is the head */
  segment: (lane: string, n: number) => ({ pk: `LANE#${lane}`, sk: pad(n) }),
  /** has this group been recorded, and where? */
  marker: (lane: string, group: string) => ({ pk: `FACT#${lane}#${group}`, sk: 'MARKER' }),
  /** how far has a reader come? */
  cursor: (lane: string, reader: string) => ({ pk: `CURSOR#${lane}`, sk: reader }),
  /** what must be looked at again, soonest first? */
  timer: (lane: string, due: string, id: string) => ({ pk: `TIMER#${lane}`, sk: `${due}#${id}` }),
  /** how often was something begun whose end may never be heard of? */
  tries: (lane: string, key: string) => ({ pk: `TRIES#${lane}#${bounded(key)}`, sk: 'TRIES' }),
  /** a question's answers, newest last */
  row: (lane: string, question: string, sort: string) => ({ pk: `ASK#${lane}#${bounded(question)}`, sk: sort }),
};

/** DynamoDB takes partition keys of up to 2,048 bytes. What events say is asked for by hash where it is longer. */
const longestQuestionBytes = 1_024;
const bounded = (question: string): string =>
  Buffer.byteLength(question) <= longestQuestionBytes ? question : `sha256:${sha256(question)}`;

/** Twelve digits: enough for a segment every millisecond for thirty years. */
export const pad = (n: number): string => String(n).padStart(12, '0');
