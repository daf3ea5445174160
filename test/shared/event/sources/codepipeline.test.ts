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

describe('what started an execution', () => {
  const service = (name: string) => ({ type: 'service', name });

  it.each([
    ['pipeline-started-by-rule', 'events.amazonaws.com'],
    ['pipeline-started-by-webhook', 'codepipeline.amazonaws.com'],
    ['pipeline-started-by-connection', 'codepipeline.amazonaws.com'],
    ['pipeline-started-automated-rollback', 'codepipeline.amazonaws.com'],
  ])('%s is a service: %s', (name, by) => {
    expect(fixture(`codepipeline/${name}.json`).actor).toEqual(service(by));
  });

  it('is not known where somebody made the call and the trigger does not say who, or no trigger is told', () => {
    const unnamed = { 'execution-trigger': { 'trigger-type': 'StartPipelineExecution' } };
    for (const trigger of [unnamed, { 'execution-trigger': null }])
      expect(factOf(changed('codepipeline/pipeline-started.json', trigger)).actor).toEqual({ type: 'unknown' });
  });

  it('may be a type that nobody documented', () => {
    const trigger = { 'execution-trigger': { 'trigger-type': 'ChangeAutomation', 'trigger-detail': 'x' } };
    const fact = factOf(changed('codepipeline/pipeline-started.json', trigger));
    expect(fact).toMatchObject({ actor: service('codepipeline.amazonaws.com'), detail: { trigger: { detail: 'x' } } });
  });

  it('stands on the end too where it was a connection', () => {
    const { detail } = eventOf('codepipeline/pipeline-started-by-connection.json');
    const trigger = { 'execution-trigger': detail['execution-trigger'] };
    const fact = factOf(changed('codepipeline/pipeline-succeeded.json', trigger));
    expect(fact.change).toEqual({ repository: 'acme/shop', commit });
  });

  it('is, by hand, a rollback to an execution', () => {
    expect(fixture('codepipeline/pipeline-started-manual-rollback.json')).toMatchObject({
      actor: { type: 'role-session', session: 'ada' },
      detail: { executionType: 'ROLLBACK', rollbackTarget: '5b0e2b9d-41e4-4989-8e44-2c5e6a0b1c2d' },
    });
  });

  it('is, by the service itself, a rollback of an execution that failed', () => {
    const { detail } = fixture('codepipeline/pipeline-started-automated-rollback.json');
    expect(detail).toMatchObject({ executionType: 'ROLLBACK', rollbackOf: execution });
  });

  it('tells a rollback also in the spelling of the API, and on the end', () => {
    const metadata = { rollbackMetadata: { rollbackTargetPipelineExecutionId: execution } };
    const fact = factOf(changed('codepipeline/pipeline-failed.json', { executionType: 'ROLLBACK', ...metadata }));
    expect(fact.detail).toMatchObject({ executionType: 'ROLLBACK', rollbackTarget: execution });
  });

  it('is no rollback where nothing says so', () => {
    expect(fixture('codepipeline/pipeline-started.json').detail).not.toHaveProperty('executionType');
  });
});

describe('a stop or a retry', () => {
  it.each(['pipeline-stopping', 'pipeline-resumed', 'stage-resumed'])(
    '%s was asked for by somebody whom the event does not name',
    (name) => {
      expect(fixture(`codepipeline/${name}.json`).actor).toEqual({ type: 'unknown' });
    },
  );

  it('keeps when the stage was retried, and is a fact of its attempt', () => {
    const fact = fixture('codepipeline/stage-started-after-retry.json');
    expect(fact).toMatchObject({ detail: { attempt: 2, retriedAt: '2026-11-20T09:30:11.402Z' } });
    expect(fact.key).toBe(`${pipeline}#${execution},Build,started,2`);
  });
});

describe('a notification about a pipeline', () => {
  it('has the reason of the first failed action that tells one, whatever its count says', () => {
    expect(fixture('codepipeline/notified-stage-failed.json')).toMatchObject({
      reason: 'npm test failed',
      detail: { failedActions: [{ action: 'Lint' }, { action: 'Unit', additionalInformation: 'npm test failed' }] },
    });
  });

  it('names the failed actions where none tells a reason', () => {
    expect(fixture('codepipeline/notified-stage-failed-without-information.json').reason).toBe('Lint, Unit failed');
  });

  it('has the reason of an action beside the detail', () => {
    const fact = fixture('codepipeline/notified-action-failed.json');
    expect(fact.reason).toBe('Build terminated with state: FAILED. Phase: BUILD');
    expect(fact.key).toBe(fixture('codepipeline/action-build-failed.json').key);
  });

  it('carries the commit of its source, and counts attempts from 0 or from 1', () => {
    const fact = fixture('codepipeline/notified-stage-started.json');
    expect(fact).toMatchObject({ change: { repository: 'shop', commit }, detail: { attempt: 1 } });
    expect(fact.key).toBe(fixture('codepipeline/notified-stage-started-of-two-sources.json').key);
  });

  it('of an approval that is needed says what is asked', () => {
    expect(fixture('codepipeline/notified-approval-needed.json')).toMatchObject({
      kind: 'action.started',
      reason: 'Seen on staging?',
      detail: { category: 'Approval', action: 'Ask' },
    });
  });

  it('carries no commit where two sources have two', () => {
    expect(fixture('codepipeline/notified-stage-started-of-two-sources.json').change).toBeNull();
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

  it('that is a source by connection names the repository in its link, of whatever provider', () => {
    const name = 'codepipeline/action-source-by-connection-names-repository.json';
    expect(fixture(name).change).toEqual({ repository: 'acme/shop', commit });
    const links = [`https://github.com/acme/shop/commit/${commit}`, `https://gitlab.com/acme/shop/-/commit/${commit}`];
    for (const url of [...links, `https://x.example/redirect?FullRepositoryId=acme%2Fshop&Commit=${commit}`]) {
      const result = { 'external-execution-url': url, 'external-execution-id': commit };
      expect(factOf(changed(name, { 'execution-result': result })).change).toEqual({ repository: 'acme/shop', commit });
    }
  });

  it('that is a source may carry an image', () => {
    expect(fixture('codepipeline/action-source-image.json').change).toEqual({
      repository: null,
      commit: 'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    });
  });

  it('that says only a code failed for that', () => {
    expect(fixture('codepipeline/action-deploy-failed-code-only.json')).toMatchObject({
      reason: 'PermissionError',
      detail: { externalId: 'd-ABCDEF123', region: 'eu-central-1' },
    });
  });

  it('belongs where its stage delivers to', () => {
    const deploys = {
      ...locate,
      pipeline: (_: string, stage?: string) => (stage === 'Deploy' ? locate.pipeline('shop') : null),
    };
    expect(fixture('codepipeline/action-deploy-failed-code-only.json', { locate: deploys }).service).toBe('shop');
    expect(fixture('codepipeline/action-build-failed.json', { locate: deploys }).service).toBeNull();
  });
});

describe('a manual approval', () => {
  const unknown = { type: 'unknown' };

  it.each([
    ['succeeded', 'approved', unknown, 'Looks good, go ahead'],
    ['failed', 'rejected', unknown, 'Rejected: not on a Friday'],
    ['not-given', 'not-approved', unknown, null],
    ['timed-out', 'timed-out', { type: 'service', name: 'codepipeline.amazonaws.com' }, 'ActionTimedOut'],
  ])('that %s was %s; who did it stands on the call alone', (name, decision, actor, reason) => {
    const fact = fixture(`codepipeline/action-approval-${name}.json`);
    expect(fact).toMatchObject({ actor, reason, detail: { decision, category: 'Approval' } });
  });

  it('is decided by nobody while it is waited for, or where the execution was given up', () => {
    for (const state of ['STARTED', 'ABANDONED'])
      expect(factOf(changed('codepipeline/action-approval-failed.json', { state })).detail).not.toHaveProperty(
        'decision',
      );
  });
});

describe('a job for a Lambda function', () => {
  const job = fixture('codepipeline/job.json');

  it('is one fact by its id, about the function, and carries the commit it is given', () => {
    expect(job).toMatchObject({
      kind: 'job.requested',
      subject: 'arn:aws:lambda:us-east-1:111122223333:function:shop-smoke',
      change: { repository: null, commit },
      detail: { job: 'c0d76431-b0e7-4f2a-97e3-e8ee786eb6f6', function: 'shop-smoke', via: ['pipeline-job'] },
    });
    expect(job.key).toMatch(/#job,c0d76431-b0e7-4f2a-97e3-e8ee786eb6f6$/);
  });

  it('keeps nothing that would let anybody act for the pipeline, whatever it is called', () => {
    expect(JSON.stringify(job)).not.toContain('planted');
    expect(job.redactions.map(({ pointer }) => pointer.split('/').at(-1))).toEqual(
      expect.arrayContaining(['secretAccessKey', 'sessionToken', 'continuationToken', 'opaque']),
    );
  });

  it('keeps what it was asked to do', () => {
    expect(JSON.stringify(job)).toContain('https://shop.example.com');
  });
});

describe('a request for an approval', () => {
  it('is on record without the token that would grant it', () => {
    const fact = fixture('odd/approval-topic.json', { locate });
    expect(fact).toMatchObject({ kind: 'approval.requested', service: 'shop', detail: { action: 'Ask' } });
    expect(JSON.stringify(fact)).not.toContain('0f1e2d3c-token');
  });
});
