import { canonical } from '../trail/canonical.ts';
import type { Draft, Entry, Json } from '../trail/entry.ts';
import { cut } from '../event/fields.ts';
import { says } from '../story/says.ts';

/** What a decision put on record, or would have: its entries without the first, which only says what it was decided on. */
export type Said = Pick<
  Draft,
  'kind' | 'actor' | 'subject' | 'environment' | 'service' | 'change' | 'execution' | 'outcome' | 'reason' | 'detail'
>[];

export const saidIn = (entries: readonly Entry[] | readonly Draft[]): Said =>
  (entries as readonly Draft[]).filter(({ kind }) => kind !== 'ladder.decided');

/** How two decisions compare. `acts`: whether what is done in the world would be the same. */
export type Comparison = { same: boolean; acts: boolean; recorded: string[]; rehearsed: string[] };

/**
 * Compares what a ladder said with what it would have said. Ids that only count versions are no difference: a ladder
 * that decided once more before names its incident otherwise.
 */
export const compare = (recorded: Said, rehearsed: Said): Comparison => {
  const [was, is] = [recorded, rehearsed].map((said) => said.map(bare));
  const same = canonical(was ?? []) === canonical(is ?? []);
  const acts = canonical(actsIn(recorded)) === canonical(actsIn(rehearsed));
  const [one, other] = same ? [inWords(recorded), []] : sides(recorded, rehearsed);
  return { same, acts, recorded: one, rehearsed: other };
};

/** Ids that count versions, wherever they stand: incident `production.shop.5`, act `production/shop#5.1`. */
const unnumbered = (text: string, { subject }: Pick<Said[number], 'subject'>): string => {
  const ladder = /^escalator:ladder\/([\w/-]+)$/.exec(subject)?.[1];
  if (ladder === undefined) return text;
  const counted = new RegExp(`\\b(${ladder.replace('/', '\\.')}\\.|${ladder}#)\\d+`, 'g');
  return text.replaceAll(counted, '$1n');
};

const bare = (entry: Said[number]): { kind: string; detail: Json } => {
  const { incident: _incident, version: _version, ...fields } = entry.detail;
  return { kind: entry.kind, detail: JSON.parse(unnumbered(canonical(fields), entry)) as Json };
};

/** What is done in the world, or lets it be done: what is intended, what is taken on, which others are called. */
const actKinds = new Set(['step.intended', 'step.claimed', 'services.called', 'service.called']);

const actsIn = (said: Said): Json[] =>
  said.filter(({ kind }) => actKinds.has(kind)).map(({ kind, detail }) => [kind, actOf(kind, detail)]);

const actOf = (kind: string, detail: { [field: string]: Json }): Json => {
  const { intent } = detail;
  if (kind !== 'step.intended' || typeof intent !== 'object' || intent === null || Array.isArray(intent)) return null;
  const { actKey: _actKey, deadline: _deadline, ...act } = intent;
  return act;
};

/** What only keeps the books: told where there is nothing else to tell. */
const books = new Set(['timer.set', 'alert.raised']);

/** What was said, without the bookkeeping where there is anything else. */
const inWords = (said: Said): string[] => (told(said).length > 0 ? told(said) : said).map(says);

const sides = (recorded: Said, rehearsed: Said): [string[], string[]] => {
  const [was, is] = [told(recorded), told(rehearsed)];
  if (!alike(was.map(bareSays), is.map(bareSays))) return [was.map(says), is.map(says)];
  const [one, other] = [besides(was, is), besides(is, was)];
  if (!alike(one, other)) return [one, other];
  // What is said is the same; what is told people, or when it is looked at again, is not.
  return [besides(recorded, rehearsed), besides(rehearsed, recorded)];
};

const told = (said: Said): Said => said.filter(({ kind }) => !books.has(kind));

const bareSays = (entry: Said[number]): string => unnumbered(says(entry), entry);

const alike = (some: string[], others: string[]): boolean => canonical(some) === canonical(others);

/** Sentences, each with what stands in it that the sentence does not say and the other decision says otherwise. */
const besides = (said: Said, others: Said): string[] =>
  said.map((entry, index) => {
    const theirs = leavesOf(others[index]?.detail ?? {});
    const own = [...leavesOf(entry.detail)].filter(
      ([path, value]) => unnumbered(theirs.get(path) ?? '', entry) !== unnumbered(value, entry),
    );
    const differing = own.slice(0, leavesAtMost).map(([path, value]) => `${nameIn(path)} ${cut(value, longestLeaf)}`);
    return differing.length === 0 || others.length === 0 ? says(entry) : `${says(entry)} (${differing.join(', ')})`;
  });

const leavesAtMost = 3;
const longestLeaf = 100;

/** `intent/deadline` is told as `deadline`. */
const nameIn = (path: string): string => path.split('/').at(-1) ?? path;

/** What stands in a detail, by its path, in words; a list of words is one thing. */
const leavesOf = (value: Json, path = ''): Map<string, string> => {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return new Map([[path, value.join(', ') || 'none']]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, `${path}/${name}`)]));
};
