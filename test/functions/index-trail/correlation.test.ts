import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import type { ActAnswer, ChangeAnswer, EntryItem } from '../../../shared/question/answers.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import * as story from '../../harness/story.ts';
import { draftOf } from '../../harness/drafts.ts';
import * as given from '../../shared/population/given.ts';

const { merge, source, older } = story;
const { at } = given;

/** Puts a story on record, an entry a segment, indexes so many segments at once, and asks about it. */
const asking = async (drafts: Draft[], atOnce = 1_000) => {
  const trail = memoryTrail(() => new Date(at(55)));
  for (const [n, draft] of drafts.entries()) await trail.append([{ key: `f#${n}`, entries: [draft] }]);
  const rows = memoryRows();
  const index = indexSegments(rows);
  for (let from = 0; from < drafts.length; from += atOnce) await index(await trail.since(from, atOnce));
  const api = questionApi({ trail, rows }, () => ({}));
  const get = async (path: string): Promise<unknown> => (await api.request(path)).json();
  const change = async (commit: string) => (await get(`/api/changes/${commit}`)) as ChangeAnswer;
  const kindsOf = async (query: string): Promise<string[]> => {
    const { items } = (await get(`/api/entries?limit=500&${query}`)) as { items: EntryItem[] };
    return items.map(({ kind, detail, outcome }) => `${kind} ${String(detail['call'] ?? outcome)}`).toSorted();
  };
  return { change, kindsOf };
};

const phases = (works: ChangeAnswer['builds']) =>
  works.map(({ id, execution, outcome, startedAt, endedAt, entries }) => [
    [id, execution, outcome, startedAt, endedAt],
    entries.length,
  ]);

/** An answer without the places in the lane, which depend on the order of recording. */
const withoutSeqs = (answer: ChangeAnswer): unknown =>
  JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'entries' || key === 'seq' ? undefined : value)));

describe('what happened to a commit', () => {
  it('is one answer, from its pull request to going back', async () => {
    const { change } = await asking(story.wholeStory());
    const answer = await change(merge);
    expect(answer).toMatchObject({
      status: 'rolled-back',
      pusher: 'ada',
      author: 'Mia',
      complete: true,
      pulls: [{ id: '7', title: 'Prices with tax', status: 'merged', source, mergeCommit: merge }],
      rolledBack: [{ environment: 'production', service: 'shop', to: older, at: at(31) }],
      incidents: [{ id: story.incident, status: 'converged' }],
      alarms: [{ alarm: 'shop-smoke', at: at(20) }],
    });
    expect(answer.pulls[0]?.approvals).toMatchObject([{ by: 'ada', commit: source, revoked: false }]);
    expect(answer.pulls[0]?.approvals[0]?.entries).toHaveLength(2);
    expect(answer.executions.map(({ execution }) => execution)).toEqual(['x-2']);
    expect(answer.releases.map(({ id, status }) => [id, status])).toEqual([[story.release, 'replaced']]);
    expect(phases(answer.builds)).toEqual([[[story.build, 'x-2', 'succeeded', at(7), at(8)], 2]]);
    expect(phases(answer.deployments)).toEqual([[['d-ABC', 'x-2', 'succeeded', at(14), at(15)], 2]]);
    expect(phases(answer.stacks)).toEqual([[[story.stack, 'x-2', 'succeeded', at(12), at(13)], 2]]);
    const people = new Set(['mia', 'ada', 'eve']);
    const told = ({ kind, by, entries }: ActAnswer): string =>
      [kind, ...(people.has(by) ? [by] : []), entries.length].join(' ');
    expect(answer.acts.map(told)).toEqual([
      'pull-request.created mia 1',
      'pull-request.approved ada 2',
      'pull-request.merged ada 3',
      'pipeline.started ada 2',
      'build.started 1',
      'action.succeeded eve 2',
      'stack.started 1',
      'deployment.started 1',
    ]);
  });

  it('has nothing of what the same pipeline, stack, application and approver did at other times', async () => {
    const [whole, alone] = await Promise.all([
      asking(story.wholeStory()),
      asking([...story.review(), ...story.delivery(), ...story.aftermath()]),
    ]);
    expect(await whole.kindsOf(`change=${merge}`)).toEqual(await alone.kindsOf(`change=${merge}`));
  });

  it('is found by the last commit of the branch too: its pull request, and who approved it', async () => {
    const { change } = await asking(story.wholeStory());
    const answer = await change(source);
    expect(answer).toMatchObject({ pusher: 'mia', pulls: [{ mergeCommit: merge, approvals: [{ by: 'ada' }] }] });
  });

  it('finds the pull request of a merge that was made with git itself, by its parents', async () => {
    const unnamed = story
      .wholeStory()
      .map((draft) =>
        draft.kind === 'pull-request.merged' ? { ...draft, detail: { ...draft.detail, event: {} } } : draft,
      );
    const { change } = await asking(unnamed);
    expect((await change(merge)).pulls).toMatchObject([{ id: '7', approvals: [{ by: 'ada' }] }]);
  });

  it('is the same in whatever order its entries were recorded, however many were indexed at once', async () => {
    const [told, ladder] = [[...story.review(), ...story.delivery(), ...story.others()], story.aftermath()];
    const expected = await asking([...told, ...ladder]);
    const [answer, kinds] = [withoutSeqs(await expected.change(merge)), await expected.kindsOf(`change=${merge}`)];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...told.keys()], { minLength: told.length }),
        fc.nat({ max: told.length }),
        fc.constantFrom(1, 2, 5, 17, 1_000),
        async (order, until, atOnce) => {
          const shuffled = order.map((n) => told[n] as Draft);
          const shown = await asking([...shuffled.slice(0, until), ...ladder, ...shuffled.slice(until)], atOnce);
          expect(await shown.kindsOf(`change=${merge}`)).toEqual(kinds);
          expect(withoutSeqs(await shown.change(merge))).toEqual(answer);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same when its entries stand in few segments', async () => {
    const drafts = story.wholeStory();
    const one = await asking(drafts);
    const trail = memoryTrail(() => new Date(at(55)));
    for (let n = 0; n < drafts.length; n += 9) await trail.append([{ key: `g#${n}`, entries: drafts.slice(n, n + 9) }]);
    const rows = memoryRows();
    for (const segment of await trail.since(0, 100)) await indexSegments(rows)([segment]);
    const api = questionApi({ trail, rows }, () => ({}));
    expect(await (await api.request(`/api/changes/${merge}`)).json()).toEqual(await one.change(merge));
  });
});

describe('what a call began', () => {
  const service = `arn:aws:ecs:eu-west-1:${given.account}:service/main/shop`;
  const deployment = (minute: number, kind: string): Draft =>
    draftOf({
      kind,
      occurredAt: at(minute),
      subject: service,
      actor: { type: 'unknown' },
      outcome: 'started',
      detail: { deployment: 'ecs-svc/9' },
    });
  const ends = given.action(21, 'x-2', 'Containers', 'SUCCEEDED', 'Deploy', {
    type: { owner: 'AWS', provider: 'ECS', category: 'Deploy', version: '1' },
    'execution-result': { 'external-execution-id': 'ecs-svc/9' },
  });
  const answered = {
    service: {
      serviceArn: service,
      deployments: [
        { id: 'ecs-svc/9', status: 'PRIMARY' },
        { id: 'ecs-svc/8', status: 'ACTIVE' },
      ],
    },
  };
  const update = story.call(20, 'release', 'ecs', 'UpdateService', { service: 'shop', cluster: 'main' }, answered);
  const stop = story.call(20, 'eve', 'codedeploy', 'StopDeployment', { deploymentId: 'd-ABC' });
  const put = story.call(
    4,
    'ada',
    'codecommit',
    'PutFile',
    { repositoryName: 'shop', branchName: 'main' },
    { commitId: merge },
  );

  it.each<[string, Draft[], string, number]>([
    [
      'a deployment of containers',
      [update, deployment(20, 'service-deployment.started'), ends],
      'service-deployment.started',
      2,
    ],
    ['a deployment that somebody stopped', [stop], 'call', 1],
    ['a commit that was made without git', [put], 'reference.updated', 2],
  ])('is an act of the change, with whoever called: %s', async (_, more, kind, receipts) => {
    const told = story.wholeStory().filter(({ kind: one }) => one !== 'pull-request.merged');
    for (const drafts of [
      [...told, ...more],
      [...more.toReversed(), ...told],
    ]) {
      const { change } = await asking(drafts);
      const { acts, deployments } = await change(merge);
      const own = acts.filter(({ by }) => ['release', 'eve', 'ada'].includes(by));
      expect(own.map((act) => [act.kind, act.entries.length])).toContainEqual([kind, receipts]);
      if (kind === 'service-deployment.started')
        expect(deployments.map(({ id, execution }) => [id, execution])).toContainEqual(['ecs-svc/9', 'x-2']);
    }
  });
});

describe('an execution', () => {
  it('is joined by the calls that started it', async () => {
    const { kindsOf } = await asking(story.wholeStory());
    expect(await kindsOf('execution=x-2')).toContain('call StartPipelineExecution');
  });

  it('of two commits is in the answers of both', async () => {
    const second = story.delivery().map((draft) => ({ ...draft, change: null }));
    const also = { ...(story.delivery()[2] as Draft), change: { repository: 'lib', commit: '5'.repeat(40) } };
    const { kindsOf } = await asking([...second, also, ...story.delivery().slice(2, 3)]);
    const both = await Promise.all([kindsOf(`change=${'5'.repeat(40)}`), kindsOf(`change=${merge}`)]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0]?.length).toBeGreaterThan(10);
  });
});

describe('a release', () => {
  it('is asked for with all that its execution did', async () => {
    const { kindsOf } = await asking(story.wholeStory());
    const kinds = await kindsOf(`release=${encodeURIComponent(story.release)}`);
    expect(kinds).toContain('release.reached null');
    expect(kinds).toContain('pipeline.started started');
  });
});
