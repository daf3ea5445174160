import { kinds } from '../event/kinds.ts';
import { isOfTelling } from '../news/news-of.ts';
import { kindsOf } from '../news/ready.ts';
import { isSet, newsSets } from '../news/sets.ts';
import type { Entry } from '../trail/entry.ts';
import { ownKinds } from '../trail/own-kinds.ts';
import { type Finding, type Path, sayFound } from './mistake.ts';
import { at, entriesAt, itemsAt, unknownName } from './raw.ts';
import { never, neverMatches } from './rules-of-matching.ts';
import { patternFindings } from './rules-of-patterns.ts';

/** What routes, news and those for developers name that is not there: topics, and what no alert and no entry has. */
export const alertFindings = (value: unknown): Finding[] => {
  const topics = entriesAt(value, 'topics').map(([name]) => name);
  const places = placesIn(value);
  const alerts = at(value, 'alerts');
  return [
    ...itemsAt(alerts, 'routes').flatMap((route, index) => routeFindings(route, ['alerts', 'routes', index], topics)),
    ...unknownName(at(at(alerts, 'developers'), 'to'), topics, 'topic', ['alerts', 'developers', 'to']),
    ...entriesAt(alerts, 'news').flatMap(([name, item]) =>
      newsFindings({ name, item, path: ['alerts', 'news', name] }, topics, places),
    ),
  ];
};

/** What environments and services there are. */
const placesIn = (value: unknown): { environment: string[]; service: string[] } => {
  const environments = entriesAt(value, 'environments');
  return {
    environment: environments.map(([name]) => name),
    service: environments.flatMap(([, one]) => entriesAt(one, 'services').map(([name]) => name)),
  };
};

const routeFindings = (route: unknown, path: Path, topics: string[]): Finding[] => [
  ...unknownName(at(route, 'to'), topics, 'topic', [...path, 'to']),
  ...contactFindings(route, path, topics),
  ...patternFindings(at(route, 'match'), [...path, 'match']),
];

const contactFindings = (of: unknown, path: Path, topics: string[]): Finding[] =>
  itemsAt(of, 'escalate').flatMap((contact, index) =>
    unknownName(at(contact, 'to'), topics, 'topic', [...path, 'escalate', index, 'to']),
  );

type Written = { name: string; item: unknown; path: Path };

const newsFindings = (written: Written, topics: string[], places: ReturnType<typeof placesIn>): Finding[] => {
  const { name, item, path } = written;
  const to = at(item, 'to');
  const match = at(item, 'match');
  return [
    ...unknownName(to, topics, 'topic', [...path, 'to']),
    ...itemsAt(item, 'to').flatMap((one, index) => unknownName(one, topics, 'topic', [...path, 'to', index])),
    ...contactFindings(item, path, topics),
    ...patternFindings(match, [...path, 'match']),
    ...neverMatches(match, [...path, 'match'], { fields: entryFields, values: { ...places, kind: kindsFor(name) } }),
    ...(isSet(name) ? ofSet(written) : ofItsOwn(written)),
  ];
};

/** Every field of an entry. */
const fields: { [field in keyof Required<Entry>]: true } = {
  v: true, origin: true, seq: true, prev: true, factKey: true, part: true, observedAt: true,
  kind: true, occurredAt: true, actor: true, subject: true, environment: true, service: true, change: true,
  execution: true, release: true, outcome: true, reason: true, source: true, detail: true, redactions: true,
  id: true, lane: true, segment: true, hash: true,
}; // prettier-ignore
const entryFields = Object.keys(fields);

/** Which kinds are news under a name: of a set those of its rules; what telling puts on record never. */
const kindsFor = (name: string): string[] =>
  isSet(name)
    ? [...new Set((newsSets[name] ?? []).flatMap(({ match }) => kindsOf(match) ?? []))]
    : [...Object.keys(kinds), ...Object.keys(ownKinds)].filter((kind) => !isOfTelling(kind));

const ofSet = ({ name, item, path }: Written): Finding[] =>
  at(item, 'by') === undefined
    ? []
    : [
        {
          path: [...path, 'by'],
          at: 'key',
          found: `by, for the news of ${sayFound(name)}`,
          wanted: 'no labels: each of its rules has its own',
          todo: 'remove it',
        },
      ];

const ofItsOwn = ({ name, item, path }: Written): Finding[] => [
  ...(at(item, 'match') === undefined ? [nothingMatched(name, path)] : []),
  ...itemsAt(item, 'by').flatMap((field, index) =>
    typeof field === 'string'
      ? never(field.split('.')[0], entryFields, 'field', { path: [...path, 'by', index], at: 'value' })
      : [],
  ),
];

const nothingMatched = (name: string, path: Path): Finding => ({
  path,
  at: 'key',
  found: `news ${sayFound(name)} without match`,
  wanted: `a pattern over the entry; only ${Object.keys(newsSets).join(' and ')} are built in`,
  todo: 'add match, such as { kind: [sign-in] }',
});
