import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startProduct, temporary } from '../harness/product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the start that is expected to fail; answers its exit code and what it said. */
const failing = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  new Promise<{ code: number; lines: string[]; stdout: string }>((resolve) => {
    execFile(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        'local/main.ts',
        '--port',
        '0',
        '--git-port',
        '0',
        '--aws-port',
        '0',
        ...args,
      ],
      { cwd: root, env, timeout: 30_000 },
      (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), lines: stderr.trim().split('\n').filter(Boolean), stdout }),
    );
  });

describe('npm start says in one line what is wrong, exits with 1, and damages nothing', { timeout: 120_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  afterAll(place.remove);

  it('when a port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    for (const option of ['--port', '--git-port', '--aws-port']) {
      const { code, lines } = await failing(['--data', data, option, String(port)]);
      expect([code, lines.length]).toEqual([1, 1]);
      expect(lines[0]).toMatch(new RegExp(`^ESC-001 .*${port}.*${option}`));
    }
    server.close();
  });

  it('when the data directory is in use by another process, which goes on', async () => {
    const product = await startProduct(data);
    const { code, lines } = await failing(['--data', data]);
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toMatch(new RegExp(`^ESC-002 .*${product.process.pid}`));
    expect((await fetch(new URL('/api/entries', product.ready.console))).status).toBe(200);
    expect(await product.stop()).toBe(0);
  });

  it('when the data directory is from a newer version', async () => {
    const newer = join(place.dir, 'newer');
    mkdirSync(newer);
    writeFileSync(join(newer, 'version'), '999\n');
    const { code, lines } = await failing(['--data', newer]);
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toMatch(/^ESC-003 .*999/);
  });

  it('when git is missing', async () => {
    const { code, lines } = await failing(['--data', join(place.dir, 'other')], { PATH: place.dir });
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toMatch(/^ESC-004 .*git/);
  });

  it('when an option has a value it cannot have, or is not known', async () => {
    expect((await failing(['--port', '99999'])).lines).toEqual([expect.stringMatching(/^ESC-007 --port "99999"/)]);
    expect((await failing(['--prot', '1'])).lines).toEqual([expect.stringMatching(/^ESC-007 .*--prot/)]);
  });

  it('when the configuration has mistakes: all of them, each with its place', async () => {
    const config = join(place.dir, 'escalator.yaml');
    writeFileSync(config, 'version: 1\nenvironments: 5\ncolour: red\n');
    const { code, lines } = await failing(['--data', join(place.dir, 'another'), '--config', config]);
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^ESC-005/);
    expect(lines.join('\n')).toMatch(/escalator\.yaml:2:15/);
    expect(lines.join('\n')).toMatch(/escalator\.yaml:3:1/);
  });
});
