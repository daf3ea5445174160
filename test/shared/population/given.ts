import { nowhere } from '../../../shared/event/locate.ts';
import { normalise } from '../../../shared/event/normalise.ts';
import type { Actor, Draft, Json, TrailRecord } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';

/** Entries for tests of the population: what AWS says comes through the normalisers, as it does in the product. */

export const account = '111122223333';
const region = 'eu-west-1';
const source: Draft['source'] = { name: 'escalator', account, region, id: null, digest: null };

/** `12:05:00` of the day. */
export const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 10, 20, 12, minute, second)).toISOString();

export const sha = (digit: string): string => digit.repeat(40);
export const user = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
export const session = (name: string, role = 'Developer'): string =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;

/** Puts drafts on record in their order. */
export const recorded = (...drafts: (Draft | Draft[])[]): TrailRecord[] =>
  drafts.flat().map((draft, seq) => ({
    ...draft,
    v: 1,
    origin: `escalator/${account}/${region}`,
    seq,
    prev: '',
    factKey: `f#${seq}`,
    part: { index: 0, of: 1 },
    observedAt: draft.occurredAt ?? at(59),
  }));

type Said = { [field: string]: Json };

/** An entry as the product makes it of an AWS event. */
export const event = (source: string, detailType: string, time: string, detail: Said, of = account): Draft => {
  const envelope = { source, 'detail-type': detailType, account: of, region, time, resources: [], detail };
  const [group] = normalise(
    { version: '0', id: 'e', ...envelope },
    {
      account,
      region,
      locate: nowhere,
      digest: (raw) => `d${raw.length}`,
      raw: '{}',
      identitiesVerified: true,
    },
  );
  const draft = group?.entries[0];
  if (draft === undefined) throw new Error('the event makes no entry');
  return draft;
};

export const pushed = (minute: number, by: string, to: string, old: string | null, branch = 'main'): Draft =>
  event('aws.codecommit', 'CodeCommit Repository State Change', at(minute), {
    event: old === null ? 'referenceCreated' : 'referenceUpdated',
    repositoryName: 'shop',
    referenceType: 'branch',
    referenceName: branch,
    referenceFullName: `refs/heads/${branch}`,
    commitId: to,
    ...(old === null ? {} : { oldCommitId: old }),
    callerUserArn: by,
  });

export const deleted = (minute: number, by: string, old: string, branch = 'main'): Draft =>
  event('aws.codecommit', 'CodeCommit Repository State Change', at(minute), {
    event: 'referenceDeleted',
    repositoryName: 'shop',
    referenceType: 'branch',
    referenceName: branch,
    referenceFullName: `refs/heads/${branch}`,
    oldCommitId: old,
    callerUserArn: by,
  });

/** Something that happens to pull request 7, of branch `tax`, by mia. */
export const pull = (minute: number, what: string, by: string, more: Said = {}): Draft =>
  event('aws.codecommit', 'CodeCommit Pull Request State Change', at(minute), {
    event: what,
    pullRequestId: '7',
    pullRequestStatus: 'Open',
    isMerged: 'False',
    repositoryNames: ['shop'],
    author: user('mia'),
    sourceReference: 'refs/heads/tax',
    destinationReference: 'refs/heads/main',
    destinationCommit: sha('9'),
    sourceCommit: sha('a'),
    callerUserArn: by,
    ...more,
  });

export const approved = (minute: number, by: string, more: Said = {}): Draft =>
  pull(minute, 'pullRequestApprovalStateChanged', by, { approvalStatus: 'APPROVE', ...more });

export const merged = (minute: number, by: string, more: Said = {}): Draft =>
  pull(minute, 'pullRequestMergeStatusUpdated', by, { isMerged: 'True', pullRequestStatus: 'Closed', ...more });

export const described = (commit: string, parents: string[], more: Said = {}): Draft =>
  draftOf({
    kind: 'commit.described',
    source,
    change: { repository: 'shop', commit },
    detail: {
      repository: 'shop',
      commit,
      parents,
      message: 'SHOP-12: prices with tax, see #7',
      author: { name: 'Mia', email: 'mia@example.com' },
      ...more,
    },
  });

export const started = (minute: number, execution: string, trigger: Said = {}): Draft =>
  event('aws.codepipeline', 'CodePipeline Pipeline Execution State Change', at(minute), {
    pipeline: 'shop',
    'execution-id': execution,
    state: 'STARTED',
    'execution-trigger': { 'trigger-type': 'CloudWatchEvent', ...trigger },
  });

export const action = (
  minute: number,
  execution: string,
  name: string,
  state: string,
  category: string,
  more: Said = {},
) =>
  event('aws.codepipeline', 'CodePipeline Action Execution State Change', at(minute), {
    pipeline: 'shop',
    'execution-id': execution,
    stage: category,
    action: name,
    state,
    type: { owner: 'AWS', provider: 'P', category, version: '1' },
    ...more,
  });

export const phase = (minute: number, build: string, name: string, status: string): Draft =>
  event('aws.codebuild', 'CodeBuild Build Phase Change', at(minute), {
    'build-id': `arn:aws:codebuild:${region}:${account}:build/${build}`,
    'project-name': 'shop',
    'completed-phase': name,
    'completed-phase-status': status,
    'additional-information': { initiator: 'codepipeline/shop' },
  });

let calls = 0;

export const called = (minute: number, by: string, service: string, name: string, more: Said = {}): Draft =>
  event(`aws.${service}`, 'AWS API Call via CloudTrail', at(minute), {
    eventVersion: '1.09',
    eventID: `call-${(calls += 1)}`,
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    eventTime: at(minute),
    userIdentity: by.includes(':assumed-role/') ? { type: 'AssumedRole', arn: by } : { type: 'IAMUser', arn: by },
    sourceIPAddress: '203.0.113.7',
    requestParameters: {},
    ...more,
  });

export const putApproval = (minute: number, by: string, status = 'Approved'): Draft =>
  called(minute, by, 'codepipeline', 'PutApprovalResult', {
    requestParameters: {
      pipelineName: 'shop',
      stageName: 'Approval',
      actionName: 'Ask',
      result: { status, summary: 'ok' },
    },
  });

type Put = { release: string; commit: string; environment?: string; rebuiltFrom?: string; subject?: string };

/** A release that reached its environment; the release is named after its execution. */
export const reached = (minute: number, { release, commit, environment = 'production', ...more }: Put): Draft => {
  const id = (execution: string) => `${environment}/shop@${execution}`;
  return draftOf({
    kind: 'release.reached',
    occurredAt: at(minute, 30),
    source,
    environment,
    service: 'shop',
    change: { repository: 'shop', commit },
    execution: release,
    release: id(release),
    detail: {
      release: {
        id: id(release),
        execution: release,
        commit,
        author: 'Mia',
        subject: more.subject ?? null,
        reachedAt: at(minute),
        byRollback: more.rebuiltFrom !== undefined,
        rebuiltFrom: more.rebuiltFrom === undefined ? null : id(more.rebuiltFrom),
      },
    },
  });
};

/** What Escalator says when it goes back: intended, started. */
export const intended = (minute: number, actKey: string, execution: string, reason: string | null): Draft[] => {
  const base = { occurredAt: at(minute), source, environment: 'production', service: 'shop' };
  const forCause = reason === null ? null : { release: 'production/shop@2', commit: sha('b'), check: 'smoke', reason };
  return [
    draftOf({ ...base, kind: 'step.intended', detail: { intent: { actKey, action: 'redeploy', forCause } } }),
    draftOf({ ...base, kind: 'step.started', execution, detail: { actKey, execution } }),
  ];
};

export const quarantineOrdered = (minute: number, commit: string, who: Actor, why: string): Draft =>
  draftOf({
    kind: 'quarantine.ordered',
    occurredAt: at(minute),
    actor: { type: 'service', name: 'escalator' },
    source,
    environment: 'production',
    service: 'shop',
    change: { repository: 'shop', commit },
    release: null,
    detail: { incident: null, release: null, commit, order: 1, who, why },
  });

export const quarantined = (minute: number, release: string, commit: string, reason: string): Draft =>
  draftOf({
    kind: 'release.quarantined',
    occurredAt: at(minute),
    source,
    environment: 'production',
    service: 'shop',
    change: { repository: 'shop', commit },
    release,
    reason,
    detail: { incident: 'production.shop.5', release, commit, check: 'smoke', reason },
  });
