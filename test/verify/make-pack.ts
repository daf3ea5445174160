import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Json } from '../../shared/trail/entry.ts';
import { draftOf } from '../harness/drafts.ts';
import { leavesOf, origin, type Trail, trailOf, treeHash } from './make-trail.ts';
import { type Random, randomFrom } from './random.ts';
import { type Signer, signerFrom } from './signer.ts';

/** What a file of a pack is: its bytes, or, where somebody was at work, a link, or `sparse` bytes of nothing. */
export type File = Buffer | { link: string } | { before: Buffer; sparse: number };
export type Files = Map<string, File>;

/** Which entries go into it: all, a stretch of time, or only what concerns one thing. */
export type Form = 'everything' | 'period' | 'filtered';
export type Plan = {
  seed: number;
  size: number;
  form: Form;
  details: number;
  checkpoints: number;
  later: number;
  /** the exporter leaves large details out, and vouches for the rest */
  detailsLeftOut?: boolean;
};

/** A valid pack, and what its maker knows of it. */
export type Pack = {
  plan: Plan;
  files: Files;
  signer: Signer;
  /** what is in entries.jsonl */
  entries: { seq: number; line: string }[];
  /** of the whole trail, also of what was left out */
  leaves: string[];
  /** sizes of the checkpoints in checkpoints/ */
  earlier: number[];
};

/** A plan from a seed: mostly small packs, since what can go wrong does with few entries. */
export const planOf = (seed: number): Plan => {
  const random = randomFrom(seed);
  const size = random.chance(0.02) ? 1 + random.below(600) : 1 + random.below(40);
  const form = random.pick(['everything', 'period', 'filtered'] as const);
  return { seed, size, form, details: random.below(3), checkpoints: random.below(4), later: random.below(3) };
};

/**
 * Builds a pack straight from docs/reference/evidence-pack.md: a trail of `size` entries, the last of which records
 * the export; `later` ones recorded before the seal.
 */
export const makePack = (plan: Plan): Pack => {
  const random = randomFrom(plan.seed ^ 0x5eed);
  const signer = signerFrom(origin, plan.seed);
  const trail = trailOf(plan.size - 1, plan.details, plan.seed);
  const chosen = choose(trail, plan.form, random);
  const earlier = someSizes(plan, random);
  const before = leavesOf(trail.lines);
  const details = plan.detailsLeftOut === true ? new Map<string, Buffer>() : trail.details;
  const files: Files = new Map<string, File>(summedFiles({ ...trail, details }, chosen.seqs, earlier, signer, before));
  const sums = sumsOf(files);
  files.set('SHA256SUMS', Buffer.from(sums));
  trail.append(draftOf({ kind: 'trail.exported', detail: { asked: chosen.asked, sums: sha256(sums) } }));
  for (let later = 0; later < plan.later; later += 1) trail.append(draftOf({ reason: 'recorded before the seal' }));
  const leaves = leavesOf(trail.lines);
  const entries = [...chosen.seqs, plan.size - 1].map((seq) => ({ seq, line: trail.lines[seq] ?? '' }));
  const seqs = entries.map(({ seq }) => seq);
  files.set('entries.jsonl', linesFile(entries.map(({ line }) => line)));
  files.set('leaves', leavesFile(entries.map(({ seq }) => ({ seq, hash: leaves[seq] ?? '' }))));
  files.set('proof', Buffer.from(proofOf(leaves, seqs, earlier)));
  files.set('checkpoint', Buffer.from(signer.note(leaves.length, treeHash(leaves, 0, leaves.length))));
  return { plan, files, signer, entries, leaves, earlier };
};

export const linesFile = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

export const leavesFile = (leaves: readonly { seq: number; hash: string }[]): Buffer =>
  Buffer.from(leaves.map(({ seq, hash }) => seq.toString(16).padStart(16, '0') + hash).join(''), 'hex');

/** What is exported, apart from the export's own entry, and how that entry says what was asked for. */
const choose = (trail: Trail, form: Form, random: Random): { seqs: number[]; asked: Json } => {
  const seqs = [...trail.lines.keys()];
  if (form === 'everything') return { seqs, asked: { everything: true } };
  if (form === 'filtered' || seqs.length === 0)
    return { seqs: seqs.filter(() => random.chance(0.4)), asked: { change: 'c0ffee' } };
  const [since, until] = [random.pick(trail.times), random.pick(trail.times)].toSorted();
  const first = trail.times.findLastIndex((at) => at < (since ?? ''));
  const last = trail.times.findIndex((at) => at >= (until ?? ''));
  return { seqs: seqs.slice(Math.max(0, first), last + 1), asked: { since: since ?? '', until: until ?? '' } };
};

const someSizes = ({ size, checkpoints }: Plan, random: Random): number[] => {
  const sizes = Array.from({ length: size > 1 ? checkpoints : 0 }, () => 1 + random.below(size - 1));
  return [...new Set(sizes)].toSorted((a, b) => a - b);
};

const summedFiles = (
  trail: Trail,
  seqs: number[],
  earlier: number[],
  signer: Signer,
  leaves: string[],
): [string, File][] => {
  const isThere = (digest: string): boolean => seqs.some((seq) => trail.lines[seq]?.includes(digest));
  return [
    ['changes.csv', Buffer.from(`commit,outcome\r\nc0ffee,${seqs.length}\r\n`)],
    ['exceptions.csv', Buffer.from('what,seq\r\n')],
    ['verify.html', Buffer.from('<!doctype html>\n<title>Evidence</title>\n')],
    ...[...trail.details]
      .filter(([digest]) => isThere(digest))
      .map(([digest, body]): [string, File] => [`details/${digest}`, body]),
    ...earlier.map((size): [string, File] => [
      `checkpoints/${size}`,
      Buffer.from(signer.note(size, treeHash(leaves, 0, size))),
    ]),
  ];
};

const isSummed = (path: string): boolean => /\.(?:csv|html)$|\//.test(path);

/** SHA256SUMS of the files as they are. */
export const sumsOf = (files: Files): string =>
  [...files]
    .filter((entry): entry is [string, Buffer] => isSummed(entry[0]) && Buffer.isBuffer(entry[1]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`)
    .join('');

/** The hashes of what lies between, as "The root" of the document takes them. */
export const proofOf = (leaves: string[], seqs: number[], earlier: number[]): string => {
  const ends = [...seqs, ...earlier, leaves.length].toSorted((a, b) => a - b);
  const isEntry = new Set(seqs);
  let proof = '';
  for (let at = 0; at < leaves.length;) {
    const end = ends.find((size) => size > at) ?? leaves.length;
    const span = isEntry.has(at) ? 1 : alignedSpan(at, end);
    if (!isEntry.has(at)) proof += `${Buffer.from(treeHash(leaves, at, at + span), 'hex').toString('base64')}\n`;
    at += span;
  }
  return proof;
};

/** The largest power of two that divides `at` and does not reach beyond `end`. */
const alignedSpan = (at: number, end: number): number => {
  let span = 1;
  while (at % (span * 2) === 0 && at + span * 2 <= end) span *= 2;
  return span;
};

/** Writes the files into a directory that is not there yet or is empty. */
export const writePack = (files: Files, dir: string): void => {
  mkdirSync(dir, { recursive: true });
  for (const [path, file] of files) {
    const target = join(dir, path);
    if (path.includes('/')) mkdirSync(dirname(target), { recursive: true });
    if (Buffer.isBuffer(file)) writeFileSync(target, file);
    else if ('link' in file) symlinkSync(file.link, target);
    else {
      writeFileSync(target, file.before);
      truncateSync(target, file.sparse);
    }
  }
};
