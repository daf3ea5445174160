import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Metric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { readers } from '../../shared/trail/readers.ts';
import { type Dimensions, type MetricName, namespace } from '../../shared/watch/metrics.ts';
import { HouseFunction } from './house-function.ts';
import { DeadLetters, WorkQueue } from './work-queue.ts';

export type DashboardProps = {
  /** what is shown: all that stands in it already */
  of: Construct;
  /** calls of the door, and how they ended */
  door: { calls: IMetric; refused: IMetric; failed: IMetric };
};

const minute = Duration.minutes(1);
const third = { width: 8, height: 6 };
const fiveMinutes = [{ value: 300, label: 'alarms' }];

/**
 * One screen for who is on call: is anything wrong; does what happens arrive, is it read and sealed; does anything wait
 * or lie dead; does anything fail; is the door open. It shows what the alarms look at, and where it comes from.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { of, door }: DashboardProps) {
    super(scope, id);
    const all = of.node.findAll();
    const alarms = all.filter((one) => one instanceof Alarm);
    const queues = all.filter((one) => one instanceof WorkQueue);
    const dead = all.filter((one) => one instanceof DeadLetters);
    const functions = all.filter((one) => one instanceof HouseFunction);
    new CloudWatchDashboard(this, 'Dashboard', {
      // Dashboards belong to an account, not to a Region of it.
      dashboardName: `Escalator-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        [new AlarmStatusWidget({ title: 'Is anything wrong?', alarms, width: 24, height: 5 })],
        [
          graph('The way from the bus to an answer (s)', [newest('CanaryAge', {}, 'canary')], fiveMinutes),
          graph('Readers behind (s)', Object.values(readers).map(readerBehind), fiveMinutes),
          graph('Messages handed to functions', queues.map(receivedOf)),
        ],
        [
          graph('Oldest message (s)', queues.map(ageOf)),
          graph('Waiting messages', queues.map(depthOf)),
          graph('Dead letters', dead.map(depthOf)),
        ],
        [
          graph(
            'Calls that failed',
            functions.map((one) => one.metricErrors({ period: minute, label: one.node.id })),
          ),
          graph(
            'Slowest call (ms)',
            functions.map((one) => one.metricDuration({ statistic: 'Maximum', label: one.node.id })),
          ),
          graph('The door', [door.calls, door.refused, door.failed]),
        ],
      ],
    });
  }
}

const graph = (title: string, left: IMetric[], leftAnnotations: { value: number; label: string }[] = []): GraphWidget =>
  new GraphWidget({ title, left, leftAnnotations, leftYAxis: { min: 0, showUnits: false }, ...third });

const newest = <Name extends MetricName>(metricName: Name, dimensionsMap: Dimensions<Name>, label: string): Metric =>
  new Metric({ namespace, metricName, dimensionsMap, label, period: minute, statistic: Stats.MAXIMUM });

const readerBehind = (reader: string): Metric => newest('Behind', { Reader: reader }, reader.replace(/\.\d+$/, ''));

const receivedOf = ({ queue, name: label }: WorkQueue): Metric =>
  queue.metricNumberOfMessagesReceived({ period: minute, statistic: Stats.SUM, label });

const ageOf = ({ queue, name: label }: WorkQueue): Metric =>
  queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM, label });

const depthOf = ({ queue, name: label }: WorkQueue | DeadLetters): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: Stats.MAXIMUM, label });
