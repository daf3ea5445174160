import { type Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm as CloudWatchAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Where alarms go. */
export type Watch = { watch: (alarm: Alarm) => void };

export type Raised = {
  /** also the heading of the runbook that says what it means and what to do */
  name: string;
  /** which of several of that heading, where there may be more in one account and Region: it stands behind the name */
  which?: string;
  metric: IMetric;
  /** it alarms while the metric is above this, or below that */
  above?: number;
  below?: number;
  /** for so many periods of the metric, of the last so many */
  periods?: number;
  of?: number;
  /** what no data means: that all is well, where it only comes with what is bad; else that nobody is there to tell */
  silence: 'well' | 'unwell';
};

/** The place in the runbook that an alarm leads to, as GitHub names it. */
export const runbookOf = (name: string): string =>
  `docs/runbook.md#${name
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')}`;

/** An alarm about Escalator itself, beside what it watches. */
export const raise = (scope: Construct, watch: Watch, raised: Raised): Alarm => {
  const { name, which, metric, above, below, periods = 1, of = periods, silence } = raised;
  const alarm = new CloudWatchAlarm(scope, name.replaceAll(/\W/g, ''), {
    alarmName: which === undefined ? name : `${name}: ${which}`,
    alarmDescription: runbookOf(name),
    metric,
    threshold: above ?? below ?? 0,
    comparisonOperator:
      below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: of,
    datapointsToAlarm: periods,
    treatMissingData: silence === 'well' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
  });
  watch.watch(alarm);
  return alarm;
};
