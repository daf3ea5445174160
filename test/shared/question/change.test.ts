import { describe, expect, it } from 'vitest';
import type { EntryItem, IncidentAnswer, ReleaseAnswer } from '../../../shared/question/answers.ts';
import { type AboutChange, changeAnswer, followerOf } from '../../../shared/question/change.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { groupOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const [first, second, third] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const minute = (n: number): string => `2026-11-21T12:0${n}:00.000Z`;

const told = async (...drafts: Partial<Draft>[]): Promise<EntryItem[]> => {
  const trail = memoryTrail();
  await trail.append(drafts.map((draft, n) => groupOf(`f#${n}`, draft)));
  return trail.entries.map((entry) => ({ ...entry, says: '' }));
};

const push = (old: string, commit: string, ref = 'refs/heads/main'): Partial<Draft> => ({
  kind: 'reference.updated',
  change: { repository: 'shop', commit },
  detail: { ref, old },
});

const run = (kind: string, at: number, over: Partial<Draft> = {}): Partial<Draft> => ({
  kind,
  occurredAt: minute(at),
  execution: 'x',
  ...over,
});

const about = (over: Partial<AboutChange>) =>
  changeAnswer({
    commit: first,
    entries: [],
    pulls: new Map(),
    releases: [],
    rolledBack: [],
    incidents: [],
    alarms: [],
    complete: true,
    followedBy: null,
    ...over,
  });

const release = (status: ReleaseAnswer['status']) => ({ commit: first, status, reason: 'it fails' }) as ReleaseAnswer;
const incident = (closedAt: string | null, status: IncidentAnswer['status'] = 'climbing') =>
  ({ id: 'p.s.1', status, closedAt, reason: 'no' }) as IncidentAnswer;
const again = { ...release('running'), byRollback: true, execution: 'r' };

describe('the branch of a push', () => {
  it.each([
    ['stands where it was', [push(third, first)], null],
    ['went on', [push(third, first), push(first, second)], second],
    ['did not go on where another did', [push(third, first), push(first, second, 'refs/heads/other')], null],
    ['did not go on by what was before', [push(first, second), push(second, first)], null],
  ])('%s', async (_, drafts, follower) => {
    const entries = await told(...drafts);
    const pushed = entries.find(({ change }) => change?.commit === first) as EntryItem;
    expect(followerOf(pushed, entries)).toBe(follower);
  });
});

describe('a change', () => {
  const ended = (kind: string) => [push(third, first), run('pipeline.started', 1), run(kind, 2)];

  it.each<[string, Partial<Draft>[], Partial<AboutChange>, string]>([
    ['is unknown when nothing says it was pushed', [], {}, 'unknown'],
    ['is on its way when it was pushed', [push(third, first)], {}, 'on-its-way'],
    ['is on its way while an execution runs', [push(third, first), run('pipeline.started', 1)], {}, 'on-its-way'],
    ['is stopped when its execution failed', ended('pipeline.failed'), {}, 'stopped'],
    ['is superseded when its execution was', ended('pipeline.superseded'), {}, 'superseded'],
    ['is live when its release runs', ended('pipeline.succeeded'), { releases: [release('running')] }, 'live'],
    [
      'is superseded when its release was replaced',
      ended('pipeline.succeeded'),
      { releases: [release('replaced')] },
      'superseded',
    ],
    [
      'is rolled back when its release is quarantined',
      ended('pipeline.succeeded'),
      { releases: [release('quarantined')] },
      'rolled-back',
    ],
    [
      'is on its way while it is a suspect',
      ended('pipeline.succeeded'),
      { releases: [release('running')], incidents: [incident(null)] },
      'on-its-way',
    ],
    [
      'is live again when it was a suspect and runs',
      ended('pipeline.succeeded'),
      { releases: [release('running')], incidents: [incident(minute(3))] },
      'live',
    ],
    [
      'is stopped when it is served and was left to a person, though it was put there again',
      [...ended('pipeline.failed'), { ...run('pipeline.succeeded', 3), execution: 'r' }],
      { releases: [again], incidents: [incident(minute(4), 'handed-over')] },
      'stopped',
    ],
    [
      'is stopped when it is served and its own pipeline failed',
      ended('pipeline.failed'),
      { releases: [release('running')] },
      'stopped',
    ],
    [
      'is live when its pipeline failed and putting it there again healed it',
      [...ended('pipeline.failed'), { ...run('pipeline.succeeded', 3), execution: 'r' }],
      { releases: [again], incidents: [incident(minute(4), 'converged')] },
      'live',
    ],
  ])('%s', async (_, drafts, over, status) => {
    expect(about({ entries: await told(...drafts), ...over }).status).toBe(status);
  });

  it('names the failing action as why its execution stopped, and the push that overtook it', async () => {
    const failing = run('action.failed', 2, { reason: 'exit 1', detail: { stage: 'Build', action: 'Test' } });
    const stopped = about({ entries: await told(...ended('pipeline.failed').toSpliced(2, 0, failing)) });
    expect([stopped.reason, stopped.executions[0]?.reason]).toEqual(['exit 1', 'exit 1']);
    expect(about({ entries: await told(push(third, first)), followedBy: second }).reason).toContain('2222222');
  });

  it('is not ended by a start that is told after the end of the same second', async () => {
    const { executions } = about({
      entries: await told(
        run('stage.succeeded', 1, { detail: { stage: 'Build' } }),
        run('stage.started', 1, { detail: { stage: 'Build' } }),
      ),
    });
    expect(executions[0]?.stages).toMatchObject([
      { name: 'Build', outcome: 'succeeded', startedAt: minute(1), endedAt: minute(1) },
    ]);
  });

  it('runs again when a failed stage is retried', async () => {
    const stage = (kind: string, at: number) => run(kind, at, { detail: { stage: 'Build' } });
    const { executions } = about({
      entries: await told(stage('stage.started', 1), stage('stage.failed', 2), stage('stage.resumed', 3)),
    });
    expect(executions[0]?.stages).toMatchObject([{ outcome: 'resumed', endedAt: null }]);
  });
});
