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
    const elsewhere = 'What happens elsewhere is not taken at home'; // of the member stack
    const without = headings.filter((heading) => named(heading) === undefined);
    expect(without.toSorted()).toEqual([...told, elsewhere].toSorted());
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

  /** What stands still without a function, and tells of it: an alarm of its own would tell the same, and cost twice. */
  const toldBy: { [construct: string]: string } = {
    AlertsSendAlert: 'A queue is late: alerts',
    IntakeRecordChangeurgent: 'A queue is late: urgent',
    IntakeRecordChangebulk: 'A queue is late: bulk',
    DescriberDescribeChange: 'A queue is late: describe',
    HealerTakeStep: 'A queue is late: acts',
    ReactorReact: 'A function fails: React',
    ReactorIndexTrail: 'A reader is behind: index-trail',
    AuditorSealTrail: 'The trail is not sealed',
    ReconcilerReconcile: 'The reconciler is behind',
    DoorAnswerQuestion: 'The door fails',
    DoorTakeCommand: 'The door fails',
    CanaryWatchPath: 'The canary is silent',
  };

  it.each(ofType('AWS::Lambda::Function').map(([id]) => [id]))(
    'is each function, by what stands still without it: %s',
    (id) => {
      const [construct] = Object.keys(toldBy).filter((name) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id));
      expect(named(toldBy[construct ?? ''] ?? '')).toBeDefined();
    },
  );

  it('is the reactor itself too, since what it reads by the clock nothing waits for', () => {
    const alarm = named('A function fails: React');
    const names = [...JSON.stringify(alarm?.['Metrics']).matchAll(/"MetricName":"(\w+)"/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(['Errors', 'Throttles']);
    expect(alarm).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3, Threshold: 0 });
  });

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
