import type { Config } from '../config/config.ts';
import { configTexts } from '../config/on-record.ts';
import { parseConfig } from '../config/parse.ts';
import type { DecidedOn } from '../ladder/record.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import { type Evidence, evidenceIn } from './evidence.ts';
import type { Happening } from './happening.ts';

/** What the trail says of the past, as rehearsing it needs it. */
export type Past = {
  /** in the order of the lane */
  happenings: Happening[];
  /** the configurations whose text is known, by digest */
  configs: Map<string, Config>;
  evidence: Evidence;
  /** until when the past reaches */
  end: Instant;
};

/**
 * Puts a past together.
 *
 * @param entries in any order; one that stands there twice counts once
 * @param given configurations whose text the trail may not have
 */
export const pastOf = (entries: Iterable<Entry>, given: Config[] = []): Past => {
  const bySeq = new Map([...entries].map((entry) => [entry.seq, entry]));
  const all = [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
  const happenings = all.flatMap((entry) => happeningOf(entry, bySeq));
  return {
    happenings,
    configs: new Map([...configsIn(all), ...given.map((config) => [config.digest, config] as const)]),
    evidence: evidenceIn(happenings),
    end: all.reduce((end, { observedAt }) => (observedAt > end ? observedAt : end), ''),
  };
};

const happeningOf = (entry: Entry, bySeq: Map<number, Entry>): Happening[] => {
  if (entry.source.name !== 'escalator' || entry.part.of === 1) return [{ type: 'entry', seq: entry.seq, entry }];
  const first = bySeq.get(entry.seq - entry.part.index);
  if (first?.kind !== 'ladder.decided') return [{ type: 'entry', seq: entry.seq, entry }];
  return entry.part.index === 0 ? versionIn(entry, bySeq) : [];
};

/** A version that is not there as a whole is left out: whoever folds it finds the gap. */
const versionIn = (first: Entry, bySeq: Map<number, Entry>): Happening[] => {
  const entries = Array.from({ length: first.part.of }, (_, index) => bySeq.get(first.seq + index));
  const whole = entries.filter((entry) => entry !== undefined);
  if (whole.length < first.part.of) return [];
  const { ladder, version, input, readings, now, config } = first.detail as unknown as DecidedOn & {
    ladder: string;
    version: number;
  };
  const on = { input, readings, now, config };
  return [{ type: 'version', seq: first.seq, version: { ladder, version, seq: first.seq, on, entries: whole } }];
};

/** What cannot be read as a configuration any more counts as not known. */
const configsIn = (entries: Entry[]): [string, Config][] =>
  [...configTexts(entries)].flatMap(([digest, text]): [string, Config][] => {
    const read = parseConfig(text, digest);
    return 'config' in read ? [[digest, { ...read.config, digest }]] : [];
  });
