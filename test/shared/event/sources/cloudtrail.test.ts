import { describe, expect, it } from 'vitest';
import { text } from '../../../../shared/event/fields.ts';
import { eventOf, factOf, fixture, groupsOf, bodyOf, locate } from '../harness.ts';

describe('a call of an AWS API', () => {
  it('is about what was called, by whom it was called', () => {
    expect(fixture('cloudtrail/call-start-pipeline.json', { locate })).toMatchObject({
      kind: 'call',
      subject: 'arn:aws:codepipeline:eu-west-1:111122223333:shop',
      environment: 'production',
      actor: { type: 'role-session', role: 'arn:aws:iam::111122223333:role/teams/Developer', session: 'ada' },
      detail: { call: 'StartPipelineExecution', readOnly: false, console: false },
    });
  });

  it('is one fact by its event id', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    expect(factOf(event).key).toBe(`arn:aws:codepipeline:eu-west-1:111122223333:shop#${text(event.detail, 'eventID')}`);
  });

  it('that was refused is an attempt, not a change', () => {
    expect(fixture('cloudtrail/call-refused.json')).toMatchObject({
      kind: 'call.failed',
      outcome: 'failed',
      reason: 'User is not authorized to perform codecommit:DeleteRepository',
      detail: { errorCode: 'AccessDenied' },
    });
  });

  it.each([
    ['call-by-root', { type: 'person', name: 'root' }],
    ['call-by-user', { type: 'person', name: 'mia' }],
    ['call-by-service', { type: 'service', name: 'ecs.amazonaws.com' }],
    ['call-by-other-account', { type: 'unknown' }],
    ['service-event', { type: 'service', name: 'kms.amazonaws.com' }],
  ])('%s names its actor', (name, actor) => {
    expect(fixture(`cloudtrail/${name}.json`).actor).toMatchObject(actor);
  });

  it('that names no resource is about the account, and no policy that is only passed along', () => {
    expect(fixture('cloudtrail/call-by-user.json').subject).toBe('arn:aws:iam::111122223333:root');
  });

  it('says whether it was made in the console', () => {
    expect(fixture('cloudtrail/call-update-function.json').detail['console']).toBe(true);
  });

  it('counts as without error where an exporter wrote null as a text', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    const exported = { ...event, detail: { ...event.detail, errorCode: 'null', errorMessage: 'null' } };
    expect(factOf(exported)).toMatchObject({ kind: 'call', reason: null });
  });

  it('is the same fact as a bare record, and each of many records is one', () => {
    const records = groupsOf(bodyOf('odd/cloudtrail-records.json'));
    expect(records).toHaveLength(2);
    expect(records[0]?.key).toBe(fixture('odd/cloudtrail-record.json').key);
  });

  it('in a record of another major version is unknown: its fields may mean anything', () => {
    expect(fixture('odd/cloudtrail-record-of-version-2.json').kind).toBe('unknown');
  });
});
