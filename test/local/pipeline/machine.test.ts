import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStructure } from '../../../local/pipeline/check-structure.ts';
import type { ActionRun, Execution, RetryMode, StageRun } from '../../../local/pipeline/execution.ts';
import { type Active, nextTransition, occupies, type Transition } from '../../../local/pipeline/machine.ts';
import type { Structure } from '../../../local/pipeline/structure.ts';
import { custom, pipeline, source } from './harness.ts';

const structure = ((): Structure => {
  const answer = checkStructure(
    pipeline(
      { name: 'Source', actions: [source()] },
      {
        name: 'Deploy',
        actions: [custom('One', 'Provider'), custom('Two', 'Provider'), custom('After', 'Provider', 'SourceOutput', 2)],
      },
      { name: 'Check', actions: [custom('Check', 'Provider')] },
    ),
    ['Provider'],
  );
  if ('refused' in answer) throw new Error(answer.refused.message);
  return answer.structure;
})();

const execution = (id: string, changes: Partial<Execution> = {}): Execution => ({
  id,
  pipeline: 'shop',
  version: 1,
  type: 'STANDARD',
  rollbackTarget: null,
  status: 'InProgress',
  statusSummary: null,
  trigger: { triggerType: 'StartPipelineExecution', triggerDetail: '' },
  startedAt: 0,
  updatedAt: 0,
  attempt: 1,
  route: ['Source', 'Deploy', 'Check'],
  stages: {},
  overrides: {},
  revisions: [],
  artifacts: {},
  ...changes,
});

const stageRun = (status: StageRun['status'], attempt = 1): StageRun => ({
  status,
  attempt,
  startedAt: 0,
  retry: null,
});
const through = { Source: stageRun('Succeeded') };
const inDeploy = { ...through, Deploy: stageRun('InProgress') };

const run = (action: string, status: ActionRun['status'], attempt = 1, stage = 'Deploy'): ActionRun => ({
  id: `${stage}-${action}-${attempt}`,
  pipeline: 'shop',
  version: 1,
  execution: 'a',
  stage,
  action,
  attempt,
  status,
  startedAt: 0,
  updatedAt: 0,
  inputs: [],
  outputs: [],
  result: null,
  build: null,
});

const active = (one: Execution, runs: ActionRun[] = []): Active => ({ execution: one, structure, runs });
const brief = (transition: Transition | null): unknown =>
  transition?.type === 'start' ? `start ${transition.action.name}` : transition;

describe('between stages', () => {
  it('an execution enters a free stage', () => {
    expect(nextTransition([active(execution('a', { stages: through }))])).toEqual({
      type: 'enter',
      execution: 'a',
      stage: 'Deploy',
    });
  });

  it('an execution waits while another is in the stage', () => {
    const there = active(execution('a', { stages: inDeploy }), [run('One', 'InProgress'), run('Two', 'InProgress')]);
    expect(nextTransition([there, active(execution('b', { stages: through }))])).toBeNull();
  });

  it('of two that wait for a stage, the newer overtakes the older', () => {
    const there = active(execution('a', { stages: inDeploy }), [run('One', 'InProgress'), run('Two', 'InProgress')]);
    const waiting = ['b', 'c'].map((id) => active(execution(id, { stages: through })));
    expect(nextTransition([there, ...waiting])).toEqual({ type: 'supersede', execution: 'b', by: 'c' });
  });

  it('an execution that waits for another stage is not overtaken', () => {
    const there = active(execution('a', { stages: inDeploy }), [run('One', 'InProgress'), run('Two', 'InProgress')]);
    const inSource = active(execution('c', { stages: { Source: stageRun('InProgress') } }), [
      run('Source', 'InProgress', 1, 'Source'),
    ]);
    expect(nextTransition([there, active(execution('b', { stages: through })), inSource])).toBeNull();
  });

  it('a rollback ends after the one stage that is rolled back', () => {
    const rollback = execution('r', { type: 'ROLLBACK', route: ['Deploy'], stages: { Deploy: stageRun('Succeeded') } });
    expect(nextTransition([active(rollback)])).toEqual({ type: 'finish', execution: 'r', status: 'Succeeded' });
  });
});

describe('in a stage', () => {
  const inStage = (runs: ActionRun[], stage = stageRun('InProgress')): unknown =>
    brief(nextTransition([active(execution('a', { stages: { ...through, Deploy: stage } }), runs)]));

  it('the actions of one run order start side by side', () => {
    expect(inStage([])).toBe('start One');
    expect(inStage([run('One', 'InProgress')])).toBe('start Two');
  });

  it('the next run order starts when all of the one before succeeded', () => {
    expect(inStage([run('One', 'Succeeded'), run('Two', 'InProgress')])).toBeNull();
    expect(inStage([run('One', 'Succeeded'), run('Two', 'Succeeded')])).toBe('start After');
  });

  it('a failed action lets the others of its run order finish, then fails the stage, then the execution', () => {
    expect(inStage([run('One', 'Failed'), run('Two', 'InProgress')])).toBeNull();
    expect(inStage([run('One', 'Failed'), run('Two', 'Succeeded')])).toMatchObject({
      type: 'finish-stage',
      status: 'Failed',
    });
    expect(inStage([], stageRun('Failed'))).toMatchObject({ type: 'finish', status: 'Failed' });
  });

  it('a retry of failed actions keeps those that succeeded, a retry of all runs all again', () => {
    const runs = [run('One', 'Failed'), run('Two', 'Succeeded')];
    const retry = (mode: RetryMode): StageRun => ({
      ...stageRun('InProgress', 2),
      retry: { mode, at: 0, times: 1 },
    });
    const again = [...runs, run('One', 'Succeeded', 2)];
    expect(inStage(again, retry('FAILED_ACTIONS'))).toBe('start After');
    expect(inStage(again, retry('ALL_ACTIONS'))).toBe('start Two');
  });
});

/** What an order of arrivals and ends makes of a pipeline: every transition that is due, after each of them. */
const play = (steps: ('arrive' | 'succeed' | 'fail' | 'stop')[], check: (all: Execution[]) => void): Execution[] => {
  let all: Active[] = [];
  const change = (id: string, work: (one: Active) => Active): void => {
    all = all.map((one) => (one.execution.id === id ? work(one) : one));
  };
  const settle = (): void => {
    for (let count = 0; count < 1_000; count += 1) {
      const transition = nextTransition(all.filter(isActive));
      if (transition === null) return;
      change(transition.execution, (one) => applied(one, transition));
      check(all.map((one) => one.execution));
    }
    throw new Error('does not come to rest');
  };
  const endOne = (status: 'Succeeded' | 'Failed'): boolean => {
    const busy = all.find((one) => one.runs.some((each) => each.status === 'InProgress'));
    const first = busy?.runs.find((each) => each.status === 'InProgress');
    if (busy === undefined || first === undefined) return false;
    change(busy.execution.id, (one) => ({
      ...one,
      runs: one.runs.map((each) => (each === first ? { ...each, status } : each)),
    }));
    return true;
  };
  const stopOne = (): void => {
    const first = all.find((one) => one.execution.status === 'InProgress');
    if (first !== undefined) change(first.execution.id, stopping);
  };
  for (const [index, step] of steps.entries()) {
    if (step === 'arrive') all = [...all, active(execution(`e${index}`))];
    else if (step === 'stop') stopOne();
    else endOne(step === 'succeed' ? 'Succeeded' : 'Failed');
    settle();
  }
  while (endOne('Succeeded')) settle();
  return all.map((one) => one.execution);
};

const isActive = ({ execution: { status } }: Active): boolean => status === 'InProgress' || status === 'Stopping';

const stopping = (one: Active): Active => ({ ...one, execution: { ...one.execution, status: 'Stopping' } });

const applied = (one: Active, transition: Transition): Active => {
  const { execution: before } = one;
  const withStage = (stage: string, status: StageRun['status']): Active => ({
    ...one,
    execution: { ...before, stages: { ...before.stages, [stage]: stageRun(status) } },
  });
  switch (transition.type) {
    case 'start':
      return { ...one, runs: [...one.runs, run(transition.action.name, 'InProgress', 1, transition.stage)] };
    case 'enter':
      return withStage(transition.stage, 'InProgress');
    case 'finish-stage':
      return withStage(transition.stage, transition.status);
    case 'stop':
      return { ...one, execution: { ...before, status: 'Stopped' } };
    case 'finish':
      return { ...one, execution: { ...before, status: transition.status } };
    case 'supersede':
      return { ...one, execution: { ...before, status: 'Superseded' } };
  }
};

describe('whatever arrives and however actions end', () => {
  it('a stage holds one execution at a time, every execution ends, and the newest is never superseded', () => {
    const steps = fc.array(fc.constantFrom('arrive' as const, 'succeed' as const, 'fail' as const, 'stop' as const), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (order) => {
        const all = play(order, (now) => {
          const under = now.filter(({ status }) => status === 'InProgress' || status === 'Stopping');
          for (const stage of ['Source', 'Deploy', 'Check'])
            expect(under.filter((one) => occupies(one, stage)).length).toBeLessThanOrEqual(1);
        });
        expect(all.filter(({ status }) => status === 'InProgress' || status === 'Stopping')).toEqual([]);
        expect(all.at(-1)?.status).not.toBe('Superseded');
      }),
      { numRuns: 300 },
    );
  });
});
