import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelease } from '../../../local/service/release-process.ts';

/** Starts two releases, one of which hangs, says their process ids, and waits to be killed. */
const dir = mkdtempSync(join(tmpdir(), 'orphans-'));
const release = async (name: string, text: string): Promise<number | undefined> => {
  const file = join(dir, `${name}.cjs`);
  writeFileSync(file, text);
  return (await startRelease({ file, commit: 'c', release: 'r', graceMs: 100 })).pid;
};
const pids = [
  await release('idle', 'setInterval(() => {}, 1000)'),
  await release('hangs', 'setTimeout(() => { for (;;); }, 100)'),
];
await new Promise((resolve) => setTimeout(resolve, 400)); // both have been loaded, and one hangs
rmSync(dir, { recursive: true });
process.stdout.write(JSON.stringify(pids));
setInterval(() => undefined, 1_000);
