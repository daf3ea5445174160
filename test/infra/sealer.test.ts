import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variables } from '../../functions/support/environment.ts';
import { alteredMark, refusals } from '../../shared/seal/refusals.ts';
import {
  actionsOf,
  ofType,
  path,
  refersTo,
  type Resource,
  shop,
  type Statement,
  statements,
  templateOf,
} from './template.ts';

const onArchive = [
  ['AuditorSealTrail', 's3:GetObject'],
  ['AuditorSealTrail', 's3:ListBucket'],
  ['AuditorSealTrail', 's3:PutObject'],
  ['DoorAnswerQuestion', 's3:GetObject'],
  ['DoorAnswerQuestion', 's3:ListBucket'],
];

describe('the sealer', () => {
  const only = (type: string, id: string): [string, Resource] => {
    const found = ofType(type).filter(([name]) => name.startsWith(id));
    expect(found).toHaveLength(1);
    return found[0] ?? ['', { Type: '', Properties: {} }];
  };
  const [functionId, sealer] = only('AWS::Lambda::Function', 'AuditorSealTrail');
  const [keyId, key] = only('AWS::KMS::Key', 'AuditorKey');
  const [archiveId, archive] = only('AWS::S3::Bucket', 'AuditorArchive');
  const granted = statements().filter(([id]) => id.startsWith('AuditorSealTrail'));

  it('is called every minute, runs once at a time, and is not called later when it cannot be called now', () => {
    const rules = ofType('AWS::Events::Rule').filter(([, { Properties }]) =>
      refersTo(Properties['Targets']).includes(functionId),
    );
    expect(rules.map(([, { Properties }]) => Properties['ScheduleExpression'])).toEqual(['rate(1 minute)']);
    expect(sealer.Properties['ReservedConcurrentExecutions']).toBe(1);
    const [, invoked] = only('AWS::Lambda::EventInvokeConfig', 'AuditorSealTrail');
    expect(invoked.Properties).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  it('signs with an Ed25519 key that stays when the stack goes, and nobody else may', () => {
    expect(key.DeletionPolicy).toBe('Retain');
    expect(key.Properties).toMatchObject({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    const signing = statements().filter(([, statement]) => actionsOf(statement).includes('kms:Sign'));
    expect(signing.map(([id]) => id)).toEqual([granted[0]?.[0]]);
    expect(signing.map(([, { Action, Resource }]) => [Action, refersTo(Resource)])).toEqual([['kms:Sign', [keyId]]]);
  });

  it('keeps its seals in a bucket with versions, nothing public, TLS only, encrypted with the key of ours, that stays', () => {
    expect(archive.DeletionPolicy).toBe('Retain');
    expect(archive.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(JSON.stringify(archive.Properties['BucketEncryption'])).toContain('aws:kms');
    const [, policy] = only('AWS::S3::BucketPolicy', 'AuditorArchive');
    const { Statement } = policy.Properties['PolicyDocument'] as { Statement: unknown[] };
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('may sign and nothing else with the key: not disable it, delete it, or change who may use it', () => {
    const onKeys = granted.filter(([, statement]) => actionsOf(statement).some((action) => action.startsWith('kms:')));
    const onTheKey = onKeys.filter(([, { Resource }]) => refersTo(Resource).includes(keyId));
    expect(onTheKey.flatMap(([, statement]) => actionsOf(statement)).toSorted()).toEqual([
      'kms:GetPublicKey',
      'kms:Sign',
    ]);
    const rest = onKeys.filter(([, { Resource }]) => !refersTo(Resource).includes(keyId));
    expect(new Set(rest.flatMap(([, statement]) => actionsOf(statement)))).toEqual(
      new Set([
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ]),
    );
    expect(JSON.stringify(key.Properties['KeyPolicy'])).not.toContain('Service');
  });

  it('writes everything there but `checkpoint` where nothing is, and so does everybody else', () => {
    const [, policy] = only('AWS::S3::BucketPolicy', 'AuditorArchive');
    const { Statement } = policy.Properties['PolicyDocument'] as { Statement: (Statement & { Sid?: string })[] };
    const once = Statement.find(({ Sid }) => Sid === 'WrittenOnce');
    expect(once).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    const paths = [...JSON.stringify(once?.Resource).matchAll(/"\/(\*[^"]*)"/g)].map(([, path]) => path);
    expect(paths).toEqual(['*/tile/*', '*/checkpoints/*']);
  });

  it('keeps its seals in the bucket of another account where one is named, and makes none', () => {
    const elsewhere = templateOf(shop, { archive: 'seals-of-another-account' });
    expect(ofType('AWS::S3::Bucket', elsewhere).filter(([id]) => id.startsWith('Auditor'))).toEqual([]);
    const toArchive = statements(elsewhere).filter(([, { Resource }]) =>
      JSON.stringify(Resource ?? null).includes('seals-of-another-account'),
    );
    expect(toArchive.map(([id, { Action }]) => [id.replace(/Role.*/, ''), Action])).toEqual(onArchive);
  });

  it('may read, list and put there, and delete nowhere; who answers questions may read, and nobody else touches the archive', () => {
    const toArchive = statements().filter(([, { Resource }]) => refersTo(Resource).includes(archiveId));
    expect(toArchive.map(([id, { Action }]) => [id.replace(/Role.*/, ''), Action])).toEqual(onArchive);
    const actions = granted.flatMap(([, statement]) => actionsOf(statement));
    expect(actions.filter((action) => /delete|bypass|retention/i.test(action))).toEqual([]);
  });

  it('reads the lane and appends to it, and is told where everything is', () => {
    const actions = granted
      .flatMap(([, statement]) => actionsOf(statement))
      .filter((action) => action.startsWith('dynamodb'));
    expect(actions.toSorted()).toEqual(
      ['BatchGetItem', 'BatchWriteItem', 'GetItem', 'PutItem', 'Query'].map((action) => `dynamodb:${action}`),
    );
    const { Variables } = sealer.Properties['Environment'] as { Variables: { [name: string]: unknown } };
    expect(refersTo(Variables[variables.sealKeyId])).toEqual([keyId]);
    expect(refersTo(Variables[variables.archiveBucket])).toEqual([archiveId]);
    expect(Variables).toHaveProperty(variables.table);
    expect(Variables).toHaveProperty(variables.account);
  });

  it('that fails, or is not called at all, for ten minutes alarms', () => {
    const [, alarm] = only('AWS::CloudWatch::Alarm', 'AuditorThetrailisnotsealed');
    expect(alarm.Properties).toMatchObject({
      AlarmName: 'The trail is not sealed',
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 10,
    });
    const metrics = alarm.Properties['Metrics'] as { Expression?: string; MetricStat?: { Metric: unknown } }[];
    expect(metrics.map(({ Expression }) => Expression)).toContain('calls - errors');
    expect(metrics.filter(({ MetricStat }) => refersTo(MetricStat?.Metric).includes(functionId))).toHaveLength(2);
  });

  it('that finds something altered alarms at once, by its log and not by the table', () => {
    const [, filter] = only('AWS::Logs::MetricFilter', 'AuditorAltered');
    expect(filter.Properties).toMatchObject({
      FilterPattern: `"${alteredMark}"`,
      MetricTransformations: [{ MetricNamespace: 'Escalator', MetricName: 'TrailAltered', MetricValue: '1' }],
    });
    expect(refersTo(filter.Properties['LogGroupName'])).toEqual(
      refersTo((sealer.Properties['LoggingConfig'] as { LogGroup: unknown }).LogGroup),
    );
    const [, alarm] = only('AWS::CloudWatch::Alarm', 'AuditorThetrailwasaltered');
    expect(alarm.Properties).toMatchObject({
      AlarmName: 'The trail was altered',
      Namespace: 'Escalator',
      MetricName: 'TrailAltered',
      Threshold: 0,
      EvaluationPeriods: 1,
    });
  });

  it('has in the runbook what each refusal means, and both headings that its alerts point to', () => {
    const runbook = readFileSync(path('docs/runbook.md'), 'utf8');
    expect(Object.keys(refusals).filter((refusal) => !runbook.includes(`| \`${refusal}\``))).toEqual([]);
    for (const heading of ['The trail is not sealed', 'The trail was altered'])
      expect(runbook).toContain(`\n## ${heading}\n`);
  });
});

describe('the lock of the archive', () => {
  const archiveIn = (template: ReturnType<typeof templateOf>) =>
    ofType('AWS::S3::Bucket', template).find(([id]) => id.startsWith('AuditorArchive'))?.[1].Properties;

  it.each(['governance', 'compliance'] as const)('in %s is as long as the configuration says', (lock) => {
    expect(archiveIn(templateOf({ ...shop, archive: { lock, days: 2555 } }))).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: lock.toUpperCase(), Days: 2555 } } },
    });
  });

  it('is none where the configuration says none', () => {
    expect(archiveIn(templateOf({ ...shop, archive: { lock: 'none' } }))).not.toHaveProperty('ObjectLockEnabled');
  });

  it('has no default: without an answer nothing is deployed, unless the archive is in another account', () => {
    const { archive: _, ...unanswered } = shop;
    expect(() => templateOf(unanswered)).toThrow('does not say how the archive is locked');
    expect(archiveIn(templateOf(unanswered, { archive: 'their-bucket' }))).toBeUndefined();
  });
});
