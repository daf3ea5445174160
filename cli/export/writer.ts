import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import { leafHash } from '../../shared/trail/merkle.ts';
import { leafRecord } from '../../shared/verify/leaves.ts';
import { files, isSummed } from '../../shared/verify/source.ts';
import { writeSums } from '../../shared/verify/sums.ts';

/** Writes a pack beside where it will be: it is there whole, or not at all. */
export type PackWriter = {
  /** the directory that it is written in until it is done */
  dir: string;
  /** adds one entry, which comes after those before */
  entry: (seq: number, line: Uint8Array) => void;
  file: (path: string, body: string | Uint8Array) => void;
  /** writes `SHA256SUMS`; answers its digest */
  sums: () => string;
  /** puts the pack in its place */
  done: () => void;
  /** takes away what was written */
  undo: () => void;
};

/** Begins a pack. Throws ESC-007 where there is something in its place already. */
export const packWriter = (out: string): PackWriter => {
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new EscalatorError('ESC-007', `there is something in ${out} already`, 'give --out a directory that is new');
  const dir = `${out.replace(/\/+$/, '')}.part`;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const entries = openSync(join(dir, files.entries), 'wx', 0o600);
  const leaves = openSync(join(dir, files.leaves), 'wx', 0o600);
  const digests = new Map<string, string>();
  const file: PackWriter['file'] = (path, body) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, path), body, { mode: 0o600 });
    if (isSummed(path)) digests.set(path, createHash('sha256').update(body).digest('hex'));
  };
  let open = [entries, leaves];
  const close = (): void => {
    for (const descriptor of open) closeSync(descriptor);
    open = [];
  };
  return {
    dir,
    file,
    entry: (seq, line) => {
      writeSync(entries, line);
      writeSync(entries, '\n');
      writeSync(leaves, Buffer.from(leafRecord({ seq, hash: leafHash(line) }), 'hex'));
    },
    sums: () => {
      const text = writeSums(digests);
      file(files.sums, text);
      return createHash('sha256').update(text).digest('hex');
    },
    done: () => {
      close();
      rmSync(out, { recursive: true, force: true });
      renameSync(dir, out);
    },
    undo: () => {
      close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
