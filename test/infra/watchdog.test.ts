import { describe, expect, it } from 'vitest';
import { namespace } from '../../shared/watch/metrics.ts';
import { actionsOf, ofType, refersTo, shop, statements, templateOf } from './template.ts';

const alarms = ofType('AWS::CloudWatch::Alarm').filter(
  ([, { Properties }]) =>
    Properties['Namespace'] === namespace && /^(?:CanaryAge|Behind)$/.test(String(Properties['MetricName'])),
);
const [[topic, { Properties: made }] = ['', { Properties: {} }]] = ofType('AWS::SNS::Topic').filter(([id]) =>
  id.startsWith('Watchdog'),
);

describe('the watchdog', () => {
  it('alarms for the canary and for each reader, and takes silence for the worst', () => {
    expect(alarms.map(([, { Properties }]) => Properties['AlarmName'])).toEqual([
      'The canary is silent',
      'A reader is behind: react',
      'A reader is behind: index-trail',
      'A reader is behind: seal-trail',
    ]);
    for (const [, { Properties }] of alarms)
      expect(Properties).toMatchObject({ TreatMissingData: 'breaching', Threshold: 300, Period: 60 });
  });

  it('alarms where nothing was asked of the services for half an hour, or nobody says so', () => {
    const [alarm] = ofType('AWS::CloudWatch::Alarm').filter(
      ([, one]) => one.Properties['AlarmName'] === 'The reconciler is behind',
    );
    const Properties = alarm?.[1].Properties ?? {};
    expect(Properties).toMatchObject({
      TreatMissingData: 'breaching',
      MetricName: 'ReconcilerLag',
      Threshold: 1_800,
      Period: 300,
    });
    expect(refersTo(Properties['AlarmActions'])).toEqual([topic]);
  });

  it('tells by a topic and a key of its own, so that what breaks the others does not silence it', () => {
    for (const [, { Properties }] of alarms) expect(refersTo(Properties['AlarmActions'])).toEqual([topic]);
    const [key = ''] = refersTo((made as { [property: string]: unknown })['KmsMasterKeyId']);
    const others = ofType('AWS::SNS::Topic').filter(([id]) => id !== topic);
    expect(others.flatMap(([, { Properties }]) => refersTo(Properties['KmsMasterKeyId']))).not.toContain(key);
    expect(
      ofType('AWS::SQS::Queue').flatMap(([, { Properties }]) => refersTo(Properties['KmsMasterKeyId'])),
    ).not.toContain(key);
  });

  it('may put canaries on the bus, and read; nothing else', () => {
    const may = statements().filter(([policy]) => policy.startsWith('CanaryWatchPath'));
    expect(new Set(may.flatMap(([, statement]) => actionsOf(statement)))).toEqual(
      new Set([
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'events:PutEvents',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'sqs:SendMessage',
      ]),
    );
    const put = may.find(([, statement]) => actionsOf(statement).includes('events:PutEvents'));
    expect(put?.[1]).toMatchObject({ Condition: { StringEquals: { 'events:source': 'escalator.canary' } } });
  });

  it('writes to whoever is to be told, where somebody is', () => {
    const told = (from: ReturnType<typeof templateOf>) =>
      ofType('AWS::SNS::Subscription', from).map(([, { Properties }]) => Properties['Endpoint']);
    expect(told(templateOf(shop))).toEqual([]);
    expect(told(templateOf(shop, { watchdog: 'sre@example.org' }))).toEqual(['sre@example.org']);
  });
});
