import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '../../shared/config/config.ts';
import { locateIn } from '../../shared/event/locate.ts';
import { createAlarmHistory } from '../support/alarm-history.ts';
import { atEachPlace } from '../support/assume-role.ts';
import { createBranches } from '../support/branches.ts';
import { createCallHistory } from '../support/call-history.ts';
import { createDeploymentHistory } from '../support/deployment-history.ts';
import { placeDigestKey } from '../support/digest-key.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { keyedDigest } from '../support/keyed-digest.ts';
import { logFailure } from '../support/house.ts';
import { callsSettleMinutes } from '../../shared/reconcile/calls.ts';
import { graceMinutes } from '../../shared/reconcile/completeness.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { log, metric } from '../support/log.ts';
import { type Pace, paced } from '../support/pace.ts';
import { perWakeUp } from '../support/per-call.ts';
import { createPipelineHistory } from '../support/pipeline-history.ts';
import { createObjects } from '../support/s3-objects.ts';
import { createStackHistory } from '../support/stack-history.ts';
import { type Limits, reconcile, type ReconcileReport } from './reconcile.ts';

/**
 * As deployed: events come within seconds, and the function may take five minutes. CloudTrail takes two lookups a second of
 * the whole account, people's among them: half of that is left to them.
 */
const deployed: Limits & { callEvery: number; lookupEvery: number } = {
  grace: graceMinutes * 60_000,
  runFor: 200_000,
  callsEach: 150,
  callEvery: 100,
  lookupsEach: 50,
  lookupEvery: 1_000,
  settle: callsSettleMinutes * 60_000,
};

type Options = TrailOptions & { limits?: Partial<typeof deployed>; report?: (report: ReconcileReport) => void };

/** One run over everything that the configuration names. */
export const handlerFor = (environment: Environment, options: Options = {}): (() => Promise<void>) => {
  const limits = { ...deployed, ...options.limits };
  const pace = paced((ms) => setTimeout(ms), limits.callEvery);
  const lookups = paced((ms) => setTimeout(ms), limits.lookupEvery);
  const config = shippedConfig(environment);
  return reconcile({
    trail: createTrail(environment, options),
    rows: createRows(environment),
    cursors: createCursors(environment),
    objects: createObjects(environment),
    context: {
      account: environment.account,
      region: environment.region,
      locate: locateIn(config),
      digest: keyedDigest(environment.digestKeyFile),
      identitiesVerified: environment.endpoint === null,
    },
    source: sourceOf(environment),
    config,
    services: servicesIn(environment, config, { calls: pace, lookups }),
    callsMade: () => pace.made() + lookups.made(),
    now: () => new Date(),
    limits,
    report: options.report ?? inLog,
  });
};

type Paces = { calls: Pace; lookups: Pace };

/** Each where a target is: at home, or in the role that an environment elsewhere lends for looking. */
const servicesIn = (environment: Environment, config: Config, { calls, lookups }: Paces) => {
  const places = atEachPlace(environment, config, 'read', (client) => ({
    pipelines: createPipelineHistory(new CodePipelineClient(client), calls),
    alarms: createAlarmHistory(new CloudWatchClient(client), calls),
    deployments: createDeploymentHistory(new CodeDeployClient(client), calls),
    branches: createBranches(new CodeCommitClient(client), calls),
    stacks: createStackHistory(new CloudFormationClient(client), calls),
    calls: createCallHistory(new CloudTrailClient(client), lookups),
  }));
  return (at: string | undefined) => places.of({ environment: at ?? '' });
};

/** Nothing is said of a lag where nothing was read yet: the alarm on it then misses data, and says so. */
const inLog = ({ lag, failed, ...found }: ReconcileReport): void => {
  if (lag !== null) metric('ReconcilerLag', lag / 1_000, {});
  if (found.late > 0) metric('FoundLate', found.late, {});
  for (const { target, error } of failed) logFailure('reconcile', error, { target });
  log('info', found);
};

let run: (() => Promise<void>) | undefined;

/** The Lambda function, called by a schedule. */
export const handler = perWakeUp('reconcile', async () => {
  const environment = environmentFrom(process.env);
  await placeDigestKey(environment);
  run ??= handlerFor(environment);
  return run();
});
