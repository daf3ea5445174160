import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { Dimensions } from '../../shared/config/checks.ts';
import type { Alarms } from '../../shared/config/remarks-on-alarms.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { meaningOf } from '../../shared/ladder/alarms.ts';
import { readMetric, unreadableIn } from './metrics.ts';
import { readFailing } from './series.ts';
import type { AlarmReading } from '../../shared/ladder/input.ts';
import { alarmsInRule, windowOf } from '../../shared/ladder/windows.ts';

/** DescribeAlarms takes this many names a call. */
const namesAtOnce = 100;
/** So many names fit on one page; CloudWatch may still give fewer. More pages than this are no answer. */
const pagesAtMost = 10;
/** How many rules deep the windows of alarms are looked for. */
const deepest = 2;

type Alarm = MetricAlarm & CompositeAlarm;

/**
 * Reads alarms by name, with what suppresses or mutes them; null when CloudWatch does not answer, and nobody takes
 * that for a pass. An alarm that does not exist is absent.
 *
 * @param metricsAt where the metrics of those in alarm are read too: the time as of which
 * @param dimensions by alarm, those of which it is asked what fails
 */
export const readAlarms = async (
  client: CloudWatchClient,
  names: readonly string[],
  metricsAt: Date | null = null,
  dimensions: Dimensions = new Map(),
): Promise<{ [alarm: string]: AlarmReading } | null> => {
  try {
    const alarms = await describe(client, names);
    const windows = await windowsOf(client, alarms);
    const readings: [string, AlarmReading][] = [];
    for (const alarm of alarms) {
      const window = windows.get(nameOf(alarm));
      // An alarm does not say that a rule mutes it. It only matters of one in alarm, so that few are asked about.
      const reading = readingOf(alarm, alarm.StateValue === 'ALARM' ? await mutedBy(client, alarm) : null);
      const metric = metricsAt !== null &&
        reading.value === 'fail' && { metric: await readMetric(client, alarm, metricsAt) };
      const asked = reading.value === 'fail' ? dimensions.get(nameOf(alarm)) : undefined;
      const failing = asked && (await readFailing(client, alarm, asked));
      if (failing === null) continue; // deleted since it was read
      readings.push([nameOf(alarm), { ...reading, ...(window && { window }), ...metric, ...(failing && { failing }) }]);
    }
    return Object.fromEntries(readings);
  } catch {
    return null;
  }
};

/**
 * What alarms are, by name, whatever their state: how slow, and whether their metric can be read. Throws when CloudWatch
 * does not answer. An alarm that does not exist is absent.
 */
export const describeAlarms = async (client: CloudWatchClient, names: string[]): Promise<Alarms> => {
  const alarms = await describe(client, names);
  const windows = await windowsOf(client, alarms);
  const described = alarms.map((alarm): [string, Alarms[string]] => {
    const window = windows.get(nameOf(alarm)) ?? 0;
    return [nameOf(alarm), { window: window === 0 ? null : window, unreadable: unreadableIn(alarm) }];
  });
  return Object.fromEntries(described);
};

const nameOf = ({ AlarmName }: Alarm): string => AlarmName ?? '';

/**
 * The windows of alarms by name (ms). That of a composite alarm is the one of the slowest alarm in its rule; what stands
 * deeper than composites of composites is not known.
 */
const windowsOf = async (client: CloudWatchClient, alarms: Alarm[], depth = 0): Promise<Map<string, number>> => {
  const inRules = [...new Set(alarms.flatMap(inRuleOf))];
  const below =
    inRules.length === 0 || depth === deepest
      ? new Map<string, number>()
      : await windowsOf(client, await describe(client, inRules), depth + 1);
  return new Map(alarms.map((alarm) => [nameOf(alarm), ownWindow(alarm) ?? slowestIn(alarm, below)]));
};

const ownWindow = ({ Period, Metrics = [], EvaluationPeriods = 0 }: Alarm): number | null =>
  windowOf(
    [Period ?? 0, ...Metrics.map((metric) => metric.MetricStat?.Period ?? metric.Period ?? 0)],
    EvaluationPeriods,
  );

/** Most alarms have no rule. */
const inRuleOf = ({ AlarmRule }: Alarm): string[] => (AlarmRule === undefined ? [] : alarmsInRule(AlarmRule));

const slowestIn = (alarm: Alarm, windows: Map<string, number>): number =>
  Math.max(0, ...inRuleOf(alarm).map((name) => windows.get(name) ?? 0));

const describe = async (client: CloudWatchClient, names: readonly string[]): Promise<Alarm[]> => {
  const found: Alarm[] = [];
  const all = [...new Set(names)];
  for (let start = 0; start < all.length; start += namesAtOnce)
    found.push(...(await describeSome(client, all.slice(start, start + namesAtOnce))));
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

const mutedBy = async (client: CloudWatchClient, { AlarmName }: Alarm): Promise<string | null> => {
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
