import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { homeRole, laddersAtHome } from '../../shared/config/member.ts';
import { everyMinutes } from '../../shared/reconcile/completeness.ts';
import { type MetricName, namespace } from '../../shared/watch/metrics.ts';
import { raise, type Watch } from './alarm.ts';
import type { DigestKey } from './digest-key.ts';
import { HouseFunction } from './house-function.ts';
import type { Members } from './members.ts';
import { letReadPast } from './targets.ts';
import type { Trail } from './trail.ts';
import type { DeadLetters } from './work-queue.ts';

export type ReconcilerProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  digests: DigestKey;
  undelivered: DeadLetters;
  watchdog: Watch;
  members: Members;
};

const often = Duration.minutes(everyMinutes);
/** Six runs: what one run does not get done the next ones do. */
const behindAfterSeconds = 1_800;
const lag = 'ReconcilerLag' satisfies MetricName;

/** What asks the services for what no event told, since most of them promise none. It changes nothing outside the trail. */
export class Reconciler extends Construct {
  constructor(scope: Construct, id: string, props: ReconcilerProps) {
    super(scope, id);
    const { key, config, trail, digests, undelivered, watchdog, members } = props;
    const reconciler = new HouseFunction(this, 'Reconcile', {
      name: 'reconcile',
      config,
      key,
      ...(members.areThere && { roleName: homeRole('reconcile', Stack.of(this).region) }),
      timeout: often, // a run begins with nothing new after two thirds of it
    });
    trail.letAppend(reconciler);
    trail.letPutDetails(reconciler);
    digests.letDigest(reconciler);
    letReadPast(reconciler, laddersAtHome(config));
    members.letTake(reconciler, 'read');
    // What cannot be read now is read the next time, from where it was.
    reconciler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: often, onFailure: undelivered });
    new Rule(this, 'EveryFiveMinutes', {
      description: 'Escalator: asks the services for what no event told',
      schedule: Schedule.rate(often),
      targets: [
        new LambdaFunction(reconciler, {
          event: RuleTargetInput.fromObject({ schedule: true }),
          deadLetterQueue: undelivered.queue,
          retryAttempts: 0,
          maxEventAge: often,
        }),
      ],
    });
    const metric = new Metric({ namespace, metricName: lag, period: often, statistic: Stats.MAXIMUM });
    raise(this, watchdog, {
      name: 'The reconciler is behind',
      metric,
      above: behindAfterSeconds,
      periods: 3,
      silence: 'unwell',
    });
  }
}
