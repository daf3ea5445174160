import { reconciledAs } from '../event/reconciled.ts';
import { isReplayed } from '../event/replay.ts';
import { matches } from '../pattern/pattern.ts';
import type { Entry } from '../trail/entry.ts';
import type { ReadyNews, ReadyRule } from './ready.ts';

/**
 * The rules that an entry is news by: of a set the first of them, for one thing is told once. What is told of telling is never news: it would be told without end. Nor is what
 * was replayed, or is of the time before Escalator; what was found late only where its rule says so.
 */
export const rulesFor = (entry: Entry, { byKind, ofAnyKind }: ReadyNews, own: readonly string[]): ReadyRule[] => {
  const rules = [...(byKind.get(entry.kind) ?? []), ...ofAnyKind];
  if (rules.length === 0 || neverNews(entry)) return [];
  const isLate = reconciledAs(entry) !== null;
  const found = rules.filter((rule) => (!isLate || rule.late === true) && holds(rule, entry, own));
  return found.filter(({ of }, index) => found.findIndex((rule) => rule.of === of) === index);
};

const holds = ({ matchers, holds: also }: ReadyRule, entry: Entry, own: readonly string[]): boolean =>
  matchers.every((matcher) => matches(matcher, entry)) && (also?.(entry, own) ?? true);

const neverNews = (entry: Entry): boolean =>
  isOfTelling(entry.kind) || isReplayed(entry) || reconciledAs(entry) === 'backfilled';

/** What alerts themselves put on record. */
export const isOfTelling = (kind: string): boolean => kind.startsWith('alert.');
