import { describe, expect, it } from 'vitest';
import { actingAllowed } from '../../shared/ladder/kill-switch.ts';
import { timeoutSeconds } from '../../functions/take-step/handler.ts';
import type { Config } from '../../shared/config/config.ts';
import { actionsOf, ofType, refersTo, resources, shop, type Statement, statements, templateOf } from './template.ts';

const targets = () =>
  ofType('AWS::Events::Rule').flatMap(
    ([, { Properties }]) => Properties['Targets'] as { [property: string]: unknown }[],
  );

describe('every queue', () => {
  const dead = new Set([
    ...ofType('AWS::SQS::Queue').flatMap(([, { Properties }]) => refersTo(Properties['RedrivePolicy'])),
    ...targets().flatMap((target) => refersTo(target['DeadLetterConfig'])),
    ...ofType('AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) =>
      refersTo(Properties['DestinationConfig']),
    ),
  ]);

  it.each(ofType('AWS::SQS::Queue').filter(([id]) => !dead.has(id)))('%s has dead letters', (_id, { Properties }) => {
    const redrive = Properties['RedrivePolicy'] as { deadLetterTargetArn: unknown; maxReceiveCount: number };
    expect(refersTo(redrive.deadLetterTargetArn)).toHaveLength(1);
    expect(redrive.maxReceiveCount).toBeGreaterThanOrEqual(5);
  });

  it.each([...dead].map((id) => [id]))('of dead letters, %s, alarms when anything is in it', (id) => {
    const alarms = ofType('AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
      refersTo(Properties['Dimensions']).includes(id),
    );
    expect(alarms).toHaveLength(1);
    expect(alarms[0]?.[1].Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  it.each(ofType('AWS::SQS::Queue'))('%s is encrypted with the key of ours', (_id, { Properties }) => {
    expect(refersTo(Properties['KmsMasterKeyId'])).toEqual(
      ofType('AWS::KMS::Key').flatMap(([key, { Properties: made }]) =>
        String(made['Description']).includes('queues') ? [key] : [],
      ),
    );
  });

  it('takes messages from EventBridge only of its own account', () => {
    const fromRules = ofType('AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) =>
      (Properties['PolicyDocument'] as { Statement: (Statement & { Condition?: unknown })[] }).Statement.filter(
        ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('events.amazonaws.com'),
      ),
    );
    expect(fromRules.length).toBeGreaterThanOrEqual(3);
    for (const { Condition } of fromRules) expect(JSON.stringify(Condition)).toMatch(/aws:Source(Account|Arn)/);
    const others = ofType('AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) =>
      (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.filter(
        ({ Effect, Principal }) => Effect === 'Allow' && !JSON.stringify(Principal).includes('events.amazonaws.com'),
      ),
    );
    expect(others).toEqual([]);
  });

  it('is read in batches that report what failed', () => {
    const fromQueues = ofType('AWS::Lambda::EventSourceMapping').filter(([, { Properties }]) =>
      JSON.stringify(Properties['EventSourceArn']).includes('Queue'),
    );
    expect(fromQueues).toHaveLength(6);
    for (const [, { Properties }] of fromQueues)
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  it('hides a message for six times as long as its function may take', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::EventSourceMapping')) {
      const [queue = ''] = refersTo(Properties['EventSourceArn']);
      const [worker = ''] = refersTo(Properties['FunctionName']);
      if (resources[queue]?.Type !== 'AWS::SQS::Queue') continue;
      const timeout = Number(resources[worker]?.Properties['Timeout']);
      expect(resources[queue].Properties['VisibilityTimeout']).toBe(6 * timeout);
    }
  });
});

describe('every rule', () => {
  it.each(targets().map((target) => [String(target['Id']), target] as const))(
    'target %s has dead letters and a stated retry policy',
    (_id, target) => {
      expect(refersTo(target['DeadLetterConfig'])).toHaveLength(1);
      expect(target['RetryPolicy']).toMatchObject({
        MaximumRetryAttempts: expect.any(Number) as number,
        MaximumEventAgeInSeconds: expect.any(Number) as number,
      });
    },
  );

  it('on events pins the account and a source', () => {
    const patterns = ofType('AWS::Events::Rule').flatMap(([, { Properties }]) => Properties['EventPattern'] ?? []);
    expect(patterns).toHaveLength(2);
    for (const pattern of patterns)
      expect(pattern).toMatchObject({ account: [{ Ref: 'AWS::AccountId' }], source: expect.any(Array) as unknown[] });
  });
});

describe('what a function may do', () => {
  it('is never a wildcard of actions', () => {
    const granted = statements().flatMap(([, statement]) => actionsOf(statement));
    expect(granted.length).toBeGreaterThan(20);
    expect(granted.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('is on all resources only where AWS has no narrower grant', () => {
    const anywhere = statements().filter(([, { Resource }]) => [Resource].flat().includes('*'));
    expect(new Set(anywhere.flatMap(([, statement]) => actionsOf(statement)))).toEqual(
      new Set([
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DescribeAlarmHistory',
        'cloudwatch:ListAlarmMuteRules',
        'autoscaling:DescribeAutoScalingGroups',
        'dynamodb:ListStreams',
        'cloudtrail:LookupEvents',
      ]),
    );
  });

  it('reads the pipelines whose results are checks', () => {
    const [service] = shop.services;
    if (service === undefined) throw new Error('the example has no service');
    const checks = { run: { name: 'run', pipeline: 'shop-journeys', stage: null, level: 'deploy' } };
    const template = templateOf({ ...shop, services: [{ ...service, checks }] });
    const reading = statements(template).filter(([, one]) => actionsOf(one).includes('codepipeline:GetPipelineState'));
    expect(reading.length).toBeGreaterThan(0);
    for (const [, { Resource }] of reading) expect(JSON.stringify(Resource)).toContain(':shop-journeys');
  });

  it('is bounded by what was granted when the stack was made, whatever is attached to a role later', () => {
    const [[id, { Properties }] = ['', { Properties: {} }]] = ofType('AWS::IAM::ManagedPolicy').filter(([name]) =>
      name.startsWith('Boundary'),
    );
    for (const [, role] of ofType('AWS::IAM::Role'))
      expect(refersTo(role.Properties['PermissionsBoundary'])).toEqual([id]);
    const { Statement } = (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument;
    const granted = new Set(statements().flatMap(([, statement]) => actionsOf(statement)));
    expect(Statement.flatMap(actionsOf)).toEqual([...granted].toSorted());
    expect(
      [...granted].filter((action) => /^(iam|sts|organizations):|Delete(Table|Bucket|Queue)/.test(action)),
    ).toEqual([]);
  });

  it('reads metrics only where a drastic level acts, and before an act', () => {
    const readers = (drastic: boolean, mode: 'act' | 'observe') => {
      const services = shop.services.map((one) => ({
        ...one,
        levels: one.levels.map((level) => ({ ...level, drastic, mode })),
      }));
      return statements(templateOf({ ...shop, services }))
        .filter(([, one]) => actionsOf(one).includes('cloudwatch:GetMetricData'))
        .map(([id]) => id);
    };
    expect(readers(false, 'act')).toEqual([]);
    expect(readers(true, 'observe')).toEqual([]);
    const [role, ...others] = readers(true, 'act');
    expect(role).toMatch(/TakeStep/);
    expect(others).toEqual([]);
  });

  it('has a role for each function alone', () => {
    const roles = ofType('AWS::Lambda::Function').flatMap(([, { Properties }]) => refersTo(Properties['Role']));
    expect(new Set(roles).size).toBe(ofType('AWS::Lambda::Function').length);
  });

  it('to a target belongs to take-step, and is what the configuration names', () => {
    const acting = statements().filter(([, statement]) =>
      actionsOf(statement).some((action) => /^(codepipeline:(Rollback|Start)|autoscaling:Set)/.test(action)),
    );
    expect(new Set(acting.map(([id]) => id.replace(/Role.*/, '')))).toEqual(new Set(['HealerTakeStep']));
    const named = acting.map(([, { Action, Resource }]) => [Action, JSON.stringify(Resource)]);
    expect(named).toEqual([
      ['autoscaling:SetInstanceHealth', expect.stringContaining('autoScalingGroupName/shop-asg')],
      ['codepipeline:RollbackStage', expect.stringContaining(':shop/Deploy"')],
      ['codepipeline:StartPipelineExecution', expect.stringContaining(':shop"')],
    ]);
  });

  it('to a target is nothing where every level only observes', () => {
    const observing: Config = {
      ...shop,
      services: shop.services.map((service) => ({
        ...service,
        levels: service.levels.map((level) => ({ ...level, mode: 'observe' })),
      })),
    };
    const granted = statements(templateOf(observing)).flatMap(([, statement]) => actionsOf(statement));
    expect(granted.filter((action) => /^(codepipeline:(Rollback|Start)|autoscaling:Set)/.test(action))).toEqual([]);
  });

  it('to the lane is reading and putting; only cursors and counts are updated and only timers deleted', () => {
    const changing = statements().filter(([, statement]) =>
      actionsOf(statement).some((action) => /^dynamodb:(Update|Delete|Transact|Partiql)/i.test(action)),
    );
    expect(changing.map(([, { Action, ...statement }]) => [Action, JSON.stringify(statement)])).toEqual([
      ['dynamodb:UpdateItem', expect.stringContaining('"dynamodb:LeadingKeys":["TRIES#*"]')],
      ['dynamodb:UpdateItem', expect.stringContaining('"dynamodb:LeadingKeys":["CURSOR#*"]')],
      ['dynamodb:DeleteItem', expect.stringContaining('"dynamodb:LeadingKeys":["TIMER#*"]')],
      ['dynamodb:UpdateItem', expect.stringContaining('"dynamodb:LeadingKeys":["CURSOR#*"]')],
    ]);
  });
});

describe('the trail', () => {
  const [[, table] = [undefined, undefined]] = ofType('AWS::DynamoDB::Table');

  it('cannot be deleted, can be brought back, is encrypted with the key of ours, and stays when the stack goes', () => {
    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() as unknown },
    });
  });

  it('wakes its readers by the keys of new segments, and of nothing else', () => {
    expect(table?.Properties).toMatchObject({ StreamSpecification: { StreamViewType: 'KEYS_ONLY' } });
    const streams = ofType('AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => Properties['FilterCriteria'],
    );
    expect(streams).toHaveLength(2);
    for (const [, { Properties }] of streams) {
      const { Filters } = Properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
      expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
        { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'LANE#' }] } } } },
      ]);
    }
  });
});

describe('what one place says and another relies on', () => {
  it('the kill switch is made not thrown, in the word that the product reads', () => {
    const [[, parameter] = [undefined, undefined]] = ofType('AWS::SSM::Parameter');
    expect(parameter?.Properties['Value']).toBe(actingAllowed);
  });

  it("take-step's timeout is the one by which it tells an abandoned claim", () => {
    const [[, takeStep] = [undefined, undefined]] = ofType('AWS::Lambda::Function').filter(([id]) =>
      id.startsWith('HealerTakeStep'),
    );
    expect(takeStep?.Properties['Timeout']).toBe(timeoutSeconds);
  });

  it('react is told the role that take-step acts in: what is called in it is nobody at work by hand', () => {
    const named = (name: string) => ofType('AWS::Lambda::Function').find(([id]) => id.includes(name))?.[1].Properties;
    const told = named('ReactorReact')?.['Environment'] as { Variables: { [name: string]: unknown } } | undefined;
    expect(told?.Variables['ESCALATOR_ACTOR_ROLE']).toEqual(named('HealerTakeStep')?.['Role']);
  });

  it('every route of the configuration has its topic, and send-alert is told its address', () => {
    const [[topic] = ['']] = ofType('AWS::SNS::Topic').filter(
      ([, { Properties }]) => Properties['TopicName'] === 'escalator-sre',
    );
    const [[, sender] = [undefined, undefined]] = ofType('AWS::Lambda::Function').filter(([id]) =>
      id.includes('SendAlert'),
    );
    const told = sender?.Properties['Environment'] as { Variables: { [name: string]: unknown } } | undefined;
    expect(refersTo(told?.Variables['ESCALATOR_TOPIC_sre'])).toEqual([topic]);
  });
});
