import type {
  AlertAnswer,
  ChangeAnswer,
  EntryItem,
  ExecutionAnswer,
  IncidentAnswer,
  ReleaseAnswer,
} from '../../shared/question/answers.ts';
import { says } from '../../shared/story/says.ts';
import type { Json } from '../../shared/trail/entry.ts';

/** Answers of the query API, by hand: a release that answers 500 was rolled back, and its author writes strangely. */

export const good = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';
export const bad = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
/** What a terminal would act on: an escape that clears the screen, a bell, a line break, and text turned around. */
export const hostile = 'Answer 500 \u001b[2J\u0007<script>alert(1)</script>\u202eevil';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();

export const release = (more: Partial<ReleaseAnswer> = {}): ReleaseAnswer => ({
  id: 'production/shop@e-good',
  environment: 'production',
  service: 'shop',
  commit: good,
  author: 'Grace Hopper',
  subject: 'A good change',
  execution: 'e-good',
  reachedAt: at(-600),
  status: 'running',
  good: true,
  lastGood: true,
  byRollback: false,
  rebuiltFrom: null,
  reason: null,
  quarantinedBy: null,
  running: true,
  whyNot: ['it is what runs here'],
  ...more,
});

export const badRelease = release({
  id: 'production/shop@e-bad',
  commit: bad,
  author: 'Ada Lovelace',
  subject: hostile,
  execution: 'e-bad',
  reachedAt: at(4),
  status: 'quarantined',
  good: false,
  lastGood: false,
  reason: 'smoke failed with it, and passed before it',
  running: false,
  whyNot: ['quarantined: smoke failed with it', 'never stayed with all checks passing for the bake time'],
});

export const incident = (more: Partial<IncidentAnswer> = {}): IncidentAnswer => ({
  id: 'production.shop.5',
  environment: 'production',
  service: 'shop',
  status: 'converged',
  openedAt: at(9),
  closedAt: at(52),
  until: null,
  attempts: 2,
  failing: ['smoke'],
  suspect: { release: badRelease.id, commit: bad },
  reason: 'all checks passed 3 times in a row',
  steps: [
    step('redeploy', bad, false, at(13), 'the stage succeeded'),
    step('redeploy', good, true, at(30), 'smoke failed with it, and passed before it'),
  ],
  notes: [],
  ...more,
});

const step = (action: string, commit: string, forCause: boolean, when: string, reason: string) => ({
  actKey: `production/shop#${forCause ? 9 : 6}.1`,
  level: 'deploy',
  action,
  commit,
  forCause,
  outcome: 'done',
  reason,
  at: when,
});

type Detail = { [field: string]: Json };

export const entry = (seq: number, kind: string, detail: Detail, more: Partial<EntryItem> = {}): EntryItem => {
  const item = {
    id: `000000000000.us-east-1/${seq}`,
    lane: '000000000000.us-east-1',
    segment: seq,
    hash: '0'.repeat(64),
    origin: 'escalator/000000000000/us-east-1',
    seq,
    factKey: `fact#${seq}`,
    part: { index: 0, of: 1 },
    observedAt: at(seq),
    occurredAt: at(seq),
    kind,
    actor: { type: 'service' as const, name: 'escalator' },
    subject: 'escalator:ladder/production/shop',
    environment: 'production',
    service: 'shop',
    change: null,
    execution: null,
    release: null,
    outcome: null,
    reason: null,
    source: { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null },
    detail,
    redactions: [],
    ...more,
  };
  return { ...item, says: says(item) };
};

const version = (number: number): Partial<EntryItem> => ({ factKey: `ladder/production/shop#${number}` });

/** Oldest first. */
export const story: EntryItem[] = [
  entry(
    10,
    'ladder.decided',
    { version: 5, input: { type: 'alarm', seq: 9, alarm: 'shop-smoke', value: 'fail' } },
    version(5),
  ),
  entry(
    11,
    'check.changed',
    { check: 'smoke', alarm: 'shop-smoke', value: 'fail', was: 'pass' },
    { ...version(5), reason: 'GET /health answered 500' },
  ),
  entry(
    12,
    'incident.opened',
    { incident: 'production.shop.5', failing: ['smoke'], suspect: badRelease.id, until: at(12) },
    version(5),
  ),
  entry(13, 'ladder.decided', { version: 6, input: { type: 'timer', version: 5, due: at(12) } }, version(6)),
  entry(
    14,
    'attempt.started',
    { incident: 'production.shop.5', attempt: 1, from: 'deploy', levels: ['deploy'] },
    { ...version(6), reason: 'quiescence is over' },
  ),
  entry(
    15,
    'step.intended',
    { intent: { level: 'deploy', action: 'redeploy', release: { commit: bad }, forCause: null } },
    version(6),
  ),
  entry(16, 'timer.set', { due: at(20) }, version(6)),
  entry(17, 'step.claimed', { level: 'deploy', actKey: 'production/shop#6.1' }),
  entry(18, 'alert.sent', { alert: 'production/shop#6', topic: 'sre' }),
  entry(19, 'incident.verifying', { good: 0, bad: 0 }),
  entry(20, 'incident.verifying', { good: 1, bad: 0 }),
  entry(
    21,
    'release.quarantined',
    { commit: bad },
    { change: { repository: 'shop', commit: bad }, reason: 'smoke failed with it, and passed before it' },
  ),
  entry(
    22,
    'incident.closed',
    { incident: 'production.shop.5', status: 'converged' },
    { reason: 'all checks passed 3 times in a row' },
  ),
];

export const push = (seq: number, commit: string): EntryItem =>
  entry(
    seq,
    seq === 0 ? 'reference.created' : 'reference.updated',
    { repository: 'shop', ref: 'refs/heads/main', refType: 'branch', old: null, new: commit },
    {
      actor: { type: 'person', id: 'arn:aws:iam::000000000000:user/ada', name: 'ada', verified: false },
      change: { repository: 'shop', commit },
      environment: null,
      service: null,
    },
  );

const phase = (from: number, to: number | null, outcome = 'succeeded', reason: string | null = null) => ({
  outcome: to === null ? 'started' : outcome,
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  reason,
});

const stage = (name: string, ...[from, to, outcome, reason]: Parameters<typeof phase>) => ({
  name,
  ...phase(from, to, outcome, reason),
  actions: [{ name, ...phase(from, to, outcome, reason) }],
});

export const failedExecution: ExecutionAnswer = {
  execution: 'e-bad',
  pipeline: 'shop',
  ...phase(1, 9, 'failed', 'GET /health answered 500, wanted 200'),
  stages: [
    stage('Source', 1, 1),
    stage('Build', 1, 3),
    stage('Deploy', 3, 4),
    stage('Smoke', 4, 9, 'failed', 'GET /health answered 500, wanted 200'),
  ],
};

export const change = (more: Partial<ChangeAnswer> = {}): ChangeAnswer => ({
  commit: bad,
  repository: 'shop',
  status: 'rolled-back',
  reason: 'smoke failed with it, and passed before it',
  pushedAt: at(0),
  pusher: 'ada',
  author: 'Ada Lovelace',
  message: `${hostile}\n\nmore`,
  pulls: [],
  executions: [failedExecution],
  builds: [],
  deployments: [],
  stacks: [],
  releases: [badRelease],
  rolledBack: [],
  incidents: [incident()],
  alarms: [],
  acts: [],
  told: [],
  complete: true,
  ...more,
});

export const liveChange = change({
  commit: good,
  status: 'live',
  reason: null,
  author: 'Grace Hopper',
  message: 'A good change',
  executions: [
    {
      execution: 'e-good',
      pipeline: 'shop',
      ...phase(-610, -600),
      stages: [
        stage('Source', -610, -610),
        stage('Build', -610, -604),
        stage('Deploy', -604, -601),
        stage('Smoke', -601, -600),
      ],
    },
  ],
  releases: [release()],
  incidents: [],
});

export const alert = (
  id: string,
  severity: AlertAnswer['severity'],
  headline: string,
  second: number,
): AlertAnswer => ({
  id,
  incident: 'production.shop.5',
  environment: 'production',
  service: 'shop',
  severity,
  headline,
  change: { repository: 'shop', commit: bad },
  author: 'Ada Lovelace',
  subject: hostile,
  failing: ['smoke'],
  done: [],
  next: 'nothing for 3 s, then the most drastic level that a failing check asks for',
  group: 'production/shop',
  thread: 'production.shop.5',
  number: 1,
  why: 'first',
  state: 'open',
  since: at(second),
  also: [],
  more: 0,
  to: ['sre'],
  seq: second,
  at: at(second),
  sent: [{ topic: 'sre', at: at(second) }],
});
