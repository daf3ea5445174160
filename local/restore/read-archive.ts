import { type Checkpoint, readNote, signedBy, type VerifierKey } from '../../shared/proof/note.ts';
import { entriesIn, type Tile, tilePath, tileWidth, widthAt } from '../../shared/proof/tiles.ts';
import { emptyTree, grow, rootOf } from '../../shared/proof/tree.ts';
import { type Archive, checkpointName, checkpointPath } from '../../shared/seal/archive.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { leafHash, nodeHash } from '../../shared/trail/merkle.ts';

/**
 * The newest checkpoint that the archive has and this key signed: the one that `checkpoint` names, or a larger one,
 * should somebody have set that name back.
 *
 * @throws EscalatorError ESC-051 where there is none, or one that this key did not sign
 */
export const newestSigned = async (archive: Archive, key: VerifierKey): Promise<Checkpoint> => {
  const largest = (await archive.checkpoints()).at(-1);
  const bytes = await archive.get(largest === undefined ? checkpointName : checkpointPath(largest.size));
  if (bytes === null) throw refused('the archive holds no checkpoint', 'is it the archive of this account and Region?');
  const note = readNote(new TextDecoder().decode(bytes));
  if (note !== null && note.checkpoint.origin === key.name && signedBy(note, key) === 'good') return note.checkpoint;
  throw refused(
    `its newest checkpoint is not signed by ${key.name}+${key.id}`,
    'give the key that signed it: escalator key',
  );
};

/** The lines of each bundle of a tree of `size` entries, in order. Throws ESC-051 naming what is not there. */
export async function* sealedLines(archive: Archive, size: number): AsyncGenerator<string[]> {
  for (let n = 0; n * tileWidth < size; n += 1) {
    const tile: Tile = { level: 'entries', n, width: widthAt(0, n, size) };
    const bundle = await archive.get(tilePath(tile));
    const entries = bundle === null ? null : entriesIn(bundle);
    if (entries?.length !== tile.width)
      throw refused(
        `${tilePath(tile)} is not in the archive as it was sealed`,
        'the archive itself is damaged: see docs/how-to/restore.md',
      );
    yield entries.map((entry) => Buffer.from(entry).toString('utf8'));
  }
}

/** Throws ESC-051 where what the archive holds is not what the checkpoint was signed over. Nothing is written before. */
export const mustHold = async (archive: Archive, { size, root }: Checkpoint): Promise<void> => {
  const tree = emptyTree();
  for await (const lines of sealedLines(archive, size))
    for (const line of lines) grow(tree, 0, leafHash(line), nodeHash);
  if (rootOf(tree, nodeHash) === root) return;
  throw refused(
    'the entries in the archive are not those that were signed',
    'nothing was restored; see docs/how-to/restore.md',
  );
};

export const refused = (message: string, todo: string): EscalatorError =>
  new EscalatorError('ESC-051', `the trail cannot be restored: ${message}`, todo);
