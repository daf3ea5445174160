import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import { handlerFor } from '../../../functions/index-trail/handler.ts';
import { createRows } from '../../../functions/support/dynamo-rows.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../../functions/support/environment.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { groupOf } from '../../harness/drafts.ts';
import { deleteItems, startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

const bad = 'b'.repeat(40);
const good = 'a'.repeat(40);
const minute = (n: number): string => `2026-11-21T12:${String(n).padStart(2, '0')}:00.000Z`;
const escalator = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const place = { environment: 'production', service: 'shop' };

const observed = (kind: string, n: number, over: Partial<Draft> = {}): Partial<Draft> => ({
  kind,
  occurredAt: minute(n),
  ...place,
  ...over,
});

/** What the ladder says, as `versionGroup` writes it: the commit, execution and release stand beside the detail. */
const said = (kind: string, n: number, detail: Draft['detail'], over: Partial<Draft> = {}): Partial<Draft> =>
  observed(kind, n, { source: escalator, actor: { type: 'service', name: 'escalator' }, detail, ...over });

const release = (execution: string, commit: string, n: number) => ({
  id: `production/shop@${execution}`,
  execution,
  commit,
  author: 'Ada',
  subject: 'work',
  contains: null,
  reachedAt: minute(n),
  byRollback: false,
  rebuiltFrom: null,
  passedBefore: ['smoke'],
});

const incident = 'production.shop.3';
const change = (commit: string) => ({ change: { repository: 'shop', commit } });
const suspect = { id: 'production/shop@x-2', commit: bad };

/** A push that breaks the shop, in segments of several entries, as a burst is recorded. */
const burst = [
  [
    groupOf('ref#1', observed('reference.updated', 0, change(bad))),
    groupOf('x-2#started', observed('pipeline.started', 1, { execution: 'x-2', detail: { pipeline: 'shop' } })),
  ],
  [
    groupOf(
      'ladder/production/shop#1',
      said('ladder.decided', 0, { ladder: 'production/shop', version: 1, incident: null }),
      said('release.reached', 0, { version: 1, incident: null, release: release('x-1', good, 0) }, change(good)),
      said('release.good', 0, { version: 1, incident: null, release: 'production/shop@x-1', since: minute(0) }),
    ),
  ],
  [
    groupOf(
      'x-2/source#succeeded',
      observed('action.succeeded', 1, {
        execution: 'x-2',
        ...change(bad),
        detail: { pipeline: 'shop', stage: 'Source', action: 'Source' },
      }),
    ),
    groupOf(
      'ladder/production/shop#2',
      said('ladder.decided', 2, { ladder: 'production/shop', version: 2, incident: null }),
      said('release.reached', 2, { version: 2, incident: null, release: release('x-2', bad, 2) }, change(bad)),
      said('change.warned', 2, { version: 2, incident: null, execution: 'x-2', commit: bad, advice: '' }, change(bad)),
    ),
  ],
  [
    groupOf(
      'ladder/production/shop#3',
      said('ladder.decided', 3, { ladder: 'production/shop', version: 3, incident }),
      said('incident.opened', 3, { incident, failing: ['smoke'], suspect: suspect.id, until: minute(4) }),
    ),
    groupOf(
      'alerts/production/shop#1',
      said('alert.told', 3, {
        incident,
        message: { id: 'alerts/production/shop#1', why: 'first', alert: { incident, headline: 'it fails', ...place } },
      }),
    ),
    groupOf('alert#sent', said('alert.sent', 3, { incident, alert: 'alerts/production/shop#1', topic: 'sre' })),
    groupOf(
      'ladder/production/shop#4',
      said('ladder.decided', 4, { ladder: 'production/shop', version: 4, incident }),
      said('release.quarantined', 4, {
        incident,
        release: suspect.id,
        commit: bad,
        check: 'smoke',
        reason: 'it fails',
      }),
      said('incident.closed', 4, { incident, status: 'converged', reason: 'passed', openedAt: minute(3), attempts: 1 }),
    ),
  ],
];

const questions = [
  '/api/entries',
  `/api/entries?change=${bad}`,
  '/api/entries?execution=x-2',
  `/api/entries?incident=${incident}`,
  '/api/entries?actor=escalator&environment=production',
  '/api/entries?service=shop&kind=release.reached',
  '/api/incidents',
  `/api/incidents/${incident}`,
  '/api/releases',
  '/api/alerts',
  `/api/changes/${bad}`,
];

describe('the index, in DynamoDB', () => {
  let tables: TrailTables;
  beforeAll(async () => {
    tables = await startTrailTables();
  });
  afterAll(() => tables.close());

  const recorded = async (): Promise<Environment> => {
    const environment = await tables.make();
    const trail = createTrail(environment);
    for (const groups of burst) await trail.append(groups);
    return environment;
  };

  const answersOf = async (environment: Environment): Promise<unknown[]> => {
    const ports = { trail: createTrail(environment), rows: createRows(environment) };
    const api = questionApi(ports, () => ({}));
    return Promise.all(questions.map(async (question) => (await api.request(question)).json()));
  };

  it('takes in a segment in which several entries are about one change, one service, one incident', async () => {
    const environment = await recorded();
    await handlerFor(environment)();
    const [, ofChange, ofExecution, , , , incidents, , releases, alerts, where] = (await answersOf(environment)) as {
      items: { [field: string]: unknown }[];
      [field: string]: unknown;
    }[];
    expect(ofChange?.items.map(({ kind }) => kind)).toEqual([
      'change.warned',
      'release.reached',
      'action.succeeded',
      'pipeline.started',
      'reference.updated',
    ]);
    expect(ofExecution?.items).toHaveLength(2);
    expect(incidents?.items).toMatchObject([{ id: incident, status: 'converged', suspect: { commit: bad } }]);
    expect(releases?.items.map(({ commit, status, lastGood }) => [commit, status, lastGood])).toEqual([
      [bad, 'quarantined', false],
      [good, 'replaced', true],
    ]);
    expect(alerts?.items).toMatchObject([{ id: 'alerts/production/shop#1', why: 'first', sent: [{ topic: 'sre' }] }]);
    expect(where).toMatchObject({ commit: bad, status: 'rolled-back' });
  });

  it('gives the same answers when all its rows and cursors are deleted and it is made anew', async () => {
    const environment = await recorded();
    await handlerFor(environment)();
    const before = await answersOf(environment);
    expect(await deleteItems(environment, 'ASK#', 'CURSOR#')).toBeGreaterThan(20);
    expect(await answersOf(environment)).not.toEqual(before);
    await handlerFor(environment)();
    expect(await answersOf(environment)).toEqual(before);
  });

  it('gives the same answers when two runners make it at once, and when it is taken in again from the start', async () => {
    const environment = await recorded();
    await handlerFor(environment)();
    const before = await answersOf(environment);
    await deleteItems(environment, 'ASK#', 'CURSOR#');
    await Promise.all([handlerFor(environment)(), handlerFor(environment)()]);
    expect(await answersOf(environment)).toEqual(before);
    await deleteItems(environment, 'CURSOR#');
    await handlerFor(environment)();
    expect(await answersOf(environment)).toEqual(before);
  });

  it('takes in what hostile events call a subject, an actor or a commit', async () => {
    const environment = await tables.make();
    const subject = '漢'.repeat(1_000);
    const hostile = { subject, change: { repository: 'shop', commit: '⚡'.repeat(500) }, execution: '\u0000#~' };
    await createTrail(environment).append([groupOf('hostile', hostile)]);
    await handlerFor(environment)();
    const rows = await createRows(environment).newest(`subject:${subject}`, 10);
    expect(rows.map(({ body }) => body)).toEqual([{ seqs: [0] }]);
  });
});
