import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { readers } from '../../shared/trail/readers.ts';
import { canarySource } from '../../shared/watch/canary.ts';
import { type Dimensions, type MetricName, namespace } from '../../shared/watch/metrics.ts';
import { raise, type Watch } from './alarm.ts';
import { HouseFunction } from './house-function.ts';
import type { Trail } from './trail.ts';
import type { DeadLetters } from './work-queue.ts';

export type CanaryProps = { key: IKey; config: Config; trail: Trail; undelivered: DeadLetters; watchdog: Watch };

const minute = Duration.minutes(1);
/** Longer than anything may lag that is well: a segment is read within seconds, a schedule that fails comes next minute. */
const lateAfterSeconds = 300;

/**
 * What shows that all the rest goes on: a canary goes the whole way each minute, from the bus to an answer, and where
 * its age is not told, or is too great, an alarm says so. Only the watchdog tells of these: the rest may be what is broken.
 */
export class Canary extends Construct {
  private readonly watchdog: Watch;

  constructor(scope: Construct, id: string, { key, config, trail, undelivered, watchdog }: CanaryProps) {
    super(scope, id);
    this.watchdog = watchdog;
    const watcher = new HouseFunction(this, 'WatchPath', {
      name: 'watch-path',
      config,
      key,
      timeout: Duration.seconds(30),
    });
    trail.letRead(watcher);
    const bus = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    watcher.letCall(['events:PutEvents'], [bus], { StringEquals: { 'events:source': canarySource } });
    // A look that cannot be had now is not had later: the alarms miss its data.
    watcher.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: minute, onFailure: undelivered });
    new Rule(this, 'EveryMinute', {
      description: 'Escalator: sends a canary',
      schedule: Schedule.rate(minute),
      targets: [
        new LambdaFunction(watcher, {
          event: RuleTargetInput.fromObject({ schedule: true }),
          deadLetterQueue: undelivered.queue,
          retryAttempts: 0,
          maxEventAge: minute,
        }),
      ],
    });
    this.watchOver('The canary is silent', metricOf('CanaryAge', {}));
    for (const reader of Object.values(readers))
      this.watchOver(`A reader is behind: ${reader.replace(/\.\d+$/, '')}`, metricOf('Behind', { Reader: reader }));
  }

  /** One canary that is lost, or one look, is not yet silence; who does not say how he is counts as unwell. */
  private watchOver(name: string, metric: Metric): void {
    raise(this, this.watchdog, { name, metric, above: lateAfterSeconds, periods: 5, silence: 'unwell' });
  }
}

const metricOf = <Name extends MetricName>(metricName: Name, dimensionsMap: Dimensions<Name>): Metric =>
  new Metric({ namespace, metricName, dimensionsMap, period: minute, statistic: Stats.MAXIMUM });
