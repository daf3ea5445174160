/** Where a pack is read from: a directory, or the files that were dropped on a page. */
export interface PackSource {
  /** every file, by its path within the pack with `/` between; what is no plain file says so */
  list(): Promise<PackFile[]>;
  /** the bytes of a file, in order, each chunk good until the next is asked for */
  chunks(path: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export type PackFile = { path: string; bytes: number; plain: boolean };

/** What hashes and searches, as fast as the place it runs in can: Node's own, or plain JavaScript in a browser. */
export type Engine = {
  /** hex of SHA-256(0x00 || bytes from `start` to before `end`); `start` is at least 1 and the byte before it may be overwritten */
  leaf: (bytes: Uint8Array, start: number, end: number) => string;
  /** hex of SHA-256(0x01 || left || right) */
  node: (left: string, right: string) => string;
  /** SHA-256 of what comes in pieces */
  digest: () => { update: (bytes: Uint8Array) => void; hex: () => string };
  /** memory to read into; what it holds at first does not matter */
  memory: (bytes: number) => Uint8Array;
  /** where a byte stands next, from `from` on; -1 when nowhere. The bytes are memory of this engine's. */
  nextByte: (bytes: Uint8Array, byte: number, from: number) => number;
  /** where a text of ASCII stands last, beginning at or before `at`; -1 when nowhere. The bytes are memory of this engine's. */
  findLast: (bytes: Uint8Array, text: string, at: number) => number;
  hex: (bytes: Uint8Array) => string;
};

/** The files of a pack with a name of their own. */
export const files = {
  entries: 'entries.jsonl',
  leaves: 'leaves',
  proof: 'proof',
  checkpoint: 'checkpoint',
  sums: 'SHA256SUMS',
  changes: 'changes.csv',
  exceptions: 'exceptions.csv',
  page: 'verify.html',
} as const;

export const checkpointPath = (size: number): string => `checkpoints/${size}`;
export const detailPath = (sha256: string): string => `details/${sha256}`;

/** The size that a path in `checkpoints/` speaks of; null for any other path. */
export const sizeOfPath = (path: string): number | null => {
  const size = /^checkpoints\/(0|[1-9]\d{0,14})$/.exec(path)?.[1];
  return size === undefined ? null : Number(size);
};

const named = new Set<string>(Object.values(files));

/** Whether a pack may have a file of this path. */
export const isPackPath = (path: string): boolean =>
  named.has(path) || sizeOfPath(path) !== null || /^details\/[0-9a-f]{64}$/.test(path);

/** Whether `SHA256SUMS` says what the file's digest is; the others are proved by the checkpoint. */
export const isSummed = (path: string): boolean =>
  path === files.changes || path === files.exceptions || path === files.page || /^(?:details|checkpoints)\//.test(path);

/** What a file manager leaves behind wherever it looks: no evidence, and no tampering. */
export const isLitter = (path: string): boolean => /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(path);

/** A file that is small by its nature, as text. Null where it has more bytes than it may have. */
export const readSmall = async (
  source: PackSource,
  { path, bytes }: PackFile,
  limit: number,
): Promise<string | null> => {
  if (bytes > limit) return null;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  for await (const chunk of source.chunks(path)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > limit) return null;
  }
  return text + decoder.decode();
};
