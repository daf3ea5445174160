import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startRelease } from '../../../local/service/release-process.ts';

/**
 * Starts two releases in a folder, one of which hangs, says their process ids, and waits to be killed. The folder has to stay
 * until then: no thread begins in one that is gone.
 */
const [, , dir = ''] = process.argv;
const release = async (name: string, text: string): Promise<number | undefined> => {
  const file = join(dir, `${name}.cjs`);
  writeFileSync(file, `require('fs').writeSync(1, 'loaded'); ${text}`);
  const { pid, tail, ended } = await startRelease({ file, commit: 'c', release: 'r', graceMs: 100 });
  while (tail() !== 'loaded' && ended() === null) await pause(20);
  return pid;
};
const pids = [await release('idle', 'setInterval(() => {}, 1000)'), await release('hangs', 'for (;;);')];
process.stdout.write(JSON.stringify(pids));
setInterval(() => undefined, 1_000);
