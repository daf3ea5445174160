import { noteLimit } from '../../../../shared/proof/note.ts';
import { files as packFiles } from '../../../../shared/verify/source.ts';
import { verifyPack } from '../../../../shared/verify/verify.ts';
import { browserEngine } from '../engine.ts';
import { apartFromKey, fileSource, isPack, type PageFile, pickedFiles } from '../files.ts';
import { byId, say } from './dom.ts';
import { droppedFolder } from './drop.ts';
import { clearReport, showReport } from './verdict.ts';

/** The part of the page that checks: what is chosen, and what comes of it. */

const [form, drop, folderInput, folderSays] = [
  byId('check', HTMLFormElement),
  byId('drop', HTMLElement),
  byId('folder', HTMLInputElement),
  byId('folder-says', HTMLElement),
];
const [keyFile, keyText, keptFile] = [
  byId('key-file', HTMLInputElement),
  byId('key', HTMLTextAreaElement),
  byId('kept', HTMLInputElement),
];
const [button, progress, status] = [
  byId('go', HTMLButtonElement),
  byId('progress', HTMLProgressElement),
  byId('status', HTMLElement),
];

let folder: { name: string; files: PageFile[] } | null = null;

const takeFolder = (name: string, files: PageFile[]): void => {
  folder = { name, files };
  clearReport();
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  say(folderSays, `${name}: ${files.length} files, ${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`);
  say(status, '');
};

/** A small file as text. Throws RangeError where it is none. */
const small = (file: File): Promise<string> => {
  if (file.size > noteLimit) throw new RangeError(`${file.name} has more than ${noteLimit} bytes`);
  return file.text();
};

/** What is missing before it can begin, as a sentence; null where nothing is. */
const lacking = (): string | null => {
  if (folder === null) return 'Choose the folder first.';
  if (!isPack(folder.files))
    return `“${folder.name}” has no file of a pack in it: choose the folder with entries.jsonl.`;
  return keyText.value.trim() === '' ? 'Give the public key: choose its file, or paste its line.' : null;
};

const check = async (): Promise<void> => {
  const [problem, chosen, key] = [lacking(), folder, keyText.value];
  if (problem !== null || chosen === null) return say(status, problem ?? '');
  const [kept] = keptFile.files ?? [];
  clearReport();
  say(status, 'Checking …');
  const began = performance.now();
  const { files, inside } = await apartFromKey(chosen.files, key);
  const report = await verifyPack(fileSource(files), browserEngine, {
    key,
    keyInside: inside,
    kept: kept === undefined ? null : await small(kept),
    progress: progressOf(chosen.files),
  });
  const isOwn = await isOwnFolder(chosen.files);
  showReport(report, { folder: chosen.name, isOwn, ms: performance.now() - began });
};

/** A page is not larger than this. */
const largestPage = 1024 * 1024;

/** Whether the page in the folder sums up what this one does: who keeps many packs may take the wrong one. */
const isOwnFolder = async (files: PageFile[]): Promise<boolean> => {
  const page = files.find(({ path }) => path === packFiles.page)?.file;
  if (page === undefined || page.size > largestPage) return false;
  return (await page.text()).includes(`data-summary="${document.body.dataset['summary']}"`);
};

/** Shows how far the entries were read. Said aloud it would never end: the bar alone moves. */
const progressOf = (files: PageFile[]): ((bytes: number) => void) => {
  const of = files.find(({ path }) => path === packFiles.entries)?.file.size ?? 0;
  let read = 0;
  progress.max = Math.max(1, of);
  progress.value = 0;
  return (bytes) => {
    read += bytes;
    progress.value = Math.min(read, of);
  };
};

/** While it works nothing can be started twice; what goes wrong is said, with what to do. */
const busy = async (work: () => Promise<void>, otherwise: string): Promise<void> => {
  button.disabled = true;
  progress.hidden = false;
  try {
    await work();
  } catch (error) {
    say(status, `${error instanceof Error ? error.message : String(error)}. ${otherwise}`);
  } finally {
    button.disabled = false;
    progress.hidden = true;
  }
};

const takeDrop = async (transfer: DataTransfer): Promise<void> => {
  const dropped = await droppedFolder(transfer);
  if (dropped === null) return say(status, 'That is no folder: drop the whole folder, not what is in it.');
  takeFolder(dropped.name, dropped.files);
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void busy(check, 'Choose the folder and the files again: they may have been changed or moved.');
});
folderInput.addEventListener('change', () => {
  const files = [...(folderInput.files ?? [])];
  const name = files[0]?.webkitRelativePath.split('/')[0] ?? '';
  if (files.length > 0) takeFolder(name, pickedFiles(files));
});
keyFile.addEventListener('change', () => {
  const [file] = keyFile.files ?? [];
  const read = async (): Promise<void> => {
    if (file !== undefined) keyText.value = await small(file);
    clearReport();
  };
  void busy(read, 'Choose the file that `escalator key` wrote.');
});
for (const input of [keyText, keptFile]) input.addEventListener('input', clearReport);
// Dropped beside the mark, a browser would leave the page and open what was dropped.
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
document.addEventListener('dragleave', () => drop.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  const transfer = event.dataTransfer;
  if (transfer !== null) void busy(() => takeDrop(transfer), 'Choose the folder with the button instead.');
});
