import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';
import type { Config } from '../../shared/config/config.ts';
import { homeRole } from '../../shared/config/member.ts';
import { raise, type Watch } from './alarm.ts';
import type { Alerts } from './alerts.ts';
import type { Describer } from './describer.ts';
import type { Healer } from './healer.ts';
import { HouseFunction } from './house-function.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Members } from './members.ts';
import { letReadHistory, letReadTargets } from './targets.ts';
import type { Trail } from './trail.ts';
import { DeadLetters, WorkQueue } from './work-queue.ts';

export type ReactorProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  alerts: Alerts;
  describer: Describer;
  healer: Healer;
  killSwitch: KillSwitch;
  members: Members;
};

/**
 * What follows from the trail: react lets the ladders take things in and starts what they decided, index-trail writes
 * the rows that answer questions. The table's stream wakes both, and a clock, in case the stream did not.
 */
export class Reactor extends Construct {
  /** what the clock could not wake */
  readonly unswept: DeadLetters;
  readonly timers: WorkQueue;

  constructor(scope: Construct, id: string, props: ReactorProps) {
    super(scope, id);
    const { key, config, trail, alerts, describer, healer, killSwitch, members } = props;
    const unread = new DeadLetters(this, 'Unread', { name: 'stream-unread', key, watch: alerts });
    this.unswept = new DeadLetters(this, 'Unswept', { name: 'schedule-undelivered', key, watch: alerts });
    const reactor = new HouseFunction(this, 'React', {
      name: 'react',
      config,
      key,
      watch: alerts,
      ...(members.areThere && { roleName: homeRole('react', Stack.of(this).region) }),
      timeout: Duration.minutes(2),
    });
    const indexer = new HouseFunction(this, 'IndexTrail', {
      name: 'index-trail',
      config,
      key,
      timeout: Duration.minutes(2),
    });

    trail.letFollow(indexer);
    trail.letFollow(reactor);
    trail.letKeepTimers(reactor);
    killSwitch.letSee(reactor);
    reactor.addEnvironment(variables.actorRole, healer.roleArn);
    letReadTargets(reactor, config);
    letReadHistory(reactor); // whether a release that was found late was good
    members.letTake(reactor, 'read');
    this.timers = new WorkQueue(this, 'Timers', { name: 'timers', key, worker: reactor, watch: alerts });
    for (const queue of [this.timers, alerts.queue, describer.queue, healer.queue]) queue.letSend(reactor);

    for (const follower of [reactor, indexer]) {
      follower.addEventSource(wakeUp(trail, unread));
      watchStream(follower, alerts);
    }
    new Rule(this, 'EveryMinute', {
      description: 'Escalator: wakes readers that are behind, looks for timers and checks nobody told of',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [reactor, indexer].map(
        (follower) =>
          new LambdaFunction(follower, {
            event: RuleTargetInput.fromObject({ schedule: true }),
            deadLetterQueue: this.unswept.queue,
            retryAttempts: 1, // the next minute comes anyway
            maxEventAge: Duration.minutes(2),
          }),
      ),
    });
  }
}

/** How long what is in the stream has waited for a function: it only wakes, but who is never woken is late. */
const watchStream = (follower: HouseFunction, watch: Watch): void => {
  const age = follower.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' });
  const name = `The stream is late: ${follower.node.id}`;
  raise(follower, watch, { name, metric: age, above: lateMs, periods: 5, silence: 'well' });
};
const lateMs = 300_000;

/** New segments only: markers, cursors, rows and timers are written because of those. */
const wakeUp = (trail: Trail, unread: DeadLetters): DynamoEventSource =>
  new DynamoEventSource(trail.table, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    filters: [
      FilterCriteria.filter({
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('LANE#') } } },
      }),
    ],
    // A wake-up that fails says nothing that the next one, or the clock, would not say again.
    retryAttempts: 5,
    maxRecordAge: Duration.minutes(10),
    onFailure: unread,
  });
