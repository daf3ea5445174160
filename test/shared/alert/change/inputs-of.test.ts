import { beforeEach, describe, expect, it } from 'vitest';
import { changeInputsOf, isOfChanges } from '../../../../shared/alert/change/inputs-of.ts';
import type { Config } from '../../../../shared/config/config.ts';
import type { Draft, Entry } from '../../../../shared/trail/entry.ts';
import { draftOf } from '../../../harness/drafts.ts';
import { shop } from '../../../harness/ladder.ts';
import { memoryTrail } from '../../../harness/memory-trail.ts';
import { commit } from '../../../harness/changes.ts';

const base: Pick<Config, 'services' | 'environments' | 'developers'> = {
  services: [shop()],
  environments: [],
  developers: { to: 'developers', comments: false },
};
const config = base as Config;
const now = '2026-11-21T12:00:00.000Z';
const group = 'change/1/r/shop';

let trail = memoryTrail(() => new Date(now));
beforeEach(() => {
  trail = memoryTrail(() => new Date(now));
});

const from = (name: string) => ({ name, account: '1', region: 'r', id: null, digest: null });
const entryOf = async (name: string, over: Partial<Draft>): Promise<Entry> => {
  await trail.append([{ key: `fact#${trail.entries.length}`, entries: [draftOf({ source: from(name), ...over })] }]);
  return trail.entries.at(-1) as Entry;
};
const said = async (name: string, over: Partial<Draft>, of: Config = config) =>
  changeInputsOf(await entryOf(name, over), of).map((one) => [one.group, one.input.fact]);

const push: Partial<Draft> = {
  kind: 'reference.updated',
  actor: { type: 'person', id: 'arn:aws:iam::000000000000:user/ada', name: 'ada', verified: true },
  change: { repository: 'shop', commit: commit('a') },
  detail: { repository: 'shop', ref: 'refs/heads/main', refType: 'branch', old: commit('0'), new: commit('a') },
};
const action = (kind: string, category: string, over: Partial<Draft> = {}): Partial<Draft> => ({
  kind,
  execution: 'run-1',
  ...over,
  detail: { pipeline: 'shop', stage: 'Build', action: 'Test', category, ...over.detail },
});
const ofLadder = (kind: string, detail: Draft['detail']): Partial<Draft> => ({
  kind,
  environment: 'production',
  service: 'shop',
  detail,
});

describe('what an entry says of changes', () => {
  it('is for the group of each pipeline that it goes through, and is told by whom', async () => {
    const expected = { said: 'pushed', commit: commit('a'), repository: 'shop', ref: 'refs/heads/main', by: 'ada' };
    expect(await said('aws.codecommit', push)).toEqual([[group, { ...expected, old: commit('0') }]]);
    const two = { ...config, services: [shop(), { ...shop(), pipeline: 'shop-eu' }, { ...shop(), service: 'api' }] };
    expect((await said('aws.codecommit', push, two)).map(([of]) => of)).toEqual([group, `${group}-eu`]);
  });

  it.each<[string, string, Partial<Draft>, object | null]>([
    ['a push to a tag', 'aws.codecommit', { ...push, detail: { ...push.detail, refType: 'tag' } }, null],
    ['a push elsewhere', 'aws.codecommit', { ...push, detail: { ...push.detail, repository: 'other' } }, null],
    ['what calls itself a push', 'my.tests', push, null],
    ['a replayed push', 'aws.codecommit', { ...push, detail: { ...push.detail, replayed: 'r' } }, null],
    ['one before our time', 'aws.codecommit', { ...push, detail: { ...push.detail, reconciled: 'backfilled' } }, null],
    ['a build', 'aws.codepipeline', action('action.succeeded', 'Build'), { said: 'built' }],
    ['a deployment', 'aws.codepipeline', action('action.succeeded', 'Deploy'), null],
    ['an approval that begins', 'aws.codepipeline', action('action.started', 'Approval'), { said: 'waiting' }],
    [
      'an action that fails',
      'aws.codepipeline',
      action('action.failed', 'Test', { reason: '3 tests' }),
      { said: 'failing', why: 'Test in stage Build failed: 3 tests' },
    ],
    [
      'an approval that is refused',
      'aws.codepipeline',
      action('action.failed', 'Approval', { reason: 'not today', detail: { decision: 'rejected' } }),
      { said: 'failing', why: 'Test in stage Build was refused: not today' },
    ],
    [
      'the end of an execution',
      'aws.codepipeline',
      { kind: 'pipeline.superseded', execution: 'run-1', detail: { pipeline: 'shop', attempt: 1 } },
      { said: 'ended', outcome: 'superseded' },
    ],
    [
      'another pipeline',
      'aws.codepipeline',
      { kind: 'pipeline.failed', execution: 'run-1', detail: { pipeline: 'till' } },
      null,
    ],
    [
      'a release that reached its environment',
      'escalator',
      ofLadder('release.reached', { release: { commit: commit('a'), execution: 'run-1', byRollback: false } }),
      { said: 'reached', byRollback: false, service: 'shop' },
    ],
    [
      'a release that was found late',
      'escalator',
      ofLadder('release.reached', { release: { commit: commit('a'), execution: 'run-1' }, recovered: {} }),
      null,
    ],
    [
      'a release that was gone back from',
      'escalator',
      { ...ofLadder('release.quarantined', { commit: commit('a'), incident: 'i' }), reason: 'smoke fails' },
      { said: 'quarantined', by: null, why: 'smoke fails' },
    ],
  ])('is known of %s', async (_, name, over, expected) => {
    const found = await said(name, over);
    if (expected === null) expect(found).toEqual([]);
    else expect(found).toMatchObject([[group, expected]]);
  });

  it('is cut, however long others write', async () => {
    const long = 'x'.repeat(10 * 1024);
    const author = { name: long, email: long, date: '' };
    const found = await said('escalator', {
      kind: 'commit.described',
      change: { repository: 'shop', commit: commit('a') },
      detail: { repository: 'shop', message: long, author, parents: [commit('0')] },
    });
    expect(JSON.stringify(found).length).toBeLessThan(1_500);
  });

  it('is late where it comes on record more than an hour after it happened', async () => {
    const [old] = changeInputsOf(
      await entryOf('aws.codecommit', { ...push, occurredAt: '2026-11-21T10:59:59.000Z' }),
      config,
    );
    expect(old?.input.late).toBe(true);
  });

  it('is nothing where developers are not told', async () => {
    const { developers: _, ...off } = config;
    expect(await said('aws.codecommit', push, off)).toEqual([]);
  });
});

it('a group of changes is no ladder, whatever environments and services are called', () => {
  expect([isOfChanges(group), isOfChanges('change'), isOfChanges('change/shop')]).toEqual([true, false, false]);
});
