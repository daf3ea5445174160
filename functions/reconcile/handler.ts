import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { setTimeout } from 'node:timers/promises';
import { locateIn } from '../../shared/event/locate.ts';
import { createAlarmHistory } from '../support/alarm-history.ts';
import { clientConfig } from '../support/aws-clients.ts';
import { createBranches } from '../support/branches.ts';
import { createDeploymentHistory } from '../support/deployment-history.ts';
import { placeDigestKey } from '../support/digest-key.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { keyedDigest } from '../support/keyed-digest.ts';
import { logFailure } from '../support/house.ts';
import { graceMinutes } from '../../shared/reconcile/completeness.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { log, metric } from '../support/log.ts';
import { paced } from '../support/pace.ts';
import { perWakeUp } from '../support/per-call.ts';
import { createPipelineHistory } from '../support/pipeline-history.ts';
import { createObjects } from '../support/s3-objects.ts';
import { type Limits, reconcile, type ReconcileReport } from './reconcile.ts';

/** As deployed: events come within seconds, and the function may take five minutes. */
const deployed: Limits & { callEvery: number } = {
  grace: graceMinutes * 60_000,
  runFor: 200_000,
  callsEach: 150,
  callEvery: 100,
};

type Options = TrailOptions & { limits?: Partial<typeof deployed>; report?: (report: ReconcileReport) => void };

/** One run over everything that the configuration names. */
export const handlerFor = (environment: Environment, options: Options = {}): (() => Promise<void>) => {
  const limits = { ...deployed, ...options.limits };
  const pace = paced((ms) => setTimeout(ms), limits.callEvery);
  const client = clientConfig(environment);
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
    services: {
      pipelines: createPipelineHistory(new CodePipelineClient(client), pace),
      alarms: createAlarmHistory(new CloudWatchClient(client), pace),
      deployments: createDeploymentHistory(new CodeDeployClient(client), pace),
      branches: createBranches(new CodeCommitClient(client), pace),
    },
    pace,
    now: () => new Date(),
    limits,
    report: options.report ?? inLog,
  });
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
