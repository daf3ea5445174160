import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a build's output that are kept in its file; what comes after is counted, not kept. */
export const maxLogBytes = 4 * 1024 * 1024;
/** Characters of the newest output kept in memory, for the reason of a failure. */
const tailLength = 8_192;
const newline = 0x0a;

export type BuildLog = {
  /** what a command says */
  write(chunk: Uint8Array): void;
  /** a line of our own */
  note(line: string): void;
  /** from here on `tail` begins */
  mark(): void;
  /** the last lines that commands said since the mark, without control characters: output is text from strangers */
  tail(lines: number): string;
  close(): Promise<void>;
};

/** Opens a build's log file, anew; the output is kept up to a bound, in full order. */
export const openBuildLog = async (file: string, limit = maxLogBytes): Promise<BuildLog> => {
  const handle = await open(file, 'w', 0o600);
  let written = 0;
  let dropped = 0;
  let tail = '';
  let pending = Promise.resolve();
  let failure: unknown = null;
  const append = (bytes: Buffer): void => {
    pending = pending.then(() => writeAll(handle, bytes)).catch((error: unknown) => void (failure ??= error));
  };
  let lineEnded = true;
  const keep = (bytes: Buffer): void => {
    const room = Math.max(0, limit - written);
    if (room > 0) append(bytes.subarray(0, room));
    written += Math.min(room, bytes.length);
    dropped += Math.max(0, bytes.length - room);
    lineEnded = bytes.at(-1) === newline;
  };
  return {
    write: (chunk) => {
      const bytes = Buffer.from(chunk);
      tail = (tail + bytes.toString('utf8')).slice(-tailLength);
      keep(bytes);
    },
    note: (line) => keep(Buffer.from(`${lineEnded ? '' : '\n'}[Container] ${line}\n`)),
    mark: () => void (tail = ''),
    tail: (lines) => printable(tail).trimEnd().split('\n').slice(-lines).join('\n'),
    close: async () => {
      if (dropped > 0) append(Buffer.from(`\n[Container] ${dropped} more bytes of output were left out\n`));
      await pending;
      await handle.close();
      if (failure !== null) throw failure;
    },
  };
};

const writeAll = async (handle: FileHandle, bytes: Buffer): Promise<void> => {
  await handle.writeFile(bytes);
};

/** Without escape sequences and control characters, except line ends and tabs. */
export const printable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/\u001B\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
