import type { Instant } from '../trail/entry.ts';
import { after } from '../trail/time.ts';
import type { GroupState, Telling } from './group.ts';
import type { Timing } from './timing.ts';

/** However long something goes on, news of it waits no longer than this between two messages (ms). */
const slowest = 3_600_000;
/** News is told when none came for such a part of the interval: half of what happens is no message. */
const settlesIn = 10;

/** How long news waits after a message (ms): twice as long after each, for who has heard of it five times knows. */
export const paceAfter = (messages: number, { interval }: Pick<Timing, 'interval'>): number =>
  Math.min(interval * 2 ** (messages - 1), Math.max(interval, slowest));

/**
 * When news of what people know already is told: its pace after the message before, and once nothing more came for a
 * tenth of the interval; while more and more comes, an interval later at the latest.
 * @param untold when the first of the news came
 * @param settled whether it is the timer that asks: nothing came since it was set
 */
export const newsDue = (said: {
  told: Pick<Telling, 'at' | 'number'>;
  untold: Instant;
  now: Instant;
  settled: boolean;
  timing: Timing;
}): Instant => {
  const { told, untold, now, settled, timing } = said;
  const earliest = after(told.at, paceAfter(told.number, timing));
  const quiet = settled ? now : after(now, timing.interval / settlesIn);
  const latest = after(later(earliest, untold), timing.interval);
  return sooner(latest, later(earliest, quiet));
};

/** News that have no end are an interval apart, or a steady trickle would be a message each time; null where none were told. */
export const newsApart = ({ lastNews }: GroupState, { interval }: Timing): Instant | null =>
  lastNews === undefined ? null : after(lastNews, interval);

/** A page waits for nothing, but where each is news of one sort and the group just had one. */
export const pageDue = ({ told }: GroupState, now: Instant, { pagesApart = 0 }: Timing): Instant =>
  told === null ? now : after(told.at, pagesApart);

export const sooner = (one: Instant, other: Instant): Instant => (one < other ? one : other);
const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);
