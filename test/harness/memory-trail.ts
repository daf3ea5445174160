import type { Row, Rows, Trail, Tries } from '../../shared/ports.ts';
import type { Draft, Entry, Group, Place, Recorded } from '../../shared/trail/entry.ts';

/** What a lane holds. */
export type KeptLane = {
  entries: Entry[];
  segments: Place[];
  contents: Map<string, { place: Place; drafts: Draft[] }>;
};

/** A lane in memory that keeps the promises of the port: groups once, in order. For tests of what stands above it. */
export const memoryTrail = (
  now: () => Date = () => new Date(),
  origin = 'escalator/1/r',
  { entries, segments, contents }: KeptLane = { entries: [], segments: [], contents: new Map() },
): Trail & { entries: Entry[] } => {
  const appendOne = (group: Group): Recorded => {
    const stood = contents.get(group.key);
    if (stood !== undefined)
      return { key: group.key, status: isSame(stood.drafts, group.entries) ? 'recorded' : 'stood', place: stood.place };
    const place = { segment: segments.length, seq: entries.length, count: group.entries.length };
    const drafts = group.entries.map(recorded);
    segments.push(place);
    contents.set(group.key, { place, drafts });
    drafts.forEach((draft, index) => entries.push(entryOf(draft, group, index, place, { at: now(), origin })));
    return { key: group.key, status: 'recorded', place };
  };
  const within = (place: Place): Entry[] => entries.slice(place.seq, place.seq + place.count);
  const opened = (places: Place[]) => places.map((place) => ({ segment: place.segment, entries: within(place) }));
  return {
    lane: 'memory',
    entries,
    append: (groups) => Promise.resolve(groups.map(appendOne)),
    find: (key) => Promise.resolve(contents.get(key)?.place ?? null),
    read: (place) => Promise.resolve(within(place)),
    since: (segment, limit) => Promise.resolve(opened(segments.slice(segment, segment + limit))),
    open: (wanted) => Promise.resolve(opened(segments.filter(({ segment }) => wanted.includes(segment)))),
    latest: (before, limit) =>
      Promise.resolve(opened(segments.slice(0, Math.min(before, segments.length)).toReversed().slice(0, limit))),
  };
};

/** As in JSON, nothing is undefined. What has nothing to lose by that is kept as it is: nobody changes what they hand over. */
const recorded = (draft: Draft): Draft => (isOfJson(draft) ? draft : (JSON.parse(JSON.stringify(draft)) as Draft));

const isOfJson = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (Array.isArray(value)) return value.every(isOfJson);
  for (const name in value) if (!isOfJson((value as { [name: string]: unknown })[name])) return false;
  return true;
};

const isSame = (one: Draft[], other: Draft[]): boolean => JSON.stringify(one) === JSON.stringify(other);

const entryOf = (
  draft: Draft,
  group: Group,
  index: number,
  place: Place,
  { at, origin }: { at: Date; origin: string },
): Entry => ({
  ...draft,
  v: 1,
  origin,
  seq: place.seq + index,
  prev: '',
  factKey: group.key,
  part: { index, of: group.entries.length },
  observedAt: at.toISOString(),
  id: `memory/${place.seq + index}`,
  lane: 'memory',
  segment: place.segment,
  hash: '',
});

/** How often what was begun, and when last. */
export type KeptTries = Map<string, { begun: number; at: string }>;

export const memoryTries = (kept: KeptTries = new Map()): Tries => ({
  begin: (key, atMost, at) => {
    const known = kept.get(key);
    if (known !== undefined && known.begun >= atMost) return Promise.resolve(known.at);
    kept.set(key, { begun: (known?.begun ?? 0) + 1, at });
    return Promise.resolve(null);
  },
  callOff: (key) => {
    const { begun = 0, at = '' } = kept.get(key) ?? {};
    kept.set(key, { begun: begun - 1, at });
    return Promise.resolve();
  },
});

export const memoryRows = (rows = new Map<string, Row>()): Rows => {
  return {
    put: (added) => {
      for (const row of added) {
        const key = `${row.question}\n${row.sort}`;
        if (row.version === undefined || row.version > (rows.get(key)?.version ?? -1)) rows.set(key, row);
      }
      return Promise.resolve();
    },
    newest: (question, limit, after) => {
      const found: Row[] = [];
      for (const row of rows.values())
        if (row.question === question && (after === undefined || row.sort < after)) found.push(row);
      return Promise.resolve(found.sort((a, b) => (a.sort < b.sort ? 1 : -1)).slice(0, limit));
    },
    states: (questions) =>
      Promise.resolve(
        [...rows.values()].filter(({ question, sort }) => sort === 'state' && questions.includes(question)),
      ),
  };
};
