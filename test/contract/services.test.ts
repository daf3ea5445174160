import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient, GetPipelineStateCommand } from '@aws-sdk/client-codepipeline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAlarms } from '../../functions/support/alarms.ts';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { createCallHistory } from '../../functions/support/call-history.ts';
import { createCommits } from '../../functions/support/codecommit.ts';
import { readService } from '../../functions/support/ecs-services.ts';
import { createEyes } from '../../functions/support/eyes.ts';
import { readInstances } from '../../functions/support/instances.ts';
import { paced } from '../../functions/support/pace.ts';
import { readExecution } from '../../functions/support/pipelines.ts';
import { createStackHistory } from '../../functions/support/stack-history.ts';
import { readTraffic } from '../../functions/support/traffic.ts';
import { canaryDetail, canaryDetailType, canarySource } from '../../shared/watch/canary.ts';
import { failureClass } from '../../shared/watch/failure.ts';
import { findPlace, type Place } from './place.ts';

let place: Place;
beforeAll(async () => void (place = await findPlace()), 180_000);
afterAll(() => place.remove(), 120_000);

const nobody = (): string => `${place.prefix}-none`;
const execution = '00000000-0000-4000-8000-000000000000';

describe('CodePipeline', () => {
  it('says of a pipeline that is not there that it is not, in words that our readers know', async () => {
    const client = new CodePipelineClient(place.config);
    expect(await readExecution(client, nobody(), execution)).toBeNull();
    expect(await readTraffic(client, { pipeline: nobody(), stage: 'Deploy' }, null)).toMatchObject({ missing: true });
    const asked = client.send(new GetPipelineStateCommand({ name: nobody() }));
    const error = await asked.then(
      () => null,
      (refused: unknown) => refused,
    );
    expect(error).toMatchObject({ name: 'PipelineNotFoundException', $metadata: { httpStatusCode: 400 } });
    expect(failureClass(error)).toBe('terminal');
  });
});

describe('CodeCommit', () => {
  it('says of a repository that is not there that it is not', async () => {
    expect(await createCommits(clientConfig(place.environment)).get(nobody(), 'a'.repeat(40))).toBeNull();
  });
});

describe('CloudWatch', () => {
  it('leaves out alarms that are not there, and tells those that are with their window', async () => {
    const client = new CloudWatchClient(place.config);
    const AlarmName = `${place.prefix} 'é' * <&>`;
    const rule = { Namespace: 'Escalator/Contract', MetricName: 'None', Statistic: 'Sum' as const, Period: 60 };
    const compared = { EvaluationPeriods: 2, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' as const };
    await client.send(new PutMetricAlarmCommand({ AlarmName, ...rule, ...compared }));
    try {
      const found = await readAlarms(client, [AlarmName, nobody()]);
      expect(Object.keys(found ?? {})).toEqual([AlarmName]);
      expect(found?.[AlarmName]).toMatchObject({ value: 'unknown', window: 180_000 });
    } finally {
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    }
  });
});

describe('what the reconciler asks', () => {
  const atOnce = paced(() => Promise.resolve(), 0);

  it('of a stack that is not there: there is none', async () => {
    const history = createStackHistory(new CloudFormationClient(place.config), atOnce);
    expect(await history.events(nobody(), null)).toBeNull();
  });

  it('of the calls of long ago: none, and nothing older', async () => {
    const history = createCallHistory(new CloudTrailClient(place.config), atOnce);
    const pages = [];
    for await (const page of history.until('2020-01-01T00:00:00.000Z')) pages.push(page);
    expect(pages).toEqual([{ calls: [], isLast: true }]);
  });
});

describe('EventBridge', () => {
  it('takes a canary, and says so of each event', async () => {
    const Detail = JSON.stringify(canaryDetail('2026-11-21T04:05:06.000Z'));
    const Entries = [{ Source: canarySource, DetailType: canaryDetailType, Detail }];
    const answer = await new EventBridgeClient(place.config).send(new PutEventsCommand({ Entries }));
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  });
});

describe('what acts are done to', () => {
  it('answers of a group that is not there that nothing of it serves', async () => {
    expect(await readInstances(new AutoScalingClient(place.config), nobody())).toEqual([]);
  });

  it('is nothing, in the words of the service, where it is not there: no act follows', async () => {
    const eyes = createEyes({
      codePipeline: new CodePipelineClient(place.config),
      autoScaling: new AutoScalingClient(place.config),
      codeDeploy: new CodeDeployClient(place.config),
      ecs: new ECSClient(place.config),
      lambda: new LambdaClient(place.config),
      ssm: new SSMClient(place.config),
    });
    const on = { incident: 'i', level: 'deploy', actKey: 'k', target: nobody(), avoid: [] };
    const ofAlias = { ...on, action: 'previous-version', function: nobody(), alias: 'live' };
    const ofGroup = { ...on, action: 'stop-deployment', application: nobody(), group: nobody() };
    for (const intent of [ofAlias, ofGroup])
      expect(await eyes.before({} as never, intent as never, null)).toMatchObject({
        target: { of: 'nothing', reason: expect.stringMatching(/^\w*(NotFound|DoesNotExist)\w*: /) },
      });
  });

  it('says of an ECS service whose cluster is not there that it is not, and trying again does not help', async () => {
    const asked = readService(new ECSClient(place.config), { cluster: nobody(), service: nobody() }, null);
    const error = await asked.then(
      () => null,
      (refused: unknown) => refused,
    );
    expect(error).toMatchObject({ name: 'ClusterNotFoundException' });
    expect(failureClass(error)).toBe('terminal');
  });
});
