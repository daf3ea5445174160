import { describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { type Answer, answering, commit, draft, minute } from '../../harness/answering.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const ours = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

describe('incidents, releases and alerts', () => {
  it('say what people quarantined, also what never came, and forget it when it is released', async () => {
    const who = { type: 'person', id: 'ben', name: 'Ben', verified: true };
    const word = (kind: string, sha: string) =>
      said(kind, { version: 9, incident: null, commit: sha, order: 3, who, why: 'it leaks' });
    const never = 'c'.repeat(40);
    const before = [...ladder, word('quarantine.ordered', 'good'), word('quarantine.ordered', never)];
    const { get } = await answering(before);
    const { items, quarantined } = (await get('/api/releases')).body;
    expect(items[1]).toMatchObject({ status: 'quarantined', lastGood: false, quarantinedBy: 'Ben' });
    expect(items[1].whyNot).toEqual(['quarantined by Ben: it leaks']);
    expect(quarantined.map((one: Answer) => [one.commit, one.by, one.reason])).toEqual([
      [never, 'Ben', 'it leaks'],
      ['good', 'Ben', 'it leaks'],
      [commit, null, 'bad'],
    ]);
    const after = await answering([...before, word('quarantine.lifted', 'good'), word('quarantine.lifted', never)]);
    const now = (await after.get('/api/releases')).body;
    expect(now.items[1]).toMatchObject({ status: 'replaced', lastGood: true, quarantinedBy: null, whyNot: [] });
    expect(now.quarantined.map((one: Answer) => one.commit)).toEqual([commit]);
  });

  const release = (execution: string, sha: string) => ({
    id: `production/shop@${execution}`,
    execution,
    commit: sha,
    author: 'Ada',
    subject: 'work',
    contains: null,
    reachedAt: minute(1),
    byRollback: false,
    rebuiltFrom: null,
    passedBefore: ['smoke'],
  });
  const said = (kind: string, detail: Draft['detail']): Draft => draft(kind, { source: ours, detail });
  const incident = 'production.shop.5';
  const ladder: Draft[] = [
    said('release.reached', { version: 1, incident: null, release: release('x-1', 'good') }),
    said('release.good', { version: 2, incident: null, release: 'production/shop@x-1', since: minute(1) }),
    said('release.reached', { version: 3, incident: null, release: release('x-2', commit) }),
    said('incident.opened', {
      version: 5,
      incident,
      failing: ['smoke'],
      suspect: 'production/shop@x-2',
      until: minute(2),
    }),
    said('alert.told', {
      version: 5,
      incident,
      message: { id: 'alerts/production/shop#5', alert: { incident, headline: 'failing' } },
    }),
    said('attempt.started', { version: 6, incident, attempt: 1, from: 'deploy', levels: ['deploy'], reason: 'over' }),
    said('release.quarantined', {
      version: 7,
      incident,
      release: 'production/shop@x-2',
      commit,
      check: 'smoke',
      reason: 'bad',
    }),
    said('incident.closed', {
      version: 8,
      incident,
      status: 'converged',
      reason: 'passed',
      openedAt: minute(1),
      attempts: 1,
    }),
    said('alert.sent', { incident, alert: 'alerts/production/shop#5', topic: 'sre' }),
  ];

  it('are what the ladder said', async () => {
    const { get } = await answering(ladder);
    const { body } = await get(`/api/incidents/${incident}`);
    expect(body).toMatchObject({ status: 'converged', attempts: 1, suspect: { commit }, closedAt: minute(0) });
    expect(body.story.map((entry: Answer) => entry.kind)).toEqual(ladder.slice(3).map(({ kind }) => kind));
    const releases = (await get('/api/releases')).body.items;
    expect(releases.map((item: Answer) => [item.commit, item.status, item.lastGood])).toEqual([
      [commit, 'quarantined', false],
      ['good', 'replaced', true],
    ]);
    expect(releases.map((item: Answer) => [item.running, item.whyNot])).toEqual([
      [true, ['it is what runs here', 'quarantined: bad', 'never stayed with all checks passing for the bake time']],
      [false, []],
    ]);
    expect((await get('/api/alerts')).body.items).toMatchObject([{ headline: 'failing', sent: [{ topic: 'sre' }] }]);
    expect((await get('/api/incidents?service=other')).body.items).toEqual([]);
  });

  it('are the same when they are taken in again, and when the index is made anew', async () => {
    const rows = memoryRows();
    const test = await answering(ladder, rows);
    const paths = ['/api/incidents', '/api/releases', '/api/alerts', '/api/entries?incident=production.shop.5'];
    const before = await Promise.all(paths.map((path) => test.get(path)));
    await test.index();
    expect(await Promise.all(paths.map((path) => test.get(path)))).toEqual(before);
    const anew = await answering(ladder);
    const after = await Promise.all(paths.map((path) => anew.get(path)));
    expect(after.map(({ body }) => body.items.length)).toEqual(before.map(({ body }) => body.items.length));
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('are read only: %s is refused', async (method) => {
    const api = questionApi({ trail: memoryTrail(), rows: memoryRows() }, () => ({}));
    const answer = await api.request('/api/entries', { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await answer.json()).toMatchObject({ error: { code: 'ESC-012', todo: 'use GET' } });
  });

  it('that nobody knows are not found', async () => {
    const { get } = await answering([]);
    expect((await get('/api/incidents/none')).status).toBe(404);
    expect((await get('/api/nothing')).status).toBe(404);
  });
});
