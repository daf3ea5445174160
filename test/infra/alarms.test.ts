import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queueSettings } from '../../shared/queues.ts';
import { ofType, path, refersTo, type Resource } from './template.ts';

const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const runbook = readFileSync(path('docs/runbook.md'), 'utf8');
const headings = runbook.split('\n').flatMap((line) => /^## (.+)$/.exec(line)?.[1] ?? []);
const [[watchdog] = ['']] = ofType('AWS::SNS::Topic').filter(([id]) => id.startsWith('Watchdog'));
const nameOf = (properties: Resource['Properties']): string => String(properties['AlarmName']);
const named = (name: string) => alarms.find((alarm) => nameOf(alarm) === name);

/** As GitHub makes a heading's anchor. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-');

describe('every alarm', () => {
  it.each(alarms.map((alarm) => [nameOf(alarm), alarm] as const))(
    'leads to its heading in the runbook, and to the watchdog: %s',
    (name, alarm) => {
      expect(headings).toContain(name);
      expect(alarm['AlarmDescription']).toBe(`docs/runbook.md#${anchor(name)}`);
      expect(refersTo(alarm['AlarmActions'])).toContain(watchdog);
      expect(alarm['ActionsEnabled'] ?? true).toBe(true);
    },
  );

  it('says what no data means', () => {
    for (const alarm of alarms) expect(['breaching', 'notBreaching']).toContain(alarm['TreatMissingData']);
  });

  it('is of the runbook, and the runbook has no heading that nothing leads to', () => {
    const told = ['The time of recording went back', 'The record has a gap']; // alerts, not alarms
    expect(headings.filter((heading) => named(heading) === undefined)).toEqual(told);
  });
});

describe('what is watched', () => {
  it.each(Object.entries(queueSettings))('is the oldest message of the queue %s', (name, { late }) => {
    const alarm = named(`A queue is late: ${name}`);
    expect(alarm).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Threshold: late,
    });
  });

  it.each(ofType('AWS::Lambda::Function').map(([id]) => [id]))(
    'is each function that fails or is throttled: %s',
    (id) => {
      const about = alarms.filter(({ AlarmName, Metrics }) =>
        String(AlarmName).startsWith('A function fails: ') ? refersTo(Metrics).includes(id) : false,
      );
      expect(about).toHaveLength(1);
      const names = [...JSON.stringify(about[0]?.['Metrics']).matchAll(/"MetricName":"(\w+)"/g)].map(
        ([, name]) => name,
      );
      expect(names.toSorted()).toEqual(['Errors', 'Throttles']);
      expect(about[0]).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3, Threshold: 0 });
    },
  );

  it('is each reader of the stream that falls behind', () => {
    const readers = ofType('AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) =>
      Properties['FilterCriteria'] ? refersTo(Properties['FunctionName']) : [],
    );
    expect(readers).toHaveLength(2);
    const late = alarms.filter(({ MetricName }) => MetricName === 'IteratorAge');
    expect(late.flatMap(({ Dimensions }) => refersTo(Dimensions)).toSorted()).toEqual(readers.toSorted());
    for (const alarm of late) expect(alarm).toMatchObject({ Threshold: 300_000, EvaluationPeriods: 5 });
  });

  it('is the door, where it fails by its own fault', () => {
    expect(named('The door fails')).toMatchObject({ Namespace: 'AWS/ApiGateway', MetricName: '5xx' });
  });
});
