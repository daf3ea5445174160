import { describe, expect, it } from 'vitest';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import type { Row, Rows, SegmentEntries } from '../../../shared/ports.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const commit = 'c'.repeat(40);
const [execution, other] = ['x-7', 'x-8'];
const change = { repository: 'shop', commit };
const started = (of: string): Draft =>
  draftOf({ kind: 'pipeline.started', execution: of, detail: { pipeline: 'shop' } });
const fetched = (of: string): Draft => draftOf({ kind: 'action.succeeded', execution: of, change });
const built = draftOf({
  kind: 'action.succeeded',
  execution,
  detail: { pipeline: 'shop', stage: 'Build', action: 'Build', provider: 'CodeBuild', externalId: 'shop:4f7d' },
});
const build = 'arn:aws:codebuild:us-east-1:000000000000:build/shop:4f7d';
const building = draftOf({ kind: 'build.started', subject: build, detail: {} });

/** What was said, an entry a segment. */
const recorded = async (drafts: Draft[]): Promise<SegmentEntries[]> => {
  const trail = memoryTrail(() => new Date('2026-11-21T12:00:00Z'));
  for (const [n, draft] of drafts.entries()) await trail.append([{ key: `f#${n}`, entries: [draft] }]);
  return trail.since(0, 1_000);
};

/** Rows that say what was asked of them one by one, and what was put on condition. */
const watchedRows = () => {
  const kept = new Map<string, Row>();
  const rows = memoryRows(kept);
  const asked: string[] = [];
  const versioned: string[] = [];
  const watched: Rows = {
    ...rows,
    put: (added) => {
      versioned.push(...added.filter(({ version }) => version !== undefined).map(({ question }) => question));
      return rows.put(added);
    },
    newest: (question, ...more) => {
      asked.push(question);
      return rows.newest(question, ...more);
    },
  };
  const seqsOf = (question: string): number[] =>
    [...kept.values()]
      .flatMap(({ question: one, body }) => (one === question ? (body['seqs'] as number[]) : []))
      .toSorted();
  return { kept, rows: watched, asked, versioned: () => versioned.filter((question) => question !== 'times'), seqsOf };
};

describe('what an execution is tied to', () => {
  it('costs no look back and no condition where all of it is indexed at once', async () => {
    const { rows, asked, versioned, seqsOf } = watchedRows();
    await indexSegments(rows)(await recorded([started(execution), fetched(execution), started(other), fetched(other)]));
    expect([asked, versioned()]).toEqual([[], []]);
    expect(seqsOf(`change:${commit}`)).toEqual([0, 1, 2, 3]);
  });

  it('is looked back for where something was indexed before, once', async () => {
    const { rows, asked, versioned, seqsOf } = watchedRows();
    const segments = await recorded([started(execution), fetched(execution), fetched(execution)]);
    const index = indexSegments(rows);
    for (const segment of segments) await index([segment]);
    expect(asked).toEqual([`below:execution:${execution}`, `execution:${execution}`]);
    expect(versioned()).toEqual([]);
    expect(seqsOf(`change:${commit}`)).toEqual([0, 1, 2]);
  });

  it('is found by who begins again after the rows of a pass were written and its ties were not', async () => {
    const { rows, kept, seqsOf } = watchedRows();
    const [first, ...more] = (await recorded([building, started(execution), built, fetched(execution)])) as [
      SegmentEntries,
      ...SegmentEntries[],
    ];
    await indexSegments(rows)([first]);
    const failing: Rows = { ...rows, newest: () => Promise.reject(new Error('the table is away')) };
    await expect(indexSegments(failing)(more)).rejects.toThrow('the table is away');
    expect([...kept.keys()].filter((key) => /^(?:first-tie|ties):/.test(key))).toEqual([]);
    await indexSegments(rows)(more);
    expect(seqsOf(`change:${commit}`)).toEqual([0, 1, 2, 3]);
  });

  it('is the same rows whoever writes it, alone or behind somebody who is further on', async () => {
    const second = { ...change, commit: 'd'.repeat(40) };
    const again = draftOf({ kind: 'action.succeeded', execution, change: second });
    const segments = await recorded([fetched(execution), again, started(execution)]);
    const alone = watchedRows();
    for (const segment of segments) await indexSegments(alone.rows)([segment]);
    const ahead = watchedRows();
    await indexSegments(ahead.rows)(segments);
    // Who is behind has read before anything was there, and writes last.
    const behind: Rows = { ...ahead.rows, states: () => Promise.resolve([]) };
    await indexSegments(behind)(segments.slice(0, 1));
    const tiesIn = (kept: Map<string, Row>): Row[] =>
      [...kept.values()].filter(({ question }) => /^(?:first-tie|ties):/.test(question));
    expect(tiesIn(ahead.kept)).toEqual(tiesIn(alone.kept));
    expect(tiesIn(ahead.kept).map(({ question }) => question)).toEqual([
      `first-tie:execution:${execution}`,
      `ties:execution:${execution}`,
    ]);
  });
});
