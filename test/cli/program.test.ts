import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './harness.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The real process, as `npm run -s escalator --` starts it. */
const escalator = (url: string, ...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, ESCALATOR_URL: url };
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'cli/main.ts', ...args],
      { cwd: root, env, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

describe('a command line that cannot be is one line and exit code 2', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it.each([
    [['trial'], /^ESC-007 unknown command 'trial' \(Did you mean trail\?\)/],
    [['trail', '--limt', '5'], /^ESC-007 unknown option '--limt' \(Did you mean --limit\?\)/],
    [['trail', '--limit', '0'], /^ESC-007 --limit "0" cannot be; wanted: a whole number from 1 to 500$/],
    [['trail', '--limit', '501'], /^ESC-007 --limit "501"/],
    [['trail', '--limit', 'all'], /^ESC-007 --limit "all"/],
    [['trail', '--since', 'yesterday'], /^ESC-007 --since "yesterday" cannot be; wanted: a day such as/],
    [['trail', '--since', '1'], /^ESC-007 --since "1" cannot be; wanted: a day such as/],
    [['trail', '--until', '2026-02-30'], /^ESC-007 --until "2026-02-30" cannot be; wanted: a day such as/],
    [['trail', 'everything'], /^ESC-007 too many arguments/],
    [['put-events'], /^ESC-007 missing required argument 'path'/],
    [['why', '\u001b[2Jx'], /^ESC-011 [^\p{Cc}]*$/u],
  ])('%j', async (args, line) => {
    const said = await world.run(...args);
    expect([said.code, said.out]).toEqual([2, []]);
    expect(said.err).toEqual([expect.stringMatching(line)]);
  });

  it('but asking for help, or nothing, is an answer', async () => {
    for (const args of [[], ['--help'], ['trail', '--help']]) {
      const { code, out } = await world.run(...args);
      expect([code, out.join('\n')]).toEqual([0, expect.stringContaining('Usage: escalator')]);
    }
  });
});

describe('the process', { timeout: 30_000 }, () => {
  it('says in one line that nobody answers, and exits with 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { code, stdout, stderr } = await escalator(`http://127.0.0.1:${port}`, 'trail');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^ESC-010 Escalator does not answer at http:\/\/127\.0\.0\.1:\d+; start it with npm start[^\n]*\n$/,
    );
  });

  it('says that another program answers', async () => {
    const server = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { code, stderr } = await escalator(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'incidents');
    server.close();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ESC-010 .*not as Escalator does[^\n]*\n$/)]);
  });

  it('refuses an ESCALATOR_URL that is no address, with exit code 2', async () => {
    const { code, stderr } = await escalator('localhost 4400', 'trail');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^ESC-007 ESCALATOR_URL "localhost 4400" is no address[^\n]*\n$/),
    ]);
  });

  it('prints the whole answer into a pipe, and no colours', async () => {
    const { code, stdout } = await escalator('http://127.0.0.1:1', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('ESCALATOR_URL');
    expect(stdout).not.toContain('\u001b');
  });
});
