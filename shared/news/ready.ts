import type { NewsConfig } from '../config/config.ts';
import { compilePattern, type Matcher } from '../pattern/pattern.ts';
import type { Rule } from './rule.ts';
import { isSet, newsSets } from './sets.ts';

/** A rule whose patterns are ready to be matched, of a piece of news by its name in the configuration. */
export type ReadyRule = Rule & {
  of: string;
  /** all of them hold */
  matchers: Matcher[];
};

/** All rules that a configuration turns on, by the kinds of entries that they ask for: most entries are nobody's news. */
export type ReadyNews = { byKind: ReadonlyMap<string, ReadyRule[]>; ofAnyKind: ReadyRule[] };

export const readyNews = (news: readonly NewsConfig[]): ReadyNews => {
  const byKind = new Map<string, ReadyRule[]>();
  const ofAnyKind: ReadyRule[] = [];
  for (const rule of news.flatMap(readyRules)) {
    const kinds = kindsOf(rule.match);
    if (kinds === null) ofAnyKind.push(rule);
    for (const kind of kinds ?? []) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
  }
  return { byKind, ofAnyKind };
};

/** What is written under the name of a set narrows each of its rules; under any other name it is a rule by itself. */
const readyRules = (item: NewsConfig): ReadyRule[] => {
  const { name, match, severity } = item;
  const narrowed = match === null ? [] : [compilePattern(match)];
  if (!isSet(name)) return [{ ...ruleOf(item), of: name, matchers: narrowed }];
  return (newsSets[name] ?? []).map((rule) => ({
    ...rule,
    of: name,
    severity: severity ?? rule.severity,
    matchers: [compilePattern(rule.match), ...narrowed],
  }));
};

const ruleOf = ({ name, match, severity, by }: NewsConfig): Rule => ({
  name,
  match: match ?? {},
  severity: severity ?? 'info',
  by: by ?? ['kind', 'environment', 'service'],
  next: 'nothing is done by itself',
});

/** The kinds that a pattern names, where it names no others; null where it may match any. */
export const kindsOf = ({ kind }: Rule['match']): string[] | null =>
  Array.isArray(kind) && kind.every((one) => typeof one === 'string') ? [...new Set(kind)] : null;
