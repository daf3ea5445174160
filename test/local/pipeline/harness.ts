import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { createPipelines, type Pipelines } from '../../../local/pipeline/pipelines.ts';
import type { ActionJob, ActionProvider, ActionResult } from '../../../local/pipeline/provider.ts';
import type { PipelineSource } from '../../../local/pipeline/source-action.ts';
import { account, region, short, sourceOf } from './given.ts';
import { openStore, type Store } from '../../../local/store.ts';
import type { EmittedEvent } from '../../../local/world.ts';

export * from './given.ts';

type Files = { [path: string]: string };

/** A real bare repository named `shop` in a directory. */
const repositoryIn = (root: string) => {
  const work = join(root, 'work');
  const bare = join(root, 'shop.git');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: root },
    }).trim();
  mkdirSync(work);
  git('init', '-q', '-b', 'main');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare]);
  return {
    bare,
    /** Commits files and pushes. @returns the commit */
    push: (files: Files, message = 'a change'): string => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), content);
      }
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      git('push', '-q', bare, 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
  };
};

/** A provider whose runs are held until a test lets them go. */
export const heldProvider = () => {
  const jobs: ActionJob[] = [];
  const waiting: ((result: ActionResult) => void)[] = [];
  const provider: ActionProvider = (job) => {
    jobs.push(job);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const release = async (status: 'Succeeded' | 'Failed' = 'Succeeded'): Promise<void> => {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    waiting.shift()?.({ status, summary: `let go: ${status}`, externalId: 'd-1' });
  };
  return { jobs, provider, release, waiting: (): number => waiting.length };
};

type Providers = { [provider: string]: ActionProvider };

/** One product's life on a directory: killed (`kill`) without a word, it can be opened again on the same data. */
export type Life = Pipelines & {
  call: (operation: string, input?: Members) => Members;
  refusal: (operation: string, input: Members) => { code: string; message: string };
  events: EmittedEvent[];
  kill: () => Promise<void>;
};

export type TestBed = ReturnType<typeof testBed>;

export const testBed = () => {
  const root = mkdtempSync(join(tmpdir(), 'pipeline-'));
  const dataDir = join(root, 'data');
  const repository = repositoryIn(root);
  const lives: Life[] = [];

  /** Opens the product's pipelines, without starting them. */
  const reopen = (providers: Providers = {}): Life => {
    const log = (): void => undefined;
    const store = openStore({ dataDir, account, region, now: () => new Date(), newId: randomUUID, log });
    const life = lifeOn(store, { ...succeeding, ...providers }, sourceOf(repository.bare), dataDir);
    lives.push(life);
    return life;
  };
  const open = (providers: Providers = {}): Life => {
    const life = reopen(providers);
    life.start();
    return life;
  };
  return {
    root,
    dataDir,
    ...repository,
    open,
    reopen,
    close: async () => {
      for (const life of lives) await life.kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const succeeding: Providers = {
  EscalatorDeploy: async () => ({ status: 'Succeeded', summary: 'deployed', externalId: 'd-1' }),
  EscalatorSmoke: async () => ({ status: 'Succeeded', summary: 'answers' }),
};

const lifeOn = (store: Store, providers: Providers, source: PipelineSource, dataDir: string): Life => {
  const events: EmittedEvent[] = [];
  const { world, transaction } = store;
  const pipelines = createPipelines({ world, transaction, source, providers, dataDir, log: world.log });
  store.pump(async (event) => void events.push(event));
  const call = (operation: string, input: Members = {}): Members =>
    (pipelines.operations[operation] as (input: Members) => Members)(input);
  let dead = false;
  return {
    ...pipelines,
    call,
    events,
    refusal: (operation, input) => {
      try {
        call(operation, input);
      } catch (error) {
        return error as { code: string; message: string };
      }
      throw new Error(`${operation} was not refused`);
    },
    kill: async () => {
      if (dead) return;
      dead = true;
      await pipelines.stop();
      await store.close();
    },
  };
};

/** Waits until an execution is no longer under way. */
export const ended = async (life: Life, pipelineExecutionId: string, pipelineName = 'shop'): Promise<string> =>
  vi.waitFor(
    () => {
      const { status } = life.call('GetPipelineExecution', { pipelineName, pipelineExecutionId }).pipelineExecution;
      expect(['InProgress', 'Stopping']).not.toContain(status);
      return status as string;
    },
    { timeout: 20_000, interval: 20 },
  );

/** The newest executions' ids, newest first. */
export const executions = (life: Life, pipelineName = 'shop'): string[] =>
  life
    .call('ListPipelineExecutions', { pipelineName })
    .pipelineExecutionSummaries.map((each: Members) => each.pipelineExecutionId as string);

/** The failed action of an execution. */
export const failureOf = (life: Life, pipelineExecutionId: string): Members => {
  const { actionExecutionDetails } = life.call('ListActionExecutions', {
    pipelineName: 'shop',
    filter: { pipelineExecutionId },
  });
  const failed = actionExecutionDetails.find((each: Members) => each.status === 'Failed');
  return { action: failed?.actionName, ...failed?.output.executionResult };
};

/** Pipeline, stage and action events of an execution as short lines: `Deploy/Smoke STARTED`. */
export const storyOf = (life: Life, execution: string): string[] =>
  life.events
    .filter(({ source, detail }) => source === 'aws.codepipeline' && detail['execution-id'] === execution)
    .map(({ detail }) =>
      [[detail.stage, detail.action].filter(Boolean).join('/') || 'pipeline', detail.state].map(String).join(' '),
    );

/** Creates the pipeline and waits for its first execution. */
export const created = async (life: Life, definition: Members = short()): Promise<string> => {
  life.call('CreatePipeline', { pipeline: definition });
  const [execution = ''] = executions(life);
  await ended(life, execution);
  return execution;
};

/** Creates the pipeline, whose first execution stands in a provider's action until a test lets it go. */
export const createdUpTo = async (bed: TestBed, provider: 'EscalatorDeploy' | 'EscalatorSmoke') => {
  const held = heldProvider();
  const life = bed.open({ [provider]: held.provider });
  life.call('CreatePipeline', { pipeline: short() });
  await vi.waitFor(() => expect(held.waiting()).toBe(1));
  const [execution = ''] = executions(life);
  return { held, life, execution };
};

export const started = (life: Life, input: Members = {}): string =>
  life.call('StartPipelineExecution', { name: 'shop', ...input }).pipelineExecutionId;

export const statusOf = (life: Life, pipelineExecutionId: string): Members =>
  life.call('GetPipelineExecution', { pipelineName: 'shop', pipelineExecutionId }).pipelineExecution;

export const stageOf = (life: Life, name = 'Deploy'): Members =>
  life.call('GetPipelineState', { name: 'shop' }).stageStates.find((stage: Members) => stage.stageName === name);

export const commitOf = (life: Life, execution: string): unknown =>
  statusOf(life, execution).artifactRevisions[0]?.revisionId;

/** What an execution of the shop's pipeline tells from its beginning to a good end. */
export const wholeStory = [
  'pipeline STARTED',
  'Source STARTED',
  'Source/Source STARTED',
  'Source/Source SUCCEEDED',
  'Source SUCCEEDED',
  'Build STARTED',
  'Build/Build STARTED',
  'Build/Build SUCCEEDED',
  'Build SUCCEEDED',
  'Deploy STARTED',
  'Deploy/Deploy STARTED',
  'Deploy/Deploy SUCCEEDED',
  'Deploy/Smoke STARTED',
  'Deploy/Smoke SUCCEEDED',
  'Deploy SUCCEEDED',
  'pipeline SUCCEEDED',
];
