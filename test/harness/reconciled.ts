import type { Entry } from '../../shared/trail/entry.ts';
import { context } from '../shared/event/harness.ts';
import { configOf, reconciling } from './reconciling.ts';

export const begin = '2026-11-21T12:00:00.000Z';
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const ago = (ms: number): string => new Date(Date.parse(begin) - ms).toISOString();
export const later = (ms: number): string => ago(-ms);

/** A change of an alarm, as its history has it. */
export const change = (at: string, was: string, value: string) => ({
  alarm: 'shop-smoke',
  at,
  value,
  was,
  reason: `it is ${value}`,
  data: null,
});

/** A reconciler that was installed a moment ago: there is an entry. */
export const started = async (config = configOf()) => {
  const test = reconciling(begin, config);
  const place = { account: context.account, region: context.region };
  await test.push({ source: 'other', 'detail-type': 'x', time: begin, detail: {}, ...place });
  return test;
};

/** What was recorded as found in such a way. */
export const marked = (entries: Entry[], as: string): Entry[] =>
  entries.filter(({ detail }) => detail['reconciled'] === as);
