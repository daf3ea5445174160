/** A file as one side of a difference has it. */
export type BlobMetadata = { blobId: string; path: string; mode: string };

/** A difference with CodeCommit's member names; a file that is on one side only has only that side's blob. */
export type Difference = { beforeBlob?: BlobMetadata; afterBlob?: BlobMetadata; changeType: 'A' | 'M' | 'D' };

/**
 * Reads what `git diff-tree -r -z --raw --no-renames` prints: `:100644 100644 OLD NEW M\0path\0`, again and again.
 * CodeCommit knows no renames: a file that moved is one deleted and one added.
 */
export const parseDifferences = (raw: string): Difference[] => {
  const parts = raw.split('\0');
  const differences: Difference[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [before = '', after = '', old = '', now = '', letter = ''] = (parts[at] ?? '').slice(1).split(' ');
    const path = parts[at + 1] ?? '';
    const changeType = letter === 'A' || letter === 'D' ? letter : 'M';
    differences.push({
      ...(changeType !== 'A' && { beforeBlob: { blobId: old, path, mode: before } }),
      ...(changeType !== 'D' && { afterBlob: { blobId: now, path, mode: after } }),
      changeType,
    });
  }
  return differences;
};

/** Whether a difference lies under the paths asked for; an empty path asks for everything. */
export const isUnder = ({ beforeBlob, afterBlob }: Difference, beforePath: string, afterPath: string): boolean =>
  (beforeBlob === undefined || holds(beforePath, beforeBlob.path)) &&
  (afterBlob === undefined || holds(afterPath, afterBlob.path));

const holds = (folder: string, path: string): boolean => {
  const trimmed = folder.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' || path === trimmed || path.startsWith(`${trimmed}/`);
};
