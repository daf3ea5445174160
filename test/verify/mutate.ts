import { sha256 } from '../../shared/trail/canonical.ts';
import { origin, treeHash } from './make-trail.ts';
import {
  type Damage,
  deleteBytes,
  flipBit,
  insertBytes,
  isSame,
  lineDamages,
  only,
  rehash,
  truncate,
} from './damage.ts';
import { type File, type Files, linesFile, type Pack, proofOf, sumsOf } from './make-pack.ts';
import { type Random, randomFrom } from './random.ts';
import { signerFrom } from './signer.ts';
import { type Wanted, wantedOf } from './wanted.ts';

/** A pack that somebody was at, how it is verified, and what that must at least find. */
export type Mutation = {
  name: string;
  files: Files;
  /** a checkpoint kept from last time, to compare with */
  kept?: string;
  /** another key file than the signer's */
  key?: string;
  /** where in the pack itself the key is taken from */
  keyInside?: string;
  wanted: Wanted;
};

/** How a mutation changes a pack; null where it does not apply to this one. `wanted` where it knows more than can be told from the files. */
type Change = (Omit<Mutation, 'name' | 'wanted'> & { wanted?: Wanted }) | null;
type Mutator = (pack: Pack, random: Random) => Change;

const changed = (pack: Pack, over: [string, File][], without: string[] = []): Files => {
  const files = new Map([...pack.files, ...over]);
  for (const path of without) files.delete(path);
  return files;
};

const bytesOf = (pack: Pack, path: string): Buffer => {
  const file = pack.files.get(path);
  return Buffer.isBuffer(file) ? file : Buffer.alloc(0);
};

const important = ['entries.jsonl', 'leaves', 'proof', 'checkpoint', 'SHA256SUMS'];

/** The files that matter most half of the time, any of them otherwise. */
const somePath = (pack: Pack, random: Random): string =>
  random.chance(0.5) ? random.pick(important) : random.pick([...pack.files.keys()]);

const damaged =
  (damage: Damage): Mutator =>
  (pack, random) => {
    const path = somePath(pack, random);
    const bytes = damage(bytesOf(pack, path), random);
    return bytes === null ? null : { files: changed(pack, [[path, bytes]]) };
  };

const withLines =
  (damage: (lines: string[], random: Random) => string[]): Mutator =>
  (pack, random) => {
    const lines = damage(
      pack.entries.map(({ line }) => line),
      random,
    );
    return { files: changed(pack, [['entries.jsonl', linesFile(lines)]]) };
  };

const deleteFile: Mutator = (pack, random) => ({ files: changed(pack, [], [somePath(pack, random)]) });

const swapFiles: Mutator = (pack, random) => {
  const [one, other] = [somePath(pack, random), somePath(pack, random)];
  return {
    files: changed(pack, [
      [one, bytesOf(pack, other)],
      [other, bytesOf(pack, one)],
    ]),
  };
};

/** Only the checkpoints tell: what was hashed again lies behind the last one that still fits. */
const rehashAll: Mutator = (pack, random) => {
  const index = random.below(pack.entries.length);
  const seq = pack.entries[index]?.seq ?? 0;
  const firstBad = pack.earlier.findLast((size) => size <= seq) ?? 0;
  const files = changed(pack, rehash(pack, index, { followers: true, leaves: true }));
  return { files, wanted: { exits: [2], firstBad } };
};

const rehashPart: Mutator = (pack, random) => {
  const part = random.pick([
    { followers: true, leaves: false },
    { followers: false, leaves: true },
    { followers: false, leaves: false },
  ]);
  return { files: changed(pack, rehash(pack, random.below(pack.entries.length), part)) };
};

/** Entries taken out, and their leaves with them, so that those two agree. */
const cutOut: Mutator = (pack, random) => ({
  files: changed(
    pack,
    only(pack, () => random.chance(0.8)),
  ),
});

const noteAt = (pack: Pack, size: number): string => pack.signer.note(size, treeHash(pack.leaves, 0, size));

/** Entries above an older checkpoint stay where they are, or go; the newer one was kept by somebody, or by nobody. */
const olderCheckpoint: Mutator = (pack, random) => {
  if (pack.leaves.length < 2) return null;
  const size = 1 + random.below(pack.leaves.length - 1);
  const cut = random.chance(0.5) ? only(pack, (seq) => seq < size) : [];
  const files = changed(pack, [['checkpoint', Buffer.from(noteAt(pack, size))], ...cut]);
  return random.chance(0.5) ? { files } : { files, kept: noteAt(pack, pack.leaves.length) };
};

/** The pack is good, and not the history that was seen last time. */
const otherHistory: Mutator = (pack, random) => {
  const size = pack.leaves.length + 1 + random.below(50);
  const kept = random.pick([
    pack.signer.note(size, sha256('grown')),
    pack.signer.note(pack.leaves.length, sha256('other')),
  ]);
  return { files: pack.files, kept, wanted: { exits: [2], firstBad: null } };
};

/** Whatever was done, by somebody who is held against a checkpoint that was kept. */
const heldAgainst: Mutator = (pack, random) => {
  const change = pickOne(pack, random);
  if (change === null || change.kept !== undefined || !isBad(pack, change)) return null;
  const kept = noteAt(pack, random.below(pack.leaves.length + 1));
  return { ...change, kept, wanted: { ...(change.wanted ?? wantedOf(pack, change.files)), exits: [2, 3, 4] } };
};

/** A checkpoint was kept, and not well. */
const keptBadly: Mutator = (pack, random) => {
  const kept = random.pick([flipBit, deleteBytes, truncate])(Buffer.from(noteAt(pack, pack.leaves.length)), random);
  return kept === null
    ? null
    : { files: pack.files, kept: kept.toString('latin1'), wanted: { exits: [2, 4], firstBad: null } };
};

/** The loss of an entry must not hide that a table was replaced, as long as the entry that vouches for it is there. */
const lostAndReplaced: Mutator = (pack, random) => {
  if (pack.entries.length < 2) return null;
  const lines = pack.entries.map(({ line }) => line).toSpliced(random.below(pack.entries.length - 1), 1);
  const tables = otherTable(pack, random)?.files ?? pack.files;
  return { files: new Map(tables).set('entries.jsonl', linesFile(lines)), wanted: { exits: [2] } };
};

/** Genuine entries, well proved, and tables that nobody vouches for: the export's own entry is not among them. */
const madeAnew: Mutator = (pack, random) => {
  const entries = pack.entries.filter((_, index) => index < pack.entries.length - 1);
  const seqs = entries.map(({ seq }) => seq);
  if (seqs.length < 2) return null;
  const tables = otherTable(pack, random)?.files ?? pack.files;
  const files = new Map([...tables, ...only(pack, (seq) => seqs.includes(seq))]);
  files.set('proof', Buffer.from(proofOf(pack.leaves, seqs, pack.earlier)));
  if (random.chance(0.5)) files.set('entries.jsonl', linesFile(entries.slice(1).map(({ line }) => line)));
  return { files, wanted: { exits: [2] } };
};

const strayPaths = [
  'README',
  'a\\b',
  '.hidden',
  'details/x',
  'checkpoints/007',
  'checkpoints/1.bak',
  'sub/entries.jsonl',
  'key',
];

const addFile: Mutator = (pack, random) => {
  const path = random.pick([...strayPaths, `details/${sha256('added')}`, `checkpoints/${pack.leaves.length}`]);
  const bytes = random.pick(['', 'added', noteAt(pack, pack.leaves.length)]);
  return pack.files.has(path) ? null : { files: changed(pack, [[path, Buffer.from(bytes)]]) };
};

const addLink: Mutator = (pack, random) => {
  const link = random.pick(['/etc/hostname', 'entries.jsonl', '.', '..', 'nowhere', '/dev/zero']);
  const path = random.pick([...pack.files.keys(), 'stray']);
  return { files: changed(pack, [[path, { link }]]) };
};

const climbs = [
  '../../etc/passwd',
  '/etc/passwd',
  'details/../../x',
  'details',
  'entries.jsonl',
  'C:\\x',
  './changes.csv',
];

/** 10 GB of nothing, on the disk no more than what was there before. */
const sparse: Mutator = (pack, random) => {
  const path = somePath(pack, random);
  const before = random.chance(0.5) ? bytesOf(pack, path) : Buffer.alloc(0);
  return { files: changed(pack, [[path, { before, sparse: 10 * 1024 ** 3 }]]) };
};

/** A name that climbs out of the pack must be refused, not followed; whether or not SHA256SUMS is otherwise right. */
const climb: Mutator = (pack, random) => {
  const lines = bytesOf(pack, 'SHA256SUMS').toString().split('\n').slice(0, -1);
  const sums = [...lines, `${sha256('')}  ${random.pick(climbs)}`].map((line) => `${line}\n`).join('');
  return { files: changed(pack, [['SHA256SUMS', Buffer.from(sums)]]) };
};

/** A table is altered, and its digest too; but not the entry that recorded the export. */
const otherTable: Mutator = (pack) => {
  const files = changed(pack, [['changes.csv', Buffer.from('commit,outcome\r\nc0ffee,approved\r\n')]]);
  return { files: files.set('SHA256SUMS', Buffer.from(sumsOf(files))) };
};

/** Whoever made the pack can have made the key as well. */
const keyInside: Mutator = (pack, random) => {
  const path = random.pick(['key', 'details/key', 'key.pub']);
  const files = changed(pack, [[path, Buffer.from(pack.signer.keyFile)]]);
  return { files, keyInside: path, wanted: { exits: [4], firstBad: null } };
};

/** Made well by somebody else. */
const otherKey: Mutator = (pack, random) => ({
  files: pack.files,
  key: random.pick([signerFrom(origin, pack.plan.seed + 1), signerFrom(`${origin}x`, pack.plan.seed)]).keyFile,
  wanted: { exits: [4], firstBad: null },
});

const simple: { [name: string]: Mutator } = {
  'a bit flipped': damaged(flipBit),
  'bytes deleted': damaged(deleteBytes),
  'bytes inserted': damaged(insertBytes),
  'a file cut off': damaged(truncate),
  'a file deleted': deleteFile,
  'two files swapped': swapFiles,
  ...Object.fromEntries(Object.entries(lineDamages).map(([name, damage]) => [name, withLines(damage)])),
  'hashed again without the key': rehashAll,
  'hashed again in part': rehashPart,
  'entries and leaves taken out': cutOut,
  'an older checkpoint as the new one': olderCheckpoint,
  'not the history of last time': otherHistory,
  'a file added': addFile,
  'a link': addLink,
  'ten gigabytes of nothing': sparse,
  'a name that climbs': climb,
  'a table replaced': otherTable,
  'an entry lost, a table replaced': lostAndReplaced,
  'a checkpoint kept badly': keptBadly,
  'made anew without the export': madeAnew,
  'the key inside': keyInside,
  'another key': otherKey,
};

/** One after the other: what the first left to find, the second may hide. */
const twice: Mutator = (pack, random) => {
  const first = pickOne(pack, random);
  if (first === null) return null;
  const second = pickOne({ ...pack, files: first.files }, random);
  return second === null ? null : { ...first, ...second, wanted: { exits: [2, 3, 4] } };
};

const pickOne = (pack: Pack, random: Random): Change => random.pick(Object.values(simple))(pack, random);

const mutators = { ...simple, 'two of these': twice, 'a checkpoint kept': heldAgainst };
export const mutatorNames = Object.keys(mutators);

const isBad = (pack: Pack, { files, kept, key }: NonNullable<Change>): boolean =>
  kept !== undefined || key !== undefined || !isSame(files, pack.files);

const mostTries = 200;

/** One mutation of a pack, by a seed. What changes nothing is tried again, otherwise. */
export const mutate = (pack: Pack, seed: number): Mutation => {
  const random = randomFrom(seed);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const [name, mutator] = random.pick(Object.entries(mutators));
    const change = mutator(pack, random);
    if (change !== null && isBad(pack, change))
      return { name, ...change, wanted: change.wanted ?? wantedOf(pack, change.files) };
  }
  throw new RangeError(`no mutation of pack ${pack.plan.seed} in ${mostTries} tries`);
};
