import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataVersion, openDataDir } from '../../../local/runtime/data-dir.ts';
import { EscalatorError } from '../../../shared/errors.ts';

let parent = '';
let dir = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'escalator-data-'));
  dir = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const refusal = (): EscalatorError => {
  try {
    openDataDir(dir).close();
  } catch (error) {
    if (error instanceof EscalatorError) return error;
    throw error;
  }
  throw new Error('it was opened');
};

const moduleUrl = new URL('../../../local/runtime/data-dir.ts', import.meta.url).href;
/** Another process that holds the directory. */
const holder = async () => {
  const script = `import { openDataDir } from ${JSON.stringify(moduleUrl)}; openDataDir(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', script],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  return child;
};

describe('a data directory', () => {
  it('is made where there is none, for its owner alone, with a key of its own', () => {
    const data = openDataDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(data.digestKeyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(data.digestKeyFile)).toHaveLength(32);
    expect(readFileSync(join(dir, 'version'), 'utf8').trim()).toBe(String(dataVersion));
    data.close();
  });

  it('keeps its key when it is opened again', () => {
    const first = openDataDir(dir);
    const key = readFileSync(first.digestKeyFile);
    first.close();
    const again = openDataDir(dir);
    expect(readFileSync(again.digestKeyFile)).toEqual(key);
    again.close();
  });

  it('is refused while another process has it, and that process is named', async () => {
    const child = await holder();
    const error = refusal();
    expect(error.code).toBe('ESC-002');
    expect(error.message).toContain(`process ${child.pid}`);
    expect(error.toLine()).not.toContain('\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is free again when the process that had it was killed', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    openDataDir(dir).close();
  });

  it('is refused within one process as well, and free after close', () => {
    const first = openDataDir(dir);
    expect(refusal().code).toBe('ESC-002');
    first.close();
    openDataDir(dir).close();
  });

  it.each([String(dataVersion + 1), 'not a number'])(
    'of version %s is refused, and nothing in it is changed',
    (version) => {
      openDataDir(dir).close();
      writeFileSync(join(dir, 'version'), version);
      const before = readdirSync(dir).map((file) => [file, readFileSync(join(dir, file)).toString('hex')]);
      expect(refusal().code).toBe('ESC-003');
      expect(readdirSync(dir).map((file) => [file, readFileSync(join(dir, file)).toString('hex')])).toEqual(before);
    },
  );

  it('that is a file is refused in one line', () => {
    writeFileSync(dir, '');
    const error = refusal();
    expect(error.code).toBe('ESC-006');
    expect(error.toLine()).toContain(dir);
    expect(error.toLine()).not.toContain('\n');
  });

  it.skipIf(process.getuid?.() === 0)('that may not be written to is refused', () => {
    openDataDir(dir).close();
    chmodSync(dir, 0o500);
    expect(refusal().code).toBe('ESC-006');
    chmodSync(dir, 0o700);
  });
});
