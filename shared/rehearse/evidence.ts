import { object, text } from '../event/fields.ts';
import { instant } from '../event/instant.ts';
import type { AlarmReading } from '../ladder/input.ts';
import { checkValue } from '../ladder/alarms.ts';
import { alarmInput } from '../ladder/inputs-of.ts';
import { isReplayed } from '../event/replay.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import type { Happening, Version } from './happening.ts';

/** How an alarm stood: all the time from one moment to another, or, by an event, from a moment on. */
type Span = AlarmReading & { from: Instant; until: Instant };

/** All that the trail tells of how alarms stood, by alarm. */
export type Evidence = Map<string, { read: Span[]; told: Span[] }>;

/** How an alarm stood, and whether that is certain: it was read, or only told by its events that nothing changed since. */
export type Stood = { reading: AlarmReading; read: boolean };

/**
 * Gathers what any ladder read, and what CloudWatch told. A reading says since when the state is what it is: it tells of
 * the whole time between. So does an event, of the state before it.
 */
export const evidenceIn = (happenings: Happening[]): Evidence => {
  const evidence: Evidence = new Map();
  const add = (alarm: string, how: 'read' | 'told', span: Span): void => {
    const known = evidence.get(alarm) ?? { read: [], told: [] };
    known[how].push(span);
    evidence.set(alarm, known);
  };
  for (const happening of happenings) {
    if (happening.type === 'version') readIn(happening.version, (alarm, span) => add(alarm, 'read', span));
    else if (happening.type === 'entry') toldIn(happening.entry, add);
  }
  for (const { told } of evidence.values()) told.sort((a, b) => (a.from < b.from ? -1 : 1));
  return evidence;
};

const readIn = ({ on: { readings, now } }: Version, add: (alarm: string, span: Span) => void): void => {
  for (const [alarm, reading] of Object.entries(readings.alarms ?? {})) add(alarm, spanOf(reading, now));
  const { act } = readings;
  for (const [alarm, reading] of Object.entries(act?.alarms ?? {})) add(alarm, spanOf(reading, act?.readAt ?? now));
};

/** An alarm that is held back is unknown from some later moment on than that of its state. */
const spanOf = (reading: AlarmReading, now: Instant): Span => ({
  ...reading,
  from: reading.value === 'unknown' ? now : reading.at,
  until: now,
});

const toldIn = (entry: Entry, add: (alarm: string, how: 'read' | 'told', span: Span) => void): void => {
  if (entry.kind !== 'alarm.changed' || entry.source.name !== 'aws.cloudwatch' || isReplayed(entry)) return;
  const input = alarmInput(entry);
  if (input === null) return;
  const { alarm, value, at, reason } = input;
  const from = value === 'unknown' ? entry.observedAt : at;
  add(alarm, 'told', { value, at, reason, from, until: from });
  const before = object(entry.detail, 'event', 'previousState');
  const since = instant(text(before, 'timestamp'));
  const was = checkValue(text(before, 'value'));
  if (since === null || since >= at || was === 'unknown') return;
  add(alarm, 'read', { value: was, at: since, reason: text(before, 'reason') ?? '', from: since, until: at });
};

/** How an alarm stood at a time; null where nothing on the trail says that. What was told later than what was read counts. */
export const stood = (evidence: Evidence, alarm: string, at: Instant): Stood | null => {
  const known = evidence.get(alarm);
  const read = known?.read.findLast((span) => span.from <= at && at <= span.until);
  const told = known?.told.findLast((span) => span.from <= at);
  if (told !== undefined && (read === undefined || (told.from > read.from && told.value !== read.value)))
    return { reading: bare(told, at), read: false };
  return read === undefined ? null : { reading: bare(read, at), read: true };
};

/** What fails of an alarm by its name may have been something else a moment before: it is known of when it was read. */
const bare = ({ from: _from, until, failing, ...reading }: Span, at: Instant): AlarmReading =>
  failing === undefined || until !== at ? reading : { ...reading, failing };
