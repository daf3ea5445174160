import { text } from '../event/fields.ts';
import { reconciledAs } from '../event/reconciled.ts';
import type { LadderEvent, Release } from '../ladder/events.ts';
import { eventOf } from '../ladder/record.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import { evidenceIn } from './evidence.ts';
import type { Happening, Version } from './happening.ts';
import type { Past } from './past.ts';
import { timeOf } from './rehearse.ts';

/**
 * The time before Escalator was there, as far as it was back-filled: what alarms went through, at the time they did, and
 * which releases were there. Nobody decided anything then, so that whatever a ladder would have decided is its own.
 *
 * @param since what happened before that is left out; all of it counts where null
 * @returns null where no alarm was back-filled
 */
export const pastBefore = (past: Past, since: Instant | null): Past | null => {
  const began = past.happenings.map(timeOf).toSorted()[0] ?? '';
  const entries = past.happenings.flatMap((one) => (one.type === 'entry' ? [one.entry] : []));
  const told = entries.flatMap((entry) => asToldThen(entry));
  const happened = [...told, ...past.happenings.flatMap(releasesIn)]
    .filter(({ at }) => at < began)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ happening, at }, seq) => ({ at, happening: { ...happening, seq } }));
  const asked = happened.filter(({ at }) => since === null || at >= since);
  if (asked.every(({ happening }) => happening.type !== 'entry')) return null;
  const happenings = happened.map(({ happening }) => happening);
  return { happenings, configs: new Map(), evidence: evidenceIn(happenings), end: began };
};

/** From which of them on is asked for: what stands before is only noted. */
export const seqSince = ({ happenings }: Past, since: Instant | null): number =>
  happenings.find((one) => since === null || timeOf(one) >= since)?.seq ?? 0;

type Then = { at: Instant; happening: Happening };

/** A change of an alarm as if its event had come when it happened. */
const asToldThen = (entry: Entry): Then[] => {
  const at = entry.occurredAt;
  if (at === null || entry.kind !== 'alarm.changed' || reconciledAs(entry) !== 'backfilled') return [];
  const { reconciled: _, ...detail } = entry.detail;
  return [{ at, happening: { type: 'entry', seq: entry.seq, entry: { ...entry, observedAt: at, detail } } }];
};

/** What was found late of releases is known from the moment on at which they came. */
const releasesIn = (happening: Happening): Then[] => {
  if (happening.type !== 'version' || happening.version.on.input.type !== 'recovered') return [];
  const { ladder, entries }: Version = happening.version;
  return entries.flatMap((entry): Then[] => {
    const event = reachedIn(entry);
    if (event === null) return [];
    const at = event.release.reachedAt;
    return [{ at, happening: { type: 'known', seq: entry.seq, ladder, at, event } }];
  });
};

const reachedIn = (entry: Entry): (LadderEvent & { release: Release }) | null => {
  if (entry.kind !== 'release.reached' || text(entry.detail, 'release', 'reachedAt') === null) return null;
  return eventOf(entry) as LadderEvent & { release: Release };
};
