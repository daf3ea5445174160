import { leafHash } from '../../shared/trail/merkle.ts';
import { leavesFile, linesFile, type File, type Files, type Pack } from './make-pack.ts';
import type { Random } from './random.ts';

/** What is done to the bytes of one file; null where it changes nothing. */
export type Damage = (bytes: Buffer, random: Random) => Buffer | null;

export const flipBit: Damage = (bytes, random) => {
  if (bytes.length === 0) return null;
  const flipped = Buffer.from(bytes);
  const at = random.below(bytes.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
  return flipped;
};

export const deleteBytes: Damage = (bytes, random) => {
  if (bytes.length === 0) return null;
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(random.pick([1, 1, 40, 200])))]);
};

const inserted = ['\n', '\r', ' ', '\u0000', '0', '{}\n', '"seq":3,', '\ufeff', '=', 'A'.repeat(70_000)];

export const insertBytes: Damage = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(inserted)), bytes.subarray(at)]);
};

export const truncate: Damage = (bytes, random) =>
  bytes.length === 0 ? null : bytes.subarray(0, random.pick([0, bytes.length - 1, random.below(bytes.length)]));

/** What is done to the lines of entries.jsonl. */
export type LineDamage = (lines: string[], random: Random) => string[];

const at = (lines: string[], random: Random): number => random.below(lines.length);

export const lineDamages: { [name: string]: LineDamage } = {
  'a line deleted': (lines, random) => lines.toSpliced(at(lines, random), 1),
  'lines deleted': (lines, random) => lines.toSpliced(at(lines, random), 1 + random.below(5)),
  'lines deleted here and there': (lines, random) => lines.filter(() => random.chance(0.7)),
  'a line inserted': (lines, random) =>
    lines.toSpliced(
      random.below(lines.length + 1),
      0,
      random.pick(['', '{}', 'null', '{"seq":1}', random.pick(lines)]),
    ),
  'a line duplicated': (lines, random) => {
    const index = at(lines, random);
    return lines.toSpliced(index, 0, lines[index] ?? '');
  },
  'two lines swapped': (lines, random) => {
    const [one, other] = [at(lines, random), at(lines, random)];
    return lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
  },
  'a seq altered': (lines, random) => {
    const index = at(lines, random);
    const seq = random.pick(['0', '1', '7', '-1', '1e3', '9007199254740993', '"3"', 'null']);
    return lines.with(index, (lines[index] ?? '').replace(/"seq":\d+,"service"/, `"seq":${seq},"service"`));
  },
  'a prev altered': (lines, random) => {
    const index = at(lines, random);
    return lines.with(index, (lines[index] ?? '').replace(/"prev":"[0-9a-f]{8}/, '"prev":"deadbeef'));
  },
};

/** What an insider without the key can do about an altered entry: which of its followers and leaves are made to fit. */
export type Rehash = { followers: boolean; leaves: boolean };

/** Alters the entry at `index`, and whatever can be made to fit again. */
export const rehash = ({ entries }: Pack, index: number, { followers, leaves }: Rehash): [string, File][] => {
  let before: { seq: number; hash: string } | null = null;
  const made = entries.map(({ seq, line }, place) => {
    const isLinked = followers && place > index && before?.seq === seq - 1;
    const linked = isLinked
      ? line.replace(/"prev":"[0-9a-f]{64}","reason"/, `"prev":"${before?.hash}","reason"`)
      : line;
    const altered = place === index ? linked.replace('"subject":"arn:aws:', '"subject":"arn:aws:forged:') : linked;
    before = { seq, hash: leafHash(altered) };
    return { ...before, line: altered };
  });
  const lines: [string, File] = ['entries.jsonl', linesFile(made.map(({ line }) => line))];
  return leaves ? [lines, ['leaves', leavesFile(made)]] : [lines];
};

/** Entries and their leaves, as far as `keep` says. */
export const only = ({ entries, leaves }: Pack, keep: (seq: number) => boolean): [string, File][] => {
  const kept = entries.filter(({ seq }) => keep(seq));
  return [
    ['entries.jsonl', linesFile(kept.map(({ line }) => line))],
    ['leaves', leavesFile(kept.map(({ seq }) => ({ seq, hash: leaves[seq] ?? '' })))],
  ];
};

export const isSame = (a: Files, b: Files): boolean =>
  a.size === b.size && [...a].every(([path, file]) => isSameFile(file, b.get(path)));

export const isSameFile = (a: File | undefined, b: File | undefined): boolean =>
  Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : a === b;
