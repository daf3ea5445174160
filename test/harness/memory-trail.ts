import type { Row, Rows, Trail } from '../../shared/ports.ts';
import type { Draft, Entry, Group, Place, Recorded } from '../../shared/trail/entry.ts';

/** A lane in memory that keeps the promises of the port: groups once, in order. For tests of what stands above it. */
export const memoryTrail = (now: () => Date = () => new Date()): Trail & { entries: Entry[] } => {
  const entries: Entry[] = [];
  const places = new Map<string, Place & { content: string }>();
  const appendOne = (group: Group): Recorded => {
    const content = JSON.stringify(group.entries);
    const stood = places.get(group.key);
    if (stood !== undefined)
      return { key: group.key, status: stood.content === content ? 'recorded' : 'stood', place: stood };
    const place = { segment: places.size, seq: entries.length, count: group.entries.length };
    places.set(group.key, { ...place, content });
    group.entries.forEach((draft, index) => entries.push(entryOf(draft, group, index, place, now())));
    return { key: group.key, status: 'recorded', place };
  };
  const within = (place: Place): Entry[] => entries.slice(place.seq, place.seq + place.count);
  return {
    lane: 'memory',
    entries,
    append: (groups) => Promise.resolve(groups.map(appendOne)),
    find: (key) => Promise.resolve(places.get(key) ?? null),
    read: (place) => Promise.resolve(within(place)),
    since: (segment, limit) =>
      Promise.resolve(
        [...places.values()]
          .filter((place) => place.segment >= segment)
          .slice(0, limit)
          .map((place) => ({ segment: place.segment, entries: within(place) })),
      ),
    open: (segments) =>
      Promise.resolve(
        [...places.values()]
          .filter(({ segment }) => segments.includes(segment))
          .map((place) => ({ segment: place.segment, entries: within(place) })),
      ),
    latest: (before, limit) =>
      Promise.resolve(
        [...places.values()]
          .filter((place) => place.segment < before)
          .toReversed()
          .slice(0, limit)
          .map((place) => ({ segment: place.segment, entries: within(place) })),
      ),
  };
};

const entryOf = (draft: Draft, group: Group, index: number, place: Place, at: Date): Entry => ({
  ...(JSON.parse(JSON.stringify(draft)) as Draft),
  v: 1,
  origin: 'escalator/1/r',
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

export const memoryRows = (): Rows => {
  const rows = new Map<string, Row>();
  return {
    put: (added) => {
      for (const row of added) {
        const key = `${row.question}\n${row.sort}`;
        if (row.version === undefined || row.version > (rows.get(key)?.version ?? -1)) rows.set(key, row);
      }
      return Promise.resolve();
    },
    newest: (question, limit, after) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.question === question && (after === undefined || row.sort < after))
          .toSorted((a, b) => (a.sort < b.sort ? 1 : -1))
          .slice(0, limit),
      ),
    states: (questions) =>
      Promise.resolve(
        [...rows.values()].filter(({ question, sort }) => sort === 'state' && questions.includes(question)),
      ),
  };
};
