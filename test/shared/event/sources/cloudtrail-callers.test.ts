import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture } from '../harness.ts';

describe('a caller', () => {
  it('who comes from an identity provider is a person of its own, and the provider is named beside', () => {
    expect(fixture('cloudtrail/call-by-web-identity.json')).toMatchObject({
      actor: { type: 'person', name: 'repo:acme/shop:ref:refs/heads/main' },
      detail: {
        identityProvider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
      },
    });
    expect(fixture('cloudtrail/call-by-saml.json').actor).toMatchObject({ type: 'person', name: 'mia@example.com' });
  });

  it('in the console is there also where only the kind of event says so', () => {
    expect(fixture('cloudtrail/console-action.json').detail['console']).toBe(true);
  });

  it('by IAM Identity Center is a session named after the person, in a role with its whole path', () => {
    expect(fixture('cloudtrail/call-by-sso.json')).toMatchObject({
      actor: {
        type: 'role-session',
        role: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_PowerUser_0a1b2c3d4e5f6071',
        session: 'mia@example.com',
      },
      detail: { console: true },
    });
  });

  it('who is federated is a person, and the broker is named beside', () => {
    expect(fixture('cloudtrail/call-by-federated-user.json')).toMatchObject({
      actor: { type: 'person', id: 'arn:aws:sts::111122223333:federated-user/ada', name: 'ada' },
      detail: { issuer: 'arn:aws:iam::111122223333:user/broker' },
    });
  });

  it('of another account is a session of that account, or unknown where its account is all that is said', () => {
    expect(fixture('cloudtrail/call-across-accounts.json')).toMatchObject({
      actor: { type: 'role-session', role: 'arn:aws:iam::444455556666:role/Auditor', session: 'eve' },
      detail: { callerAccount: '444455556666', shared: '5eed0000-0000-4000-8000-000000000001' },
    });
    expect(fixture('cloudtrail/call-by-other-account.json')).toMatchObject({
      actor: { type: 'unknown' },
      detail: { callerAccount: '444455556666', principal: 'AIDA' },
    });
  });

  it('without an ARN is who its principal and its issuer say', () => {
    expect(fixture('cloudtrail/call-by-session-without-arn.json').actor).toEqual({
      type: 'role-session',
      id: 'AROAEXAMPLE:ada',
      role: 'arn:aws:iam::111122223333:role/teams/Developer',
      session: 'ada',
    });
    expect(fixture('cloudtrail/call-by-identity-center-user.json').actor).toMatchObject({
      type: 'person',
      id: '544894e8-80c1-707f-60e3-3ba6510dfac1',
    });
  });

  it('of a type not known is who its ARN says, and unknown without one', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    const by = (userIdentity: object) => factOf({ ...event, detail: { ...event.detail, userIdentity } }).actor;
    expect(by({ type: 'User', arn: 'arn:aws:iam::111122223333:user/mia' })).toMatchObject({
      type: 'person',
      name: 'mia',
    });
    expect(by({ type: 'Robot', principalId: 'R2', accountId: '111122223333' })).toEqual({ type: 'unknown' });
  });

  it('stays who is answerable where a service called in its name; the service is named beside', () => {
    expect(fixture('cloudtrail/call-in-the-name-of.json')).toMatchObject({
      actor: { type: 'role-session', session: 'ada' },
      detail: { invokedBy: 'cloudformation.amazonaws.com' },
    });
  });

  it('in a role that an identity provider gives out is not said to be without a second factor', () => {
    expect(fixture('cloudtrail/call-by-sso.json').detail).not.toHaveProperty('mfa');
    expect(fixture('cloudtrail/call-update-service.json').detail['mfa']).toBe(true);
  });
});

describe('a sign-in to the console', () => {
  it.each([
    ['sign-in-with-mfa', { type: 'person', name: 'mia', verified: true }, true],
    ['sign-in-by-root', { type: 'person', name: 'root', verified: true }, false],
    ['sign-in-by-sso', { type: 'role-session', session: 'mia@example.com' }, undefined],
  ])('%s says who, and whether with a second factor', (name, actor, mfa) => {
    const fact = fixture(`cloudtrail/${name}.json`);
    expect(fact).toMatchObject({ kind: 'sign-in', outcome: 'succeeded', actor });
    expect(fact.detail['mfa']).toBe(mfa);
    expect(fact.subject).toBe('arn:aws:iam::111122223333:root');
  });

  it('that failed only claims who it was, and a name that nobody has is nobody', () => {
    expect(fixture('cloudtrail/sign-in-by-root-failed.json')).toMatchObject({
      kind: 'sign-in.failed',
      reason: 'Failed authentication',
      actor: { type: 'person', name: 'root', verified: false },
    });
    expect(fixture('cloudtrail/sign-in-failed.json').actor).toMatchObject({ id: '111122223333/mia', verified: false });
    expect(fixture('cloudtrail/sign-in-hidden-name.json').actor).toEqual({ type: 'unknown' });
  });

  it('may be one to the portal of Identity Center, which is told as an event of the service', () => {
    const mia = { type: 'person', name: 'mia@example.com' };
    expect(fixture('cloudtrail/sign-in-by-identity-center.json')).toMatchObject({
      kind: 'sign-in',
      actor: { ...mia, verified: true },
    });
    expect(fixture('cloudtrail/sign-in-by-identity-center-failed.json')).toMatchObject({
      kind: 'sign-in.failed',
      actor: { ...mia, verified: false },
    });
    expect(fixture('cloudtrail/service-event-of-sign-in.json')).toMatchObject({
      kind: 'service-event',
      outcome: 'success',
    });
  });

  it('is followed by other acts of the console that may fail', () => {
    expect(fixture('cloudtrail/sign-in-switch-role-failed.json')).toMatchObject({
      kind: 'call.failed',
      reason: 'Invalid information in one or more fields',
      actor: { name: 'mia' },
    });
  });
});
