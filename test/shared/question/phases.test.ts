import { describe, expect, it } from 'vitest';
import type { EntryItem } from '../../../shared/question/answers.ts';
import { executionsOf, workOf } from '../../../shared/question/phases.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import * as given from '../population/given.ts';

const told = (...drafts: Draft[]): EntryItem[] =>
  given.recorded(...drafts).map((record) => ({ ...record, id: '', lane: '', segment: 0, hash: '', says: '' }));

const execution = '6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d';

const run = (what: string, minute: number, state: string, over: object = {}): Draft =>
  given.event('aws.codepipeline', `CodePipeline ${what} Execution State Change`, given.at(minute), {
    pipeline: 'shop',
    'execution-id': execution,
    state,
    ...over,
  });

const action = (minute: number, name: string, state: string, summary?: string): Draft =>
  run('Action', minute, state, {
    stage: 'Build',
    action: name,
    'action-execution-id': name,
    ...(summary === undefined ? {} : { 'execution-result': { 'external-execution-summary': summary } }),
  });

const failed = [
  run('Pipeline', 1, 'STARTED'),
  run('Stage', 1, 'STARTED', { stage: 'Build' }),
  action(2, 'Lint', 'SUCCEEDED'),
  action(3, 'Unit', 'FAILED', 'npm test: exit status 1'),
  run('Stage', 3, 'FAILED', { stage: 'Build' }),
  run('Pipeline', 3, 'FAILED'),
];

describe('an execution that failed', () => {
  it('failed for the action that did, for its own event gives no reason', () => {
    const [run] = executionsOf(told(...failed));
    const reason = 'npm test: exit status 1';
    expect(run).toMatchObject({ outcome: 'failed', reason, stages: [{ name: 'Build', reason }] });
  });

  it('has its reason although the stage is told of by nobody', () => {
    const [run] = executionsOf(told(...failed.filter(({ kind }) => !kind.startsWith('stage.'))));
    expect(run?.reason).toBe('npm test: exit status 1');
  });
});

describe('an execution that was stopped', () => {
  it('keeps why, which was told when the stop was asked for', () => {
    const stopping = run('Pipeline', 2, 'STOPPING', { 'stop-execution-comments': 'wrong branch' });
    const [stopped] = executionsOf(told(run('Pipeline', 1, 'STARTED'), stopping, run('Pipeline', 3, 'STOPPED')));
    expect(stopped).toMatchObject({ outcome: 'stopped', reason: 'wrong branch' });
  });

  it('and succeeds after all has no reason left', () => {
    const stopping = run('Pipeline', 2, 'STOPPING', { 'stop-execution-comments': 'wrong branch' });
    const [done] = executionsOf(told(run('Pipeline', 1, 'STARTED'), stopping, run('Pipeline', 3, 'SUCCEEDED')));
    expect(done).toMatchObject({ outcome: 'succeeded', reason: null });
  });
});

const stack = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0a1b2c3d';

const change = (what: string, minute: number, status: string, reason = '', resource = {}): Draft =>
  given.event('aws.cloudformation', `CloudFormation ${what} Status Change`, given.at(minute), {
    'stack-id': stack,
    'status-details': { status, 'status-reason': reason },
    ...resource,
  });

const resource = (minute: number, name: string, status: string, reason: string): Draft =>
  change('Resource', minute, status, reason, { 'logical-resource-id': name });

describe('a stack that was brought back', () => {
  const began = change('Stack', 1, 'UPDATE_IN_PROGRESS', 'User Initiated');
  const rollingBack = change(
    'Stack',
    3,
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'The following resource(s) failed: [Queue, Topic].',
  );
  const back = change('Stack', 4, 'UPDATE_ROLLBACK_COMPLETE');

  it('failed for the first resource that did: the others were called off', () => {
    const queue = resource(2, 'Queue', 'UPDATE_FAILED', 'Access denied');
    const topic = resource(2, 'Topic', 'UPDATE_FAILED', 'Resource update cancelled');
    const { stacks } = workOf(told(began, queue, topic, rollingBack, back));
    expect(stacks).toMatchObject([{ id: stack, outcome: 'rolled-back', reason: 'Queue: Access denied' }]);
  });

  it('failed for what it says itself where no resource is told of', () => {
    const { stacks } = workOf(told(began, rollingBack, back));
    expect(stacks[0]?.reason).toBe('The following resource(s) failed: [Queue, Topic].');
  });

  it('failed for nothing that a change before it failed for', () => {
    const before = [began, resource(2, 'Queue', 'UPDATE_FAILED', 'Access denied'), back];
    const again = change('Stack', 5, 'UPDATE_IN_PROGRESS');
    const { stacks } = workOf(told(...before, again, change('Stack', 6, 'UPDATE_ROLLBACK_COMPLETE')));
    expect(stacks[0]?.reason).toBeNull();
  });

  it('and then changed has no reason', () => {
    const { stacks } = workOf(
      told(began, resource(2, 'Queue', 'UPDATE_FAILED', 'x'), change('Stack', 6, 'UPDATE_COMPLETE')),
    );
    expect(stacks[0]).toMatchObject({ outcome: 'succeeded', reason: null });
  });
});
