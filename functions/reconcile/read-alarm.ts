import { alarmEvent, type AlarmItem, historyKeptMs } from '../../shared/reconcile/alarm-history.ts';
import { alarmGap, forgottenGap, type Gap } from '../../shared/reconcile/gap.ts';
import { alarmFrom, type AlarmProgress, earlier } from '../../shared/reconcile/progress.ts';
import type { AlarmHistory } from '../support/alarm-history.ts';
import type { Batch, Run } from './batch.ts';

/** Reads what an alarm went through since it was read last; the first time, all that CloudWatch still has of it. */
export async function* readAlarm(
  history: AlarmHistory,
  alarm: string,
  before: AlarmProgress | null,
  { until, began, place }: Run,
): AsyncGenerator<Batch<AlarmProgress>> {
  const kept = earlier(until, historyKeptMs);
  let last = before?.last ?? null;
  if (before !== null && before.through < kept) {
    yield { rereads: [], gaps: [forgottenGap({ of: 'alarm', alarm }, before.through, kept)], progress: null };
    last = null;
  }
  for await (const items of history.changes(alarm, alarmFrom(before, kept), until)) {
    const rereads = items.map((item) => alarmEvent(item, place));
    const gaps: Gap[] = [];
    for (const item of items.filter(({ at }) => last === null || at > last.at)) {
      gaps.push(...gapsAt(last, item, began));
      last = { value: item.value, at: item.at };
    }
    const newest = items.at(-1);
    yield { rereads, gaps, progress: newest === undefined ? null : { through: newest.at, last } };
  }
  yield { rereads: [], gaps: [], progress: { through: until, last } };
}

/** Of the time before the trail began nobody promised to know all. */
const gapsAt = (last: AlarmProgress['last'], item: AlarmItem, began: string): Gap[] => {
  const gap = item.at < began ? null : alarmGap(last, item);
  return gap === null ? [] : [gap];
};
