import type { Row, Rows, SegmentEntries } from '../../shared/ports.ts';
import { moveRows } from '../../shared/question/move-rows.ts';
import {
  blockLength,
  blocks,
  meetingsOf,
  misdatedIn,
  misdatedMonths,
  prefixLength,
  roughlyAt,
  rowsOf,
} from '../../shared/question/rows.ts';
import { commitsOf, whenOf } from '../../shared/question/things.ts';
import { isMisdated, monthOf, periodsOf, timeKey, wayOf } from '../../shared/question/times.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';
import { readTies, seenRows, tieEarlier } from './ties.ts';
import { evolveViews } from './views.ts';

/**
 * Takes segments of the lane into the index, oldest first: rows for questions, and the views of incidents, releases and
 * alerts. Doing it again writes the same rows: the index can be thrown away and made anew. Several segments together
 * are read for and written in little more than the requests of one.
 */
export const indexSegments = (rows: Rows): ((segments: SegmentEntries[]) => Promise<void>) => {
  const fresh = onceEach();
  return async (segments) => {
    const entries = segments.flatMap((one) => one.entries);
    const ties = await readTies(rows, entries);
    await rows.put([
      ...segments.flatMap((one) => rowsOf(one.segment, one.entries, ties.all)),
      ...segments.flatMap((one) => moveRows(one.segment, one.entries)),
      ...seenRows(ties),
      ...fresh(
        segments.map(({ segment }) => segment),
        segments.flatMap((one) => listsOf(one.entries)),
      ),
    ]);
    await tieEarlier(rows, ties);
    for (const entry of entries) await evolveViews(rows, entry);
  };
};

/** Rows that are remembered as put, at most. */
const rememberedAtMost = 10_000;

/**
 * Leaves out rows that were put already: they only say that there is something. Where the lane is begun again somebody
 * has thrown the index away, and nothing counts as put.
 */
const onceEach = (): ((segments: number[], rows: Row[]) => Row[]) => {
  const put = new Set<string>();
  let newest = -1;
  return (segments, rows) => {
    if ((segments[0] ?? newest) <= newest || put.size > rememberedAtMost) put.clear();
    newest = segments.at(-1) ?? newest;
    return rows.filter(({ question, sort }) => {
      const name = `${question}\n${sort}`;
      return !put.has(name) && put.add(name);
    });
  };
};

const listsOf = (entries: Entry[]): Row[] =>
  [commitRows, serviceRows, monthRows, placeRows, meetingRows].flatMap((rowsIn) => rowsIn(entries));

const commitRows = (entries: Entry[]): Row[] =>
  entries
    .flatMap(commitsOf)
    .filter((commit) => commitName.test(commit))
    .map((commit) => ({ question: `commit:${commit.slice(0, prefixLength)}`, sort: commit, segment: 0, body: {} }));

/** What may be found by its first characters. Events may call anything a commit; a sort key cannot hold everything. */
const commitName = /^[0-9a-f]{7,64}$/;

/** Which services there are, so that their releases can be listed, and in which environments each of them is. */
const serviceRows = (entries: Entry[]): Row[] =>
  entries.flatMap(({ kind, environment, service }) => {
    if (service === null) return [];
    const sort = sha256(environment ?? '').slice(0, 32);
    const place: Row = { question: `places:${service}`, sort, segment: 0, body: { environment } };
    if (kind !== 'release.reached') return [place];
    return [place, { question: 'services', sort: `${environment}/${service}`, segment: 0, body: {} }];
  });

/** In which months something is that was recorded at another time, and in which few segments. */
const monthRows = (entries: Entry[]): Row[] =>
  entries
    .filter(isMisdated)
    .flatMap((entry) => [
      { question: misdatedMonths, sort: monthOf(whenOf(entry)), segment: 0, body: {} },
      ...periodsOf(entry).map((period) => roughRow(misdatedIn(wayOf(entry), period), entry)),
    ]);

const roughRow = (question: string, entry: Entry): Row => {
  const segment = roughlyAt(entry.segment);
  return { question, sort: pad(segment), segment, body: {} };
};

/** More segments than a lane has. */
const manySegments = 1e12;

/** Where in the lane a time is, and a seq: the first segment of every ten minutes, and of every few segments. */
const placeRows = (entries: Entry[]): Row[] =>
  entries.slice(0, 1).flatMap(({ segment, observedAt, seq }) => {
    const body = {};
    // An earlier segment is the better answer.
    const version = manySegments - segment;
    const time: Row = { question: 'times', sort: timeKey(Date.parse(observedAt)), segment, body, version };
    return segment % blockLength === 0 ? [time, { question: blocks, sort: pad(seq), segment, body }] : [time];
  });

/** Of every few segments, which questions that are asked together have an answer in common there. */
const meetingRows = (entries: Entry[]): Row[] =>
  entries.flatMap((entry) => meetingsOf(entry).map((question) => roughRow(question, entry)));
