import { isSameFile } from './damage.ts';
import type { File, Files, Pack } from './make-pack.ts';
import { treeHash } from './make-trail.ts';

/** What a verifier must find: one of these exits, and where it is defined, which seq is the first bad one. */
export type Wanted = { exits: number[]; firstBad?: number | null };

const bad = [2, 3, 4];

/**
 * What has to be found in a pack that was good, told by comparing it with what it was. `firstBad` is left out where
 * the document leaves it to what the checkpoints tell.
 */
export const wantedOf = (pack: Pack, files: Files): Wanted => {
  const isUntouched = (path: string): boolean => isSameFile(files.get(path), pack.files.get(path));
  const isRootKnown = isUntouched('checkpoint') && isUntouched('proof') && stopsIn(files) === stopsIn(pack.files);
  if (!isGenuine(pack, files.get('checkpoint'))) return { exits: bad, firstBad: null };
  if (!isRootKnown) return { exits: bad };
  if (isUntouched('entries.jsonl')) return { exits: bad, firstBad: null };
  const entries = files.get('entries.jsonl');
  return isUntouched('leaves') && Buffer.isBuffer(entries) ? wantedOfLines(pack, entries) : { exits: bad };
};

/** Which checkpoints are listed decides where the hashes of `proof` are taken. What is listed wrongly may be anything. */
const stopsIn = (files: Files): string => {
  const sums = files.get('SHA256SUMS');
  const paths = Buffer.isBuffer(sums)
    ? sums
        .toString()
        .split('\n')
        .map((line) => line.slice(66))
    : [...files.keys()];
  return paths
    .filter((path) => /checkpoints/.test(path))
    .toSorted()
    .join();
};

/** A checkpoint of this very trail, of whatever size: any other can tell nothing about the entries. */
const isGenuine = ({ signer, leaves }: Pack, file: File | undefined): boolean => {
  const text = Buffer.isBuffer(file) ? file.toString() : '';
  const size = Number(/^.*\n(\d+)\n/.exec(text)?.[1] ?? -1);
  return size >= 0 && size <= leaves.length && text === signer.note(size, treeHash(leaves, 0, size));
};

/** Lines gone and nothing else: the first that is missing. Otherwise the first that is not the one of its place. */
const wantedOfLines = ({ entries }: Pack, bytes: Buffer): Wanted => {
  const lines = bytes.toString('latin1').split('\n').slice(0, -1);
  const right = entries.map(({ seq, line }) => ({ seq, line: Buffer.from(line).toString('latin1') }));
  let at = 0;
  const gone = right.filter(({ line }) => !(lines[at] === line && ++at > 0));
  if (at === lines.length && gone[0] !== undefined) return { exits: bad, firstBad: gone[0].seq };
  if (at === lines.length && gone.length === 0) return { exits: bad, firstBad: null }; // what follows is no line
  const place = right.findIndex(({ line }, index) => lines[index] !== line);
  return { exits: [2], firstBad: right[place]?.seq ?? (right.at(-1)?.seq ?? -1) + 1 };
};
