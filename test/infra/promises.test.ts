import { describe, expect, it } from 'vitest';
import { queueSettings } from '../../shared/queues.ts';
import { ofType, refersTo, type Resource, resources, type Statement } from './template.ts';

type Denial = Statement & { Condition?: { Bool?: { [key: string]: unknown } } };
const policies = (type: string): [ids: string[], Denial[]][] =>
  ofType(type).map(([, { Properties }]) => [
    refersTo(Properties['Queues'] ?? Properties['Topics'] ?? Properties['Bucket']),
    (Properties['PolicyDocument'] as { Statement: Denial[] }).Statement,
  ]);
const plain = ({ Effect, Condition }: Denial): boolean =>
  Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false';
const [[ourKey] = ['']] = ofType('AWS::KMS::Key').filter(([, { Properties }]) =>
  String(Properties['Description']).includes('trail, queues, topics'),
);
const mappings = ofType('AWS::Lambda::EventSourceMapping');
const from = (type: string) => mappings.filter(([, { Properties }]) => resources[sourceOf(Properties)]?.Type === type);
const sourceOf = (properties: Resource['Properties']): string => refersTo(properties['EventSourceArn'])[0] ?? '';

describe('nobody reads on the way', () => {
  it.each([
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
    ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'],
    ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  ])('every %s refuses what does not come by TLS', (type, policy) => {
    const enforced = policies(policy).flatMap(([ids, all]) => (all.some(plain) ? ids : []));
    expect(enforced.toSorted()).toEqual(
      ofType(type)
        .map(([id]) => id)
        .toSorted(),
    );
  });
});

describe('all that is kept', () => {
  const keyOf: { [type: string]: (properties: Resource['Properties']) => unknown } = {
    'AWS::SQS::Queue': (properties) => properties['KmsMasterKeyId'],
    'AWS::SNS::Topic': (properties) => properties['KmsMasterKeyId'],
    'AWS::S3::Bucket': (properties) => properties['BucketEncryption'],
    'AWS::DynamoDB::Table': (properties) => properties['SSESpecification'],
    'AWS::Logs::LogGroup': (properties) => properties['KmsKeyId'],
    'AWS::SecretsManager::Secret': (properties) => properties['KmsKeyId'],
  };

  it.each(Object.entries(keyOf))('as %s is encrypted with a key of ours, in every one', (type, read) => {
    const all = ofType(type).filter(([id]) => !id.startsWith('Watchdog'));
    expect(all.length).toBeGreaterThan(0);
    for (const [, { Properties }] of all) expect(refersTo(read(Properties))).toEqual([ourKey]);
  });

  it('is not public: no bucket, no policy that lets everybody, no URL of a function', () => {
    for (const [, { Properties }] of ofType('AWS::S3::Bucket'))
      expect(Object.values(Properties['PublicAccessBlockConfiguration'] as object)).toEqual([true, true, true, true]);
    const open = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']
      .flatMap((type) => ofType(type))
      .flatMap(([, { Properties }]) => {
        const policy = (Properties['PolicyDocument'] ?? Properties['KeyPolicy']) as { Statement: Statement[] };
        return policy.Statement.filter(
          ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('"*"'),
        );
      });
    expect(open).toEqual([]);
    expect(ofType('AWS::Lambda::Url')).toEqual([]);
  });

  it('lets functions be called by a rule or a route of ours alone', () => {
    const permissions = ofType('AWS::Lambda::Permission');
    expect(permissions.length).toBeGreaterThan(4);
    for (const [, { Properties }] of permissions) {
      const caller = refersTo(Properties['SourceArn']).filter((id) => !id.startsWith('AWS'));
      expect(caller).toHaveLength(1);
      expect(['AWS::Events::Rule', 'AWS::ApiGatewayV2::Api']).toContain(resources[caller[0] ?? '']?.Type);
    }
  });
});

describe('the table', () => {
  const [[, { Properties }] = ['', { Properties: {} }]] = ofType('AWS::DynamoDB::Table');

  it('is paid by request, and lets nothing expire: a marker that went would let a fact be recorded twice', () => {
    expect(Properties).toMatchObject({ BillingMode: 'PAY_PER_REQUEST' });
    expect(Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('wakes by a stream that gives up in bounded time and keeps what it gave up', () => {
    const streams = from('AWS::DynamoDB::Table');
    expect(streams).toHaveLength(2);
    for (const [, mapping] of streams) {
      expect(mapping.Properties).toMatchObject({ MaximumRetryAttempts: 5, MaximumRecordAgeInSeconds: 600 });
      const [kept = ''] = refersTo(mapping.Properties['DestinationConfig']);
      expect(resources[kept]?.Type).toBe('AWS::SQS::Queue');
    }
  });
});

describe('the queues', () => {
  const made = from('AWS::SQS::Queue');
  const settingsOf = ({ Properties }: Resource) =>
    Object.entries(queueSettings).find(([name]) =>
      ofType('AWS::CloudWatch::Alarm').some(
        ([, alarm]) =>
          alarm.Properties['AlarmName'] === `A queue is late: ${name}` &&
          refersTo(alarm.Properties['Dimensions']).includes(sourceOf(Properties)),
      ),
    )?.[1];

  it('are all there, each read by so many at once, in batches of so many', () => {
    expect(made).toHaveLength(Object.keys(queueSettings).length);
    for (const [, mapping] of made) {
      const settings = settingsOf(mapping);
      expect(mapping.Properties).toMatchObject({
        BatchSize: settings?.batch,
        ScalingConfig: { MaximumConcurrency: settings?.atOnce },
      });
    }
  });

  it('are in order where acts on one target must not overtake each other, dead letters too', () => {
    for (const [, mapping] of made) {
      const queue = resources[sourceOf(mapping.Properties)];
      const [dead = ''] = refersTo(queue?.Properties['RedrivePolicy']);
      const fifo = settingsOf(mapping)?.fifo === true ? true : undefined;
      expect([queue?.Properties['FifoQueue'], resources[dead]?.Properties['FifoQueue']]).toEqual([fifo, fifo]);
    }
  });

  it('keep what nobody could take for as long as SQS keeps anything', () => {
    for (const [, { Properties }] of ofType('AWS::SQS::Queue'))
      expect(Properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
  });
});

describe('every function', () => {
  const functions = ofType('AWS::Lambda::Function');

  it('runs on Node 24 on arm64, and says where it logs', () => {
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      const [log = ''] = refersTo(Properties['LoggingConfig']);
      expect(resources[log]?.Type).toBe('AWS::Logs::LogGroup');
    }
  });

  it('logs for a stated time', () => {
    for (const [, { Properties }] of ofType('AWS::Logs::LogGroup'))
      expect(Properties['RetentionInDays']).toBeGreaterThan(0);
  });

  it('may run as often at once as there is work, but for the sealer, which is alone', () => {
    const reserved = functions.filter(([, { Properties }]) => 'ReservedConcurrentExecutions' in Properties);
    expect(reserved.map(([id]) => id.replace(/SealTrail.*/, ''))).toEqual(['Auditor']);
  });
});

describe('the dashboard', () => {
  const [[, { Properties }] = ['', { Type: '', Properties: {} } satisfies Resource], ...others] =
    ofType('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(Properties);

  it('is one, and shows every alarm, every queue and every function', () => {
    expect(others).toEqual([]);
    const shown = new Set(refersTo(Properties['DashboardBody']));
    const wanted = ['AWS::CloudWatch::Alarm', 'AWS::Lambda::Function'].flatMap((type) => ofType(type));
    expect(wanted.filter(([id]) => !shown.has(id)).map(([id]) => id)).toEqual([]);
    const queues = ofType('AWS::SQS::Queue').map(([id]) => id);
    expect(queues.filter((id) => !shown.has(id))).toEqual([]);
  });

  it('fits on a screen', () => {
    const heights = [...body.matchAll(/\\"y\\":(\d+)/g)].map(([, y]) => Number(y));
    expect(Math.max(...heights)).toBeLessThanOrEqual(17);
  });
});
