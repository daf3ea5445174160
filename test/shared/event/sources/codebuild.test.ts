import { describe, expect, it } from 'vitest';
import { at } from '../../../../shared/event/fields.ts';
import { digest, eventOf, factOf, fixture, locate, type TestEvent } from '../harness.ts';

const commit = '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263';

const informed = (name: string, information: object): TestEvent => {
  const event = eventOf(name);
  const said = { ...(event.detail['additional-information'] as object), ...information };
  return { ...event, detail: { ...event.detail, 'additional-information': said } };
};

describe('a build', () => {
  it('belongs to the pipeline that initiated it, and says what failed', () => {
    expect(fixture('codebuild/build-failed.json', { locate })).toMatchObject({
      subject: 'arn:aws:codebuild:eu-west-1:111122223333:build/shop:4f7d0000-0000-4000-8000-000000000001',
      service: 'shop',
      actor: { type: 'service', name: 'codepipeline.amazonaws.com' },
      reason: 'COMMAND_EXECUTION_ERROR: npm test. Reason: exit status 1',
      detail: { project: 'shop', pipeline: 'shop', number: 42 },
    });
  });

  it('that no pipeline initiated belongs where its repository does', () => {
    expect(fixture('codebuild/build-by-user.json', { locate }).service).toBe('shop');
    expect(fixture('codebuild/build-by-webhook.json', { locate }).service).toBeNull();
  });

  it('is one fact by itself and its state, by event and by notification', () => {
    const { key, reason } = fixture('codebuild/notified-build-failed.json');
    expect(key).toBe(fixture('codebuild/build-failed.json').key);
    expect(reason).toBe('COMMAND_EXECUTION_ERROR: npm test. Reason: exit status 1');
  });

  it('has no reason when it did not fail, whatever an earlier phase said', () => {
    expect(fixture('codebuild/build-succeeded.json').reason).toBeNull();
    expect(fixture('codebuild/build-phase-succeeded.json').reason).toBeNull();
  });

  it('failed for the first phase that did: what comes after may fail because of it', () => {
    const { reason } = fixture('codebuild/build-failed-twice.json');
    expect(reason).toBe('COMMAND_EXECUTION_ERROR: npm test. Reason: exit status 1');
  });

  it('names the phase that failed where that says nothing', () => {
    expect(fixture('codebuild/build-failed-without-words.json')).toMatchObject({
      kind: 'build.failed',
      outcome: 'fault',
      reason: 'phase PROVISIONING: fault',
    });
  });

  it('says what it said last where no phase is listed', () => {
    const event = informed('codebuild/build-failed-without-words.json', { phases: [] });
    const detail = { ...event.detail, 'current-phase-context': '[INTERNAL_SERVICE_ERROR: try again]' };
    expect(factOf({ ...event, detail }).reason).toBe('INTERNAL_SERVICE_ERROR: try again');
  });

  it('keeps no variable that stands in clear in the event, and the names of those that are stored elsewhere', () => {
    const { detail } = fixture('codebuild/build-succeeded.json');
    const variables = at(detail, 'event', 'additional-information', 'environment', 'environment-variables');
    const value = `[redacted plaintext-variable ${digest('production').slice(0, 12)}]`;
    expect(variables).toEqual([
      { name: 'STAGE', type: 'PLAINTEXT', value },
      { name: 'DB', type: 'PARAMETER_STORE', value: '/shop/db' },
    ]);
  });

  it('in a state that has the name of something else is not understood, and on record', () => {
    const event = eventOf('codebuild/build-failed.json');
    for (const state of ['constructor', '__proto__', 'QUEUED'])
      expect(factOf({ ...event, detail: { ...event.detail, 'build-status': state } }).kind).toBe('unknown');
  });
});

describe('who started a build', () => {
  const session = {
    type: 'role-session',
    id: 'arn:aws:sts::111122223333:assumed-role/Developer/ada',
    role: 'arn:aws:iam::111122223333:role/Developer',
    session: 'ada',
  };

  it.each([
    ['build-by-user', { type: 'person', id: 'mia', name: 'mia', verified: true }],
    ['build-by-session', session],
    ['build-by-rule', { type: 'service', name: 'events.amazonaws.com' }],
    ['build-by-webhook', { type: 'service', name: 'GitHub-Hookshot' }],
    ['build-in-pipeline', { type: 'service', name: 'codepipeline.amazonaws.com' }],
  ])('%s stands in its initiator', (name, actor) => {
    expect(fixture(`codebuild/${name}.json`).actor).toEqual(actor);
  });

  it('is a session in the partition of the event', () => {
    const event = { ...eventOf('codebuild/build-by-session.json'), region: 'cn-north-1' };
    expect(factOf(event).actor).toMatchObject({ id: 'arn:aws-cn:sts::111122223333:assumed-role/Developer/ada' });
  });

  it('is not who stopped it: that is not told', () => {
    expect(fixture('codebuild/build-stopped.json').actor).toEqual({ type: 'unknown' });
  });

  it.each([null, '', 'two words', 'a/b/c', 'line\nbreak', 'x'.repeat(65), 'arn:aws:sns:eu-west-1:1:topic'])(
    'is unknown where it is %j: that is nobody',
    (initiator) => {
      expect(factOf(informed('codebuild/build-by-user.json', { initiator })).actor).toEqual({ type: 'unknown' });
    },
  );
});

describe('what a build built', () => {
  it.each([
    ['build-by-user', { repository: 'shop', commit }],
    ['build-by-rule', { repository: 'shop', commit }],
    ['build-by-webhook', { repository: 'acme/shop', commit }],
    ['build-in-pipeline', null],
  ])('%s: %o', (name, change) => {
    expect(fixture(`codebuild/${name}.json`).change).toEqual(change);
  });

  it('is what its source was resolved to, where that is told', () => {
    const resolved = { 'source-version': 'refs/heads/main', 'resolved-source-version': commit };
    expect(factOf(informed('codebuild/build-by-user.json', resolved)).change).toEqual({ repository: 'shop', commit });
  });

  it('is not known of a branch', () => {
    const branch = { 'source-version': 'refs/heads/main' };
    expect(factOf(informed('codebuild/build-by-user.json', branch)).change).toBeNull();
  });
});

describe('a phase of a build', () => {
  it('ended when it says, although the envelope has the time of its beginning', () => {
    expect(fixture('codebuild/build-phase-client-error.json')).toMatchObject({
      kind: 'build-phase.failed',
      outcome: 'client-error',
      occurredAt: '2026-11-20T09:12:53.000Z',
      reason: 'YAML_FILE_ERROR: Invalid buildspec: version is missing,\nline 3',
      detail: { phase: 'DOWNLOAD_SOURCE', seconds: 3 },
    });
  });
});
