import { beforeEach, describe, expect, it } from 'vitest';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import { type BackgroundPorts, lookUpBackground } from '../../../functions/support/background.ts';
import { logTo } from '../../../functions/support/log.ts';
import { type Message, messageAsRaised } from '../../../shared/alert/message.ts';
import { initialState, type LadderState } from '../../../shared/ladder/state.ts';
import type { Rows } from '../../../shared/ports.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { alertOf } from '../../harness/alert.ts';
import { draftOf } from '../../harness/drafts.ts';
import { shop } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { minuteAt } from '../../harness/moves.ts';

const commit = 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4';
const ada = { type: 'person', id: 'arn:aws:iam::111122223333:user/ada', name: 'ada', verified: true } as const;
const own = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
const aws = { ...own, name: 'aws.codecommit' };
const at = { environment: 'production', service: 'shop' };

const release = {
  id: 'production/shop@e-2',
  execution: 'e-2',
  reachedAt: minuteAt(6),
  byRollback: false,
  rebuiltFrom: null,
  passedBefore: ['smoke'],
  commit,
  author: 'Ann',
  subject: 'Sell faster',
  contains: null,
};
const failing: LadderState = {
  ...initialState,
  version: 5,
  checks: { smoke: { value: 'fail', at: minuteAt(10), since: minuteAt(10), reason: '500' } },
  releases: [{ ...release, good: false, quarantined: null, replacedAt: null }],
};
const message: Message = messageAsRaised(alertOf({ change: { repository: 'shop', commit } }), ['sre'], minuteAt(10));

let rows: Rows;
let trail: ReturnType<typeof memoryTrail>;
let ports: BackgroundPorts;
beforeEach(() => {
  rows = memoryRows();
  trail = memoryTrail(() => new Date(minuteAt(11)));
  ports = {
    ladders: { load: () => Promise.resolve(failing) },
    rows,
    config: { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} },
    environment: { region: 'eu-west-1', endpoint: null, killSwitch: '/escalator/kill-switch' },
    page: () => 'https://escalator.example.com/',
    own: [],
    now: () => new Date(minuteAt(11)),
  };
});

/** Puts entries on the trail and into the index, as they would come. */
const record = async (...drafts: Partial<Draft>[]): Promise<void> => {
  for (const [index, draft] of drafts.entries()) await trail.append([{ key: `k${index}`, entries: [draftOf(draft)] }]);
  await indexSegments(rows)(await trail.since(0, 100));
};

const reached = {
  kind: 'release.reached',
  source: own,
  ...at,
  occurredAt: minuteAt(6),
  release: release.id,
  detail: { release },
};
const failed = {
  kind: 'action.failed',
  ...at,
  execution: 'e-2',
  occurredAt: minuteAt(7),
  reason: 'found 500',
  detail: { action: 'Smoke', stage: 'Smoke', url: 'https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/x' },
};
const pull = (kind: string, over: Partial<Draft> = {}): Partial<Draft> => ({
  kind,
  source: aws,
  subject: 'arn:aws:codecommit:eu-west-1:111122223333:shop/pull-request/12',
  detail: { pullRequest: '12', title: 'Faster', author: 'arn:aws:iam::111122223333:user/ann', mergeCommit: commit },
  ...over,
});

describe('what is looked up for a message', () => {
  it('is what changed before, ranked, the action that failed with its log, and who approved the change', async () => {
    await record(
      reached,
      failed,
      pull('pull-request.created'),
      pull('pull-request.approved', { actor: ada }),
      pull('pull-request.merged'),
    );
    expect(await lookUpBackground(ports)(message)).toMatchObject({
      began: minuteAt(10),
      failing: [{ check: 'smoke', source: 'alarm shop-smoke', since: minuteAt(10) }],
      suspects: [
        {
          what: 'a1b2c3d reached production: "Sell faster" by Ann',
          // its incident is closed, as by a hand-over: the release is known by the commit that the message names
          why: 'a release went out here, 4 min before the first failure, and smoke passed until then',
        },
      ],
      failed: { execution: 'e-2', log: failed.detail.url },
      pull: { id: '12', title: 'Faster', author: 'ann', approvedBy: ['ada'] },
      running: { commit },
      links: { page: 'https://escalator.example.com/#incident=production.shop.5' },
    });
  });

  it('leads to the console where the action names no log', async () => {
    await record({ ...failed, detail: { action: 'Smoke', stage: 'Smoke' } });
    expect((await lookUpBackground(ports)(message))?.failed?.log).toBe(
      'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/executions/e-2/timeline?region=eu-west-1',
    );
  });

  it('says how to stop it, also where nothing of ours answers', async () => {
    expect((await lookUpBackground(ports)(message))?.stop.map(({ command }) => command)).toEqual([
      'escalator claim production/shop --for 1h --why TEXT',
      'escalator hold production/shop --why TEXT',
      'aws --region eu-west-1 ssm put-parameter --name /escalator/kill-switch --overwrite --value stop',
    ]);
  });

  it('is a link to the runbook for what is told about Escalator itself', async () => {
    const altered = alertOf({ id: 'altered/lane/7', incident: null, environment: '', service: 'escalator' });
    const found = await lookUpBackground(ports)(messageAsRaised(altered, ['sre'], minuteAt(10)));
    expect(found?.links.runbook).toBe('docs/runbook.md#the-trail-was-altered');
  });

  it('is what changed in the account, then in their environments, for a cause that many services share', async () => {
    const stack = {
      kind: 'stack.started',
      subject: 'arn:aws:cloudformation:eu-west-1:1:stack/network/7',
      outcome: 'started',
    };
    await record({ ...stack, occurredAt: minuteAt(8) }, reached, { ...stack, occurredAt: minuteAt(12) });
    const cause = { id: `cause/${minuteAt(10)}`, incident: null, environment: '', service: '' };
    const failed = alertOf({ ...cause, failing: ['production/shop', 'production/till'] });
    const found = await lookUpBackground(ports)(messageAsRaised(failed, ['sre'], minuteAt(10)));
    expect(found?.suspects.map(({ why }) => why)).toEqual([
      'something was deployed outside any environment, 120 s before the first failure',
      'a release went out at shop in production, 4 min before the first failure',
    ]);
  });

  it('is only a link for news of one entry, which say what they are of', async () => {
    const news = { rule: 'outside-pipeline', who: 'ada', at: minuteAt(9), where: '111122223333 eu-west-1', seq: 7 };
    const found = await lookUpBackground(ports)({ ...message, alert: alertOf({ incident: null, news }) });
    expect(found).toMatchObject({
      running: null,
      suspects: [],
      stop: [],
      links: { page: 'https://escalator.example.com/' },
    });
  });

  it.each([
    ['a table that does not answer', { rows: { newest: () => Promise.reject(new Error('throttled')) } }],
    ['a ladder that cannot be read', { ladders: { load: () => Promise.reject(new Error('throttled')) } }],
  ])('is nothing, and no error, with %s', async (_what, broken) => {
    logTo(() => {});
    const rowsOf = 'rows' in broken ? { ...rows, ...broken.rows } : rows;
    expect(await lookUpBackground({ ...ports, ...broken, rows: rowsOf })(message)).toBeNull();
  });

  it('is not waited for without end', async () => {
    logTo(() => {});
    const never = { load: () => new Promise<LadderState>(() => {}) };
    expect(await lookUpBackground({ ...ports, ladders: never, waitsAtMost: 5 })(message)).toBeNull();
  });

  it('reads no more the longer the trail is: one row for each environment and segment, so many at most', async () => {
    const asked: [string, number][] = [];
    const counting = {
      ...rows,
      newest: (question: string, limit: number) => (asked.push([question, limit]), rows.newest(question, limit)),
    };
    await record(
      ...Array.from({ length: 80 }, (_, n) => ({ ...reached, release: `r${n}`, occurredAt: minuteAt(n / 10) })),
    );
    await lookUpBackground({ ...ports, rows: counting })(message);
    expect(asked).toEqual([
      ['moves:"production"', 50],
      ['moves:null', 50],
    ]);
  });
});
