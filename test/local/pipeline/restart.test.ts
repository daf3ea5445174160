import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionProvider } from '../../../local/pipeline/provider.ts';
import {
  createdUpTo,
  ended,
  executions,
  heldProvider,
  type Life,
  short,
  shop,
  storyOf,
  testBed,
  wholeStory,
} from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

const first = (life: Life): string => executions(life).at(-1) ?? '';

describe('before the start', () => {
  it('what is asked for is recorded, and nothing is carried out', async () => {
    const commit = bed.push({ a: '1' });
    const deploy = vi.fn<ActionProvider>(async () => ({ status: 'Succeeded', summary: '' }));
    const life = bed.reopen({ EscalatorDeploy: deploy });
    life.call('CreatePipeline', { pipeline: short() });
    life.onSourceChange({ repository: 'shop', branch: 'main', commit, id: '1-new' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(life.call('ListActionExecutions', { pipelineName: 'shop' }).actionExecutionDetails).toMatchObject([
      { actionName: 'Source', status: 'InProgress' },
    ]);
    life.start();
    for (const execution of executions(life)) expect(await ended(life, execution)).toBe('Succeeded');
    expect(deploy).toHaveBeenCalledTimes(2);
  });
});

describe('after a restart', () => {
  it('an action that was under way is asked for again under the same id, and the execution goes on to its end', async () => {
    bed.push({ a: '1' });
    const { held, life: before } = await createdUpTo(bed, 'EscalatorDeploy');
    await before.kill();
    const after = bed.open({ EscalatorDeploy: held.provider });
    await vi.waitFor(() => expect(held.jobs).toHaveLength(2));
    expect(held.jobs[1]).toMatchObject({
      actionExecution: held.jobs[0]?.actionExecution,
      commit: held.jobs[0]?.commit,
    });
    await held.release();
    await held.release();
    expect(await ended(after, first(after))).toBe('Succeeded');
  });

  it('what was finished is not run again', async () => {
    bed.push({ a: '1' });
    const deploy = vi.fn<ActionProvider>(async () => ({ status: 'Succeeded', summary: '' }));
    const held = heldProvider();
    const before = bed.open({ EscalatorDeploy: deploy, EscalatorSmoke: held.provider });
    before.call('CreatePipeline', { pipeline: short() });
    await vi.waitFor(() => expect(held.jobs).toHaveLength(1));
    await before.kill();
    const after = bed.open({ EscalatorDeploy: deploy });
    expect(await ended(after, first(after))).toBe('Succeeded');
    expect(deploy).toHaveBeenCalledTimes(1);
  });

  it('a provider that gave up because the product stopped has not failed', async () => {
    bed.push({ a: '1' });
    const obedient = vi.fn<ActionProvider>(
      ({ signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ status: 'Failed', summary: 'stopped' })),
        ),
    );
    const before = bed.open({ EscalatorDeploy: obedient });
    before.call('CreatePipeline', { pipeline: short() });
    await vi.waitFor(() => expect(obedient).toHaveBeenCalled());
    await before.kill();
    const after = bed.open();
    expect(await ended(after, first(after))).toBe('Succeeded');
  });

  it('executions that wait are let in', async () => {
    bed.push({ a: '1' });
    const { life: before } = await createdUpTo(bed, 'EscalatorDeploy');
    const { pipelineExecutionId } = before.call('StartPipelineExecution', { name: 'shop' });
    await before.kill();
    const after = bed.open();
    expect(await ended(after, first(after))).toBe('Succeeded');
    expect(await ended(after, pipelineExecutionId)).toBe('Succeeded');
  });

  it('a movement that was told before is not started again', async () => {
    const commit = bed.push({ a: '1' });
    const change = { repository: 'shop', branch: 'main', commit, id: '1-new' };
    const before = bed.open();
    before.call('CreatePipeline', { pipeline: short() });
    before.onSourceChange(change);
    await before.kill();
    const after = bed.open();
    after.onSourceChange(change);
    expect(executions(after)).toHaveLength(2);
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('after kill -9', () => {
  it('nothing of a build is left running, and it runs again from a clean tree to its end', async () => {
    const marker = join(bed.root, 'marker');
    const pid = join(bed.root, 'pid');
    const hangOnce = `touch half; if [ ! -f ${marker} ]; then touch ${marker}; sh -c 'echo $$ > ${pid}; exec sleep 600'; fi`;
    const spec = {
      version: 0.2,
      phases: { pre_build: { commands: ['test ! -f half'] }, build: { commands: [hangOnce] } },
      artifacts: { files: ['**/*'] },
    };
    bed.push({ 'buildspec.yml': JSON.stringify(spec) });
    const killed = spawn(process.execPath, [join(import.meta.dirname, 'killed.ts'), bed.dataDir, bed.bare], {
      stdio: 'inherit',
    });
    await vi.waitFor(() => expect(existsSync(pid) && readFileSync(pid, 'utf8')).toMatch(/\d/), { timeout: 20_000 });
    killed.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false), { timeout: 5_000 });

    const life = bed.open();
    expect(await ended(life, first(life))).toBe('Succeeded');
    await expect
      .poll(() => storyOf(life, first(life)))
      // each event once, those of before the kill too: the outbox of the killed process is delivered
      .toEqual(wholeStory);
    const states = life.events.map(({ detail }) => detail['build-status']).filter(Boolean);
    expect(states).toEqual(['IN_PROGRESS', 'STOPPED', 'IN_PROGRESS', 'SUCCEEDED']);
  });
});

describe('stopping', () => {
  it('does not wait for a build that hangs', async () => {
    const pid = join(bed.root, 'pid');
    bed.push({ 'buildspec.yml': `version: 0.2\nphases: { build: { commands: ['echo $$ > ${pid}; sleep 600'] } }` });
    const life = bed.open();
    life.call('CreatePipeline', { pipeline: shop() });
    await vi.waitFor(() => expect(existsSync(pid)).toBe(true), { timeout: 10_000 });
    const started = Date.now();
    await life.stop();
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false);
  });
});
