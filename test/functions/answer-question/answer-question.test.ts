import { beforeAll, describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { type Answer, answering, commit, draft, minute } from '../../harness/answering.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const change = { repository: 'shop', commit };
const pipeline = (kind: string, n: number, detail: Draft['detail'] = {}, over: Partial<Draft> = {}): Draft =>
  draft(kind, { execution: 'x-1', occurredAt: minute(n), detail: { pipeline: 'shop', ...detail }, ...over });

/** A push, its execution with a failing build, and some entries about other things. */
const story: Draft[] = [
  draft('reference.updated', { change }),
  pipeline('pipeline.started', 1),
  pipeline('stage.started', 1, { stage: 'Source' }),
  pipeline('action.started', 1, { stage: 'Source', action: 'Source' }),
  pipeline('action.succeeded', 2, { stage: 'Source', action: 'Source', category: 'Source' }, { change }),
  pipeline('stage.succeeded', 2, { stage: 'Source' }),
  pipeline('action.failed', 3, { stage: 'Build', action: 'Build' }, { reason: 'npm test: exit 1' }),
  pipeline('stage.failed', 3, { stage: 'Build' }),
  pipeline('pipeline.failed', 3),
  ...Array.from({ length: 25 }, (_, n) =>
    draft('image.pushed', { subject: `image-${n}`, service: null, environment: null }),
  ),
];

const world = () => answering(story);

describe('entries', () => {
  let get: Awaited<ReturnType<typeof world>>['get'];
  beforeAll(async () => ({ get } = await world()));
  const seqs = (items: { seq: number }[]) => items.map(({ seq }) => seq);

  it('come newest first, and page by page without a gap or a repetition', async () => {
    const all: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(`/api/entries?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...seqs(body.items));
      cursor = body.next;
    }
    expect(all).toEqual(story.map((_, n) => story.length - 1 - n));
  });

  it('of a change are those about its commit and all of its executions, from before the commit was known on', async () => {
    const { body } = await get(`/api/entries?change=${commit}`);
    expect(seqs(body.items)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(seqs((await get(`/api/entries?change=${commit.slice(0, 7)}`)).body.items)).toHaveLength(9);
  });

  it('page through a question as well', async () => {
    const first = await get(`/api/entries?change=${commit}&limit=4`);
    const second = await get(`/api/entries?change=${commit}&limit=50&cursor=${first.body.next}`);
    expect([...seqs(first.body.items), ...seqs(second.body.items)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it.each([
    ['execution=x-1', 8],
    ['kind=stage.failed', 1],
    ['subject=image-3', 1],
    ['actor=ada&kind=image.pushed', 25],
    ['service=shop&kind=pipeline.failed', 1],
    ['environment=production', 9],
    [`since=${minute(3)}`, 3],
    [`until=${minute(1)}&execution=x-1`, 3],
    ['kind=nothing.such', 0],
  ])('answer to %s', async (query, count) => {
    expect((await get(`/api/entries?${query}`)).body.items).toHaveLength(count);
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=1000000000',
    'limit=ten',
    'cursor=forged',
    `cursor=${Buffer.from('{"q":"","g":0,"s":-1}').toString('base64url')}`,
    'colour=red',
    'since=yesterday',
    'change=<script>',
  ])('refuse %s with what is wrong', async (query) => {
    const { status, body } = await get(`/api/entries?${query}`);
    expect(status).toBe(400);
    expect(body.error.code).toBe('ESC-012');
    expect(body.error.todo).toBeTruthy();
  });

  it('go on behind a cursor however long the question is', async () => {
    const long = `subject=${'x'.repeat(500)}&execution=${'y'.repeat(500)}&actor=${'z'.repeat(500)}&kind=${'k'.repeat(500)}`;
    const drafts = [1, 2].map(() =>
      draft('k'.repeat(500), {
        subject: 'x'.repeat(500),
        execution: 'y'.repeat(500),
        actor: { type: 'service', name: 'z'.repeat(500) },
      }),
    );
    const { get: ask } = await answering(drafts);
    const { body } = await ask(`/api/entries?${long}&limit=1`);
    expect(seqs((await ask(`/api/entries?${long}&cursor=${body.next}`)).body.items)).toEqual([0]);
  });

  it('since a time end there: what was recorded long before is not looked through', async () => {
    let now = Date.parse('2026-11-18T00:00:00Z');
    const trail = memoryTrail(() => new Date((now += 60_000)));
    for (let n = 0; n < 1_000; n += 1)
      await trail.append([{ key: `f#${n}`, entries: [draft('old', { occurredAt: null })] }]);
    now = Date.parse('2026-11-21T12:00:00Z');
    await trail.append([{ key: 'new', entries: [draft('new')] }]);
    let read = 0;
    const latest: typeof trail.latest = (before, limit) => {
      read += limit;
      return trail.latest(before, limit);
    };
    const api = questionApi({ trail: { ...trail, latest }, rows: memoryRows() }, () => ({}));
    const body: Answer = await (await api.request(`/api/entries?since=${minute(0)}`)).json();
    expect([seqs(body.items), body.next]).toEqual([[1_000], null]);
    expect(read).toBeLessThan(50);
  });

  it('are found one by one, at every place of the lane', async () => {
    for (const seq of story.keys()) expect((await get(`/api/entries/${seq}`)).body).toMatchObject({ seq });
  });

  it.each([
    ['entries/34', 404, 'ESC-011'],
    ['entries/-1', 400, 'ESC-012'],
    ['entries/1e3', 400, 'ESC-012'],
    ['entries/99999999999999999999', 400, 'ESC-012'],
  ])('are not found at %s', async (path, status, code) => {
    const answer = await get(`/api/${path}`);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('of an empty trail are none, and no cursor', async () => {
    const empty = await answering([]);
    expect((await empty.get('/api/entries')).body).toEqual({ items: [], next: null });
    expect((await empty.get('/api/entries?kind=x')).body).toEqual({ items: [], next: null });
    expect((await empty.get('/api/entries/0')).status).toBe(404);
  });

  it('refuse the cursor of another question', async () => {
    const { body } = await get('/api/entries?kind=image.pushed&limit=3');
    expect((await get(`/api/entries?kind=stage.failed&cursor=${body.next}`)).status).toBe(400);
  });
});

describe('a change', () => {
  it('tells where it stopped and why, step by step', async () => {
    const { get } = await world();
    const { body } = await get(`/api/changes/${commit}`);
    expect(body).toMatchObject({ status: 'stopped', reason: 'npm test: exit 1', pusher: 'ada', pushedAt: minute(0) });
    expect(body.executions[0]).toMatchObject({ execution: 'x-1', startedAt: minute(1), endedAt: minute(3) });
    expect(body.executions[0].stages.map((stage: Answer) => [stage.name, stage.outcome, stage.reason])).toEqual([
      ['Source', 'succeeded', null],
      ['Build', 'failed', 'npm test: exit 1'],
    ]);
  });

  it('that no execution took is superseded when its branch went on', async () => {
    const [first, second] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
    const push = (old: string, sha: string): Draft =>
      draft('reference.updated', {
        change: { repository: 'shop', commit: sha },
        detail: { ref: 'main', old, new: sha },
      });
    const { get } = await answering([push(commit, first), push(first, second)]);
    const statuses = [
      (await get(`/api/changes/${first}`)).body.status,
      (await get(`/api/changes/${second}`)).body.status,
    ];
    expect(statuses).toEqual(['superseded', 'on-its-way']);
  });

  it('that nobody knows is not found, in words', async () => {
    const { get } = await world();
    const { status, body } = await get(`/api/changes/${'b'.repeat(40)}`);
    expect([status, body.error.code]).toEqual([404, 'ESC-011']);
  });
});
