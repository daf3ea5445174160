import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireGit } from '../../../local/git/git.ts';

describe('git', () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'path-'));
    vi.stubEnv('PATH', path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(path, { recursive: true });
  });
  const says = (version: string): void => {
    writeFileSync(join(path, 'git'), `#!/bin/sh\necho '${version}'\n`);
    chmodSync(join(path, 'git'), 0o755);
  };

  it('that is missing is said in a line with what to do', async () => {
    await expect(requireGit()).rejects.toMatchObject({ code: 'ESC-004', todo: expect.stringContaining('install git') });
  });

  it('that is too old is said with what was found and what is wanted', async () => {
    says('git version 2.17.1');
    await expect(requireGit()).rejects.toThrow('git 2.20 or newer is needed, found "git version 2.17.1"');
  });

  it.each(['git version 2.20.0', 'git version 2.39.5 (Apple Git-154)', 'git version 3.0.1.windows.1'])(
    'that says "%s" will do',
    async (version) => {
      says(version);
      await expect(requireGit()).resolves.toBeUndefined();
    },
  );
});
