import type { NewsConfig } from '../../shared/config/config.ts';
import { readyNews, type ReadyRule } from '../../shared/news/ready.ts';
import { rulesFor } from '../../shared/news/news-of.ts';
import type { Draft, Entry } from '../../shared/trail/entry.ts';
import { draftOf } from './drafts.ts';

/** An entry about nothing in particular, but for what is said. */
export const entryOf = (over: Partial<Draft> = {}, seq = 7): Entry => ({
  ...draftOf(over),
  v: 1,
  origin: 'escalator/111122223333/eu-west-1',
  seq,
  prev: '',
  factKey: 'fact',
  part: { index: 0, of: 1 },
  observedAt: '2026-11-21T12:00:05.000Z',
  id: `main/${seq}`,
  lane: 'main',
  segment: seq,
  hash: '',
});

export const newsItem = (over: Partial<NewsConfig> = {}): NewsConfig => ({
  name: 'security',
  match: null,
  to: ['sec'],
  escalate: [],
  ...over,
});

/** The rules by which an entry is news, where nothing but these is turned on. */
export const rulesOf = (entry: Entry, items: NewsConfig[] = [newsItem()], own: string[] = []): ReadyRule[] =>
  rulesFor(entry, readyNews(items), own);
