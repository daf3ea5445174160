import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { meaningOf } from '../../shared/ladder/alarms.ts';
import type { AlarmReading } from '../../shared/ladder/input.ts';

/** DescribeAlarms takes this many names a call. */
const namesAtOnce = 100;
/** So many names fit on one page; CloudWatch may still give fewer. More pages than this are no answer. */
const pagesAtMost = 10;

type Alarm = MetricAlarm & CompositeAlarm;

/**
 * Reads alarms by name, with what suppresses or mutes them; null when CloudWatch does not answer, and nobody takes
 * that for a pass. An alarm that does not exist is absent.
 */
export const readAlarms = async (
  client: CloudWatchClient,
  names: string[],
): Promise<{ [alarm: string]: AlarmReading } | null> => {
  try {
    const readings: [string, AlarmReading][] = [];
    for (const alarm of await describe(client, [...new Set(names)]))
      readings.push([alarm.AlarmName ?? '', readingOf(alarm, await mutedBy(client, alarm))]);
    return Object.fromEntries(readings);
  } catch {
    return null;
  }
};

const describe = async (client: CloudWatchClient, names: string[]): Promise<Alarm[]> => {
  const found: Alarm[] = [];
  for (let start = 0; start < names.length; start += namesAtOnce)
    found.push(...(await describeSome(client, names.slice(start, start + namesAtOnce))));
  return found;
};

const describeSome = async (client: CloudWatchClient, AlarmNames: string[]): Promise<Alarm[]> => {
  const found: Alarm[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const answer = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
        NextToken,
      }),
    );
    found.push(...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? []));
    if (answer.NextToken === undefined) return found;
    NextToken = answer.NextToken;
  }
  throw new Error('DescribeAlarms gave more pages than there are names');
};

/** An alarm does not say that a rule mutes it. It only matters of one in alarm, so that few are asked about. */
const mutedBy = async (client: CloudWatchClient, { AlarmName, StateValue }: Alarm): Promise<string | null> => {
  if (StateValue !== 'ALARM') return null;
  const { AlarmMuteRuleSummaries: rules = [] } = await client.send(
    new ListAlarmMuteRulesCommand({ AlarmName, Statuses: ['ACTIVE'] }),
  );
  return rules[0] === undefined ? null : (rules[0].AlarmMuteRuleArn ?? 'a mute rule');
};

const readingOf = (alarm: Alarm, muted: string | null): AlarmReading => {
  const { value, reason } = meaningOf({
    state: alarm.StateValue ?? null,
    reason: alarm.StateReason ?? '',
    suppressedBy: alarm.ActionsSuppressedBy ?? null,
    suppressedReason: alarm.ActionsSuppressedReason ?? null,
    mutedBy: muted,
    mutedUntil: null,
    evaluation: alarm.EvaluationState ?? null,
  });
  const at = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0);
  return { value, at: at.toISOString(), reason: withoutSecrets(reason).slice(0, 500) };
};
