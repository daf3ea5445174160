import { canonical, sha256 } from '../../shared/trail/canonical.ts';
import type { Draft, Json } from '../../shared/trail/entry.ts';
import { leafHash, nodeHash } from '../../shared/trail/merkle.ts';
import { buildSegment, emptyLane, type Head, linesOf, propose } from '../../shared/trail/segment.ts';
import { draftOf, groupOf } from '../harness/drafts.ts';
import { type Random, randomFrom } from './random.ts';

/** A trail as it was recorded, and the details that were too large for its records. */
export type Recording = { lines: string[]; times: string[]; details: Map<string, Buffer> };
export type Trail = Recording & { append: (draft: Draft) => void };

const lane = '000000000000/us-east-1';
export const origin = `escalator/${lane}`;
const begin = Date.UTC(2026, 10, 21, 4);
const minute = 60_000;

/** What a commit message may hold, since records do. */
const texts = [
  'Raise the limit',
  'quotes " and \\ and\na new line',
  '"seq":7,"prev":"0000"',
  '\u202eevil \u0000 \u2028',
  'Grüße, 世界 🚀',
  '',
  '=HYPERLINK("http://127.0.0.1")',
];
const kinds = ['reference.updated', 'pipeline.execution', 'build.state', 'alarm.state', 'trail.exported', 'unknown'];

/** A trail of `size` entries, in segments of a few groups, a minute apart. */
export const trailOf = (size: number, oversized: number, seed: number): Trail => {
  const random = randomFrom(seed);
  const trail: Recording = { lines: [], times: [], details: new Map() };
  let head: Head = emptyLane;
  const append = (drafts: Draft[]): void => {
    const at = new Date(begin + (head.n + 1) * minute).toISOString();
    const group = propose(groupOf(`test#${head.first + head.count}`, ...drafts));
    const segment = buildSegment(head, [group], { lane, origin, at });
    if (segment === null) throw new RangeError('a group of this size always fits');
    const lines = linesOf(segment);
    trail.lines.push(...lines);
    trail.times.push(...lines.map(() => at));
    head = segment;
  };
  while (trail.lines.length < size) append(someDrafts(random, size - trail.lines.length, oversized, trail.details));
  return { ...trail, append: (draft) => append([draft]) };
};

const someDrafts = (random: Random, most: number, oversized: number, details: Map<string, Buffer>): Draft[] =>
  Array.from({ length: Math.min(most, 1 + random.below(4)) }, () => {
    const message = random.pick(texts);
    const detail: { [field: string]: Json } =
      details.size < oversized
        ? { oversized: detailIn(details, random) }
        : { message, sums: 'f'.repeat(64), filler: 'x'.repeat(random.chance(0.01) ? 40_000 : random.below(60)) };
    return draftOf({ kind: random.pick(kinds), reason: message, detail });
  });

const detailIn = (details: Map<string, Buffer>, random: Random): Json => {
  const body = Buffer.from(canonical({ text: `${random.pick(texts)} ${random.below(1e9)}`.repeat(20) }));
  const digest = sha256(body);
  details.set(digest, body);
  return { sha256: digest, bytes: body.length, redactions: 0 };
};

/** RFC 6962, 2.1: the hash of the leaves from `start` to before `end`, by the definition's own recursion. */
export const treeHash = (leaves: readonly string[], start: number, end: number): string => {
  if (end - start === 0) return sha256('');
  if (end - start === 1) return leaves[start] ?? '';
  let left = 1;
  while (left * 2 < end - start) left *= 2;
  return nodeHash(treeHash(leaves, start, start + left), treeHash(leaves, start + left, end));
};

export const leavesOf = (lines: readonly string[]): string[] => lines.map((line) => leafHash(line));
