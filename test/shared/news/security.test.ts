import { describe, expect, it } from 'vitest';
import { newsGroup, newsNotice } from '../../../shared/news/notice.ts';
import { entryOf, newsItem, rulesOf } from '../../harness/news.ts';
import { bodyOf, eventOf, factOf, filesUnder, fixtures, groupsOf, locate, nameOf } from '../event/harness.ts';

const toldOf = (name: string): string[] =>
  groupsOf(bodyOf(name), { locate })
    .flatMap(({ entries }) => entries.map((draft) => entryOf(draft)))
    .flatMap((entry) =>
      rulesOf(entry).map(
        (rule) => `${rule.severity} ${newsGroup(rule, entry)} ${newsNotice(rule, entry).alert.headline}`,
      ),
    );

describe('of all events there are, security hears', () => {
  it('of these and no others', () => {
    const told = filesUnder(fixtures).flatMap((file) => toldOf(nameOf(file, fixtures)));
    expect(told.toSorted()).toMatchInlineSnapshot(`
      [
        "page news:security/abuse-reported AWS reports that the account was used for abuse: Increased error rates in one Availability Zone.",
        "page news:security/recording-cut/DisableKey root called DisableKey on 1",
        "page news:security/root-used root signed in to the console without a second factor, from 203.0.113.7",
        "ticket news:security/alarm-set-by-hand ada called SetAlarmState on shop-smoke",
        "ticket news:security/approval-rules-set-aside/shop mia set aside the approval rules of pull request 7 of shop "Show prices with tax"",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called CreateStack on shop",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called StopDeployment on d-0A1B2C3D4",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called StopServiceDeployment on shop",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called UpdateAlias on shop-api",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called UpdateFunctionCode on shop-api",
        "ticket news:security/outside-pipeline/-/- not through the pipeline: ada called UpdateService on shop",
        "ticket news:security/outside-pipeline/production/shop not through the pipeline: ada called StartInstanceRefresh on shop-asg",
        "ticket news:security/outside-pipeline/production/shop not through the pipeline: ada called StartPipelineExecution on shop",
        "ticket news:security/outside-pipeline/production/shop not through the pipeline: ada called UpdatePipeline on shop",
        "ticket news:security/root-refused root tried to sign in to the console, from 203.0.113.7: Failed authentication",
      ]
    `);
  });
});

const signIn = (used: string, name = 'sign-in'): ReturnType<typeof entryOf> => {
  const event = eventOf(`cloudtrail/${name}.json`);
  return entryOf(factOf({ ...event, detail: { ...event.detail, additionalEventData: { MFAUsed: used } } }));
};
const namesOf = (...asked: Parameters<typeof rulesOf>): string[] => rulesOf(...asked).map(({ name }) => name);

describe('a sign-in to the console', () => {
  it('without a second factor is a ticket that says who and from where', () => {
    const entry = signIn('No');
    const [rule] = rulesOf(entry);
    expect(rule?.severity).toBe('ticket');
    expect(rule && newsNotice(rule, entry).alert).toMatchObject({
      headline: 'mia signed in to the console without a second factor, from 203.0.113.7',
      news: { who: 'arn:aws:iam::111122223333:user/teams/mia', where: 'account 111122223333, eu-west-1', seq: 7 },
    });
  });

  it('with one is nobody’s news', () => {
    expect(namesOf(signIn('Yes'))).toEqual([]);
  });

  it('through an identity provider, which asked for the factor itself, is nobody’s news', () => {
    expect(namesOf(signIn('No', 'sign-in-by-sso'))).toEqual([]);
  });

  it('of the root user is told once, as that', () => {
    expect(namesOf(signIn('No', 'sign-in-by-root'))).toEqual(['root-used']);
  });
});

describe('a change outside the pipeline', () => {
  const call = entryOf(factOf(eventOf('cloudtrail/call-update-service.json')));
  const by = (session: string) => ({
    ...call,
    actor: { type: 'role-session' as const, id: `arn:${session}`, role: 'arn:aws:iam::111122223333:role/one', session },
  });

  it('is one that a person or a role made', () => {
    expect(namesOf(by('ada'))).toEqual(['outside-pipeline']);
  });

  it('is none that a build made', () => {
    expect(namesOf(by('AWSCodeBuild-4f7d'))).toEqual([]);
  });

  it('is none that Escalator made', () => {
    expect(namesOf(by('take-step'), [newsItem()], ['arn:aws:iam::111122223333:role/one'])).toEqual([]);
  });

  it('is none that a service made for somebody', () => {
    const invoked = { ...call, detail: { ...call.detail, invokedBy: 'cloudformation.amazonaws.com' } };
    expect(namesOf(invoked)).toEqual([]);
    expect(namesOf({ ...call, detail: { ...call.detail, sourceIp: 'codepipeline.amazonaws.com' } })).toEqual([]);
  });
});

describe('an event that only calls itself one of AWS', () => {
  it('is no news of security', () => {
    const entry = signIn('No');
    expect(namesOf({ ...entry, source: { ...entry.source, name: 'unknown' } })).toEqual([]);
  });
});

describe('a branch that was rewritten', () => {
  const to = (ref: string) =>
    entryOf({
      kind: 'branch.rewritten',
      source: { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
      actor: { type: 'person', id: 'arn:aws:iam::111122223333:user/ada', name: 'ada', verified: true },
      detail: { repository: 'shop', ref, old: 'a'.repeat(40), new: 'b'.repeat(40) },
    });

  it('is told with who did it, where others build on it', () => {
    const entry = to('refs/heads/main');
    const [rule] = rulesOf(entry);
    expect(rule && newsNotice(rule, entry).alert).toMatchObject({
      headline: 'ada rewrote main of shop: bbbbbbb does not descend from aaaaaaa',
      news: { rule: 'branch-rewritten', who: 'arn:aws:iam::111122223333:user/ada' },
    });
  });

  it('is nobody’s news where it is somebody’s own', () => {
    expect(namesOf(to('refs/heads/ada/try'))).toEqual([]);
    expect(namesOf(to('refs/heads/release-7'))).toEqual(['branch-rewritten']);
  });
});

describe('whoever cuts the record off from what happens', () => {
  const call = entryOf(factOf(eventOf('cloudtrail/call-update-service.json')));
  const called = (service: string, name: string, subject: string) => ({
    ...call,
    subject,
    detail: { ...call.detail, service: `${service}.amazonaws.com`, call: name },
  });

  it.each([
    ['cloudtrail', 'StopLogging', 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/all', ['recording-cut']],
    ['kms', 'ScheduleKeyDeletion', 'arn:aws:kms:eu-west-1:111122223333:key/1', ['recording-cut']],
    ['events', 'DisableRule', 'arn:aws:events:eu-west-1:111122223333:rule/escalator-urgent', ['recording-cut']],
    ['events', 'DisableRule', 'arn:aws:events:eu-west-1:111122223333:rule/nightly', []],
    ['cloudtrail', 'StartLogging', 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/all', []],
  ])('%s %s on %s', (service, name, subject, told) => {
    expect(namesOf(called(service, name, subject))).toEqual(told);
  });
});
