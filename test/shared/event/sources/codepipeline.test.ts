import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture, locate } from '../harness.ts';

const pipeline = 'arn:aws:codepipeline:eu-west-1:111122223333:shop';
const execution = '6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d';
const commit = '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263';

const changed = (name: string, detail: object): object => {
  const event = eventOf(name);
  return { ...event, detail: { ...event.detail, ...detail } };
};

describe('an execution of a pipeline', () => {
  it('is about the pipeline, names the execution, and belongs where the configuration says', () => {
    expect(fixture('codepipeline/stage-succeeded.json', { locate })).toMatchObject({
      subject: pipeline,
      execution,
      environment: 'production',
      service: 'shop',
      detail: { pipeline: 'shop', stage: 'Deploy', attempt: 1, version: 3 },
    });
  });

  it('is one fact by execution, stage, state and attempt', () => {
    expect(fixture('codepipeline/pipeline-failed.json').key).toBe(`${pipeline}#${execution},failed,1`);
    expect(fixture('codepipeline/stage-failed.json').key).toBe(`${pipeline}#${execution},Deploy,failed,1`);
  });

  it('counts an absent attempt as the first', () => {
    const once = changed('codepipeline/stage-started-before-attempts.json', { 'pipeline-execution-attempt': 1.0 });
    expect(fixture('codepipeline/stage-started-before-attempts.json').key).toBe(factOf(once).key);
  });

  it('is another fact when it is tried again', () => {
    const again = changed('codepipeline/stage-failed.json', { 'pipeline-execution-attempt': 2.0 });
    expect(factOf(again).key).not.toBe(fixture('codepipeline/stage-failed.json').key);
  });

  it('is the same fact by a notification rule, which also knows the reason', () => {
    const notified = fixture('odd/notification-rule-pipeline-failed.json');
    expect(notified.key).toBe(fixture('codepipeline/pipeline-failed.json').key);
    expect(notified.reason).toBe('npm test failed');
  });

  it('is done by the person who started it, where the trigger says who', () => {
    expect(fixture('codepipeline/pipeline-started.json').actor).toMatchObject({ type: 'role-session', session: 'ada' });
    expect(fixture('codepipeline/pipeline-failed.json').actor).toEqual({
      type: 'service',
      name: 'codepipeline.amazonaws.com',
    });
  });

  it('carries the commit that a trigger by connection names', () => {
    expect(fixture('codepipeline/pipeline-started-by-connection.json').change).toEqual({
      repository: 'acme/shop',
      commit,
    });
  });

  it('keeps why it was stopped', () => {
    expect(fixture('codepipeline/pipeline-stopping.json').reason).toBe('wrong branch');
  });

  it('spells the states of the API as the events do', () => {
    expect(factOf(changed('codepipeline/stage-failed.json', { state: 'Cancelled' })).kind).toBe('stage.canceled');
    expect(factOf(changed('codepipeline/stage-failed.json', { state: 'InProgress' })).kind).toBe('stage.started');
  });

  it('cannot be made to share a key with another one by the names in it', () => {
    const one = factOf(changed('codepipeline/stage-failed.json', { 'execution-id': 'a,b', stage: 'c' }));
    const other = factOf(changed('codepipeline/stage-failed.json', { 'execution-id': 'a', stage: 'b,c' }));
    expect(one.key).not.toBe(other.key);
  });
});

describe('an action', () => {
  it('is one fact by its own execution and its state', () => {
    const { key } = fixture('codepipeline/action-build-failed.json');
    expect(key).toBe(`${pipeline}#a1000000-0000-4000-8000-000000000003,failed`);
  });

  it('says what failed and why', () => {
    expect(fixture('codepipeline/action-build-failed.json')).toMatchObject({
      reason: 'Build terminated with state: FAILED. Phase: BUILD',
      change: null,
      detail: {
        action: 'Build',
        provider: 'CodeBuild',
        category: 'Build',
        externalId: 'shop:4f7d',
        errorCode: 'JobFailed',
      },
    });
  });

  it('that is a source and succeeded carries the change, with the repository where its link names one', () => {
    expect(fixture('codepipeline/action-source-succeeded.json').change).toEqual({ repository: 'shop', commit });
    expect(fixture('codepipeline/action-source-by-connection-succeeded.json').change).toEqual({
      repository: null,
      commit,
    });
    expect(fixture('codepipeline/action-source-started.json').change).toBeNull();
  });

  it('takes the commit message out of the JSON that a source by connection says', () => {
    expect(fixture('codepipeline/action-source-by-connection-succeeded.json').reason).toBe('Show prices with tax');
  });

  it('that is a rejected approval says so by its category', () => {
    expect(fixture('codepipeline/action-approval-failed.json').detail).toMatchObject({ category: 'Approval' });
  });
});

describe('a request for an approval', () => {
  it('is on record without the token that would grant it', () => {
    const fact = fixture('odd/approval-topic.json', { locate });
    expect(fact).toMatchObject({ kind: 'approval.requested', service: 'shop', detail: { action: 'Ask' } });
    expect(JSON.stringify(fact)).not.toContain('0f1e2d3c-token');
  });
});
