import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporary } from '../../harness/product.ts';
import { isAlive, type Machine, server, startMachine } from './harness.ts';

let machine: Machine;
const refused = new Set<string>();

beforeEach(async () => {
  refused.clear();
  machine = await startMachine({
    admit: ({ commit }) =>
      Promise.resolve(refused.has(commit) ? { admitted: false, reason: 'quarantined here' } : { admitted: true }),
  });
});
afterEach(() => machine.stop());

const deploy = (job: Parameters<Machine['services']['providers']['EscalatorDeploy']>[0]) =>
  machine.services.providers.EscalatorDeploy(job);
const smoke = (job: Parameters<Machine['services']['providers']['EscalatorSmoke']>[0]) =>
  machine.services.providers.EscalatorSmoke({ ...job, configuration: { Service: 'shop', IntervalSeconds: '0.05' } });
const pidOf = async (): Promise<number> => (JSON.parse((await machine.get('/health'))[1]) as { pid: number }).pid;

describe('a deployment', () => {
  it('puts the release behind the address of the service, with its commit and name', async () => {
    expect((await machine.get())[0]).toBe(503);
    const job = machine.job({ 'server.js': server('one') });
    expect(await deploy(job)).toMatchObject({ status: 'Succeeded', url: machine.services.url('shop') });
    expect(await machine.get()).toEqual([200, 'one']);
    const health = JSON.parse((await machine.get('/health'))[1]) as object;
    expect(health).toMatchObject({ commit: job.commit, release: `production/shop@${job.execution}` });
  });

  it('runs nothing of the environment of the product', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'planted');
    const tells = `require('http').createServer((_, r) => r.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1')`;
    await deploy(machine.job({ 'server.js': tells }));
    vi.unstubAllEnvs();
    expect((await machine.get())[1]).not.toContain('planted');
  });

  it('switches to the next release when that answers, without a request lost, and then stops the one before', async () => {
    await deploy(machine.job({ 'server.js': server('one') }));
    const before = await pidOf();
    let asking = true;
    const seen: string[] = [];
    const users = (async () => {
      while (asking) seen.push((await machine.get()).join(' '));
    })();
    await deploy(machine.job({ 'server.js': server('two') }));
    expect(await machine.get()).toEqual([200, 'two']);
    asking = false;
    await users;
    expect([...new Set(seen)].filter((answer) => !['200 one', '200 two'].includes(answer))).toEqual([]);
    await vi.waitFor(() => expect(isAlive(before)).toBe(false), 5_000);
  });

  it('takes a 500 for an answer: whether the release is good is for the smoke check', async () => {
    const broken = server('broken').replace(/writeHead\(.*\)/, 'writeHead(500)');
    expect(await deploy(machine.job({ 'server.js': broken }))).toMatchObject({ status: 'Succeeded' });
    expect((await machine.get())[0]).toBe(500);
  });

  it.each([
    ['never answers', 'setInterval(() => {}, 1000);', /did not answer .* within 0.5 s/],
    ['ends before it answers', 'console.error("no database"); process.exit(3);', /exit code 3[^]*no database/],
    ['is no program', 'this is not JavaScript', /SyntaxError/],
  ])('of a release that %s fails with the reason, and the one before goes on', async (_, text, reason) => {
    await deploy(machine.job({ 'server.js': server('one') }));
    const configuration = { Service: 'shop', DeadlineSeconds: text.includes('setInterval') ? '0.5' : '5' };
    const result = await deploy(machine.job({ 'server.js': text }, { configuration }));
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'JobFailed', summary: expect.stringMatching(reason) });
    expect(await machine.get()).toEqual([200, 'one']);
  });

  it('of files without a server.js, or of a service nobody knows, fails with what was wanted', async () => {
    expect((await deploy(machine.job({ 'index.js': '' }))).summary).toContain('no server.js');
    const configuration = { Service: 'shopp' };
    const result = await deploy(machine.job({ 'server.js': '' }, { configuration }));
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'ConfigurationError' });
    expect(result.summary).toContain('"shopp" in the action\'s configuration; wanted: shop');
  });

  it('of a release that is not admitted is refused with the reason, and so is its smoke check', async () => {
    await deploy(machine.job({ 'server.js': server('one') }));
    const job = machine.job({ 'server.js': server('two') });
    refused.add(job.commit);
    const result = { status: 'Failed', summary: 'quarantined here', errorCode: 'PermissionError' };
    expect(await deploy(job)).toEqual(result);
    expect(await smoke(job)).toEqual(result);
    expect(await machine.get()).toEqual([200, 'one']);
  });

  it('that comes again under the same id is not done again', async () => {
    const job = machine.job({ 'server.js': server('one') });
    await Promise.all([deploy(job), deploy(job)]);
    const pid = await pidOf();
    expect(await deploy(job)).toMatchObject({ status: 'Succeeded' });
    expect(await pidOf()).toBe(pid);
  });

  it('given up by the product leaves nothing behind', async () => {
    const given = new AbortController();
    const tells = `console.log(process.pid); require('fs').writeFileSync(process.env.HOME + '/pid', String(process.pid)); setInterval(() => {}, 1000);`;
    const job = machine.job({ 'server.js': tells }, { signal: given.signal });
    const result = deploy(job);
    const file = join(machine.dir, 'services/releases/shop', `${job.execution}.${job.actionExecution}`, 'pid');
    const pid = await vi.waitFor(() => Number(readFileSync(file, 'utf8') || 'NaN'), 5_000);
    given.abort();
    await expect(result).rejects.toThrow();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a smoke check', () => {
  it('passes when the service answers with the commit that is being released', async () => {
    const job = machine.job({ 'server.js': server('one') });
    await deploy(job);
    const short = job.commit.slice(0, 7);
    expect(await smoke(job)).toMatchObject({ status: 'Succeeded', summary: `GET /health: 200 by ${short}` });
  });

  it('fails with what was found and what was wanted', async () => {
    const job = machine.job({ 'server.js': server('bad', 500) });
    await deploy(job);
    const { status, summary } = await smoke(job);
    const short = job.commit.slice(0, 7);
    expect(status).toBe('Failed');
    expect(summary).toBe(`GET /health: found 500 by ${short}; wanted 200 by ${short} (asked 3 times)`);
  });

  it('fails when another commit answers', async () => {
    await deploy(machine.job({ 'server.js': server('one') }));
    expect((await smoke(machine.job({}, { commit: 'f'.repeat(40) }))).summary).toContain('wanted 200 by fffffff');
  });
});

describe('after a restart of the product', () => {
  it('the current release runs again, at the same address', async () => {
    await deploy(machine.job({ 'server.js': server('one') }));
    const [before, address] = [await pidOf(), machine.services.url('shop')];
    await machine.restart();
    expect(isAlive(before)).toBe(false);
    expect(machine.services.url('shop')).toBe(address);
    await vi.waitFor(async () => expect(await machine.get()).toEqual([200, 'one']), 5_000);
  });

  it('a deployment whose end was lost is found done', async () => {
    const job = machine.job({ 'server.js': server('one') });
    await deploy(job);
    await machine.restart();
    const again = deploy(job);
    expect(await again).toMatchObject({ status: 'Succeeded' });
    expect(await machine.get()).toEqual([200, 'one']);
  });
});

describe('kill -9 of the product', () => {
  it('takes its releases with it, one whose own thread hangs too', async () => {
    const place = temporary();
    onTestFinished(place.remove);
    const orphans = fileURLToPath(new URL('./orphans.ts', import.meta.url));
    const product = spawn(process.execPath, [orphans, place.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(product.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    // Whatever becomes of the test, no process is left that spins.
    onTestFinished(() => void [product.pid ?? 0, ...pids].filter(isAlive).map((pid) => process.kill(pid, 'SIGKILL')));
    expect(pids.map(isAlive)).toEqual([true, true]);
    product.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), 15_000);
  });
});
