import { mostFiles, type PageFile } from '../files.ts';

/** What Chromium hands over for a folder; TypeScript's own types do not know the walk through it yet. */
type Handle = { kind: 'file'; name: string; getFile: () => Promise<File> } | DirectoryHandle;
type DirectoryHandle = { kind: 'directory'; name: string; values: () => AsyncIterable<Handle> };
type Dropped = DataTransferItem & { getAsFileSystemHandle?: () => Promise<Handle | null> };

/** The folder that was dropped; null where it was no folder. */
export type Folder = { name: string; files: PageFile[] };

/**
 * Reads a dropped folder. There are two ways, and each browser has one that works for a page opened from disk: Chromium
 * hands over handles, the others entries. What the item offers has to be taken before the event is over.
 *
 * @throws what the browser throws where it does not let the page read the folder
 */
export const droppedFolder = async (transfer: DataTransfer): Promise<Folder | null> => {
  const item: Dropped | undefined = [...transfer.items].find(({ kind }) => kind === 'file');
  const entry = item?.webkitGetAsEntry() ?? null;
  const handle = await item?.getAsFileSystemHandle?.().catch(() => null);
  const files: PageFile[] = [];
  if (handle?.kind === 'directory') {
    await takeHandles(handle, '', files);
    return { name: handle.name, files };
  }
  if (entry === null || !isDirectory(entry)) return null;
  await takeEntries(entry, '', files);
  return { name: entry.name, files };
};

const takeHandles = async (directory: DirectoryHandle, before: string, files: PageFile[]): Promise<void> => {
  for await (const handle of directory.values()) {
    if (files.length > mostFiles) return;
    const path = `${before}${handle.name}`;
    if (handle.kind === 'directory') await takeHandles(handle, `${path}/`, files);
    else files.push({ path, file: await handle.getFile() });
  }
};

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const takeEntries = async (directory: FileSystemDirectoryEntry, before: string, files: PageFile[]): Promise<void> => {
  const reader = directory.createReader();
  // A reader answers some at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || files.length > mostFiles) return;
    for (const entry of some) {
      const path = `${before}${entry.name}`;
      if (isDirectory(entry)) await takeEntries(entry, `${path}/`, files);
      else if (isFile(entry))
        files.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    }
  }
};
