import type { Draft, Json } from '../../shared/trail/entry.ts';
import * as given from '../shared/population/given.ts';
import { draftOf } from './drafts.ts';

/**
 * What happens to one commit on AWS, as its services and CloudTrail tell it: pushed to a branch, reviewed, merged, built,
 * approved, deployed, found bad, rolled back. What AWS says comes through the normalisers.
 */

const { account, at, event, session, sha, user } = given;
const region = 'eu-west-1';
const place = { environment: 'production', service: 'shop' };

/** the last commit of the branch, and the merge that was delivered */
export const [source, merge, older] = [sha('a'), sha('e'), sha('9')];
export const pull = `arn:aws:codecommit:${region}:${account}:shop/pull-request/7`;
export const build = `arn:aws:codebuild:${region}:${account}:build/shop:4f7d`;
export const stack = `arn:aws:cloudformation:${region}:${account}:stack/shop-network/51af`;
export const release = 'production/shop@x-2';
export const incident = 'production.shop.3';

type Said = { [field: string]: Json };

let calls = 0;

/** A call as CloudTrail tells it: a moment before or after the service does. */
export const call = (
  minute: number,
  by: string,
  service: string,
  eventName: string,
  asked: Said,
  answered: Said = {},
) =>
  event(`aws.${service}`, 'AWS API Call via CloudTrail', at(minute, 2), {
    eventID: `call-${(calls += 1)}`,
    eventVersion: '1.09',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventTime: at(minute, 2),
    userIdentity: { type: 'IAMUser', arn: user(by), userName: by, accountId: account },
    requestParameters: asked,
    responseElements: answered,
  });

const action = (minute: number, name: string, state: string, category: string, provider: string, externalId?: string) =>
  given.action(minute, 'x-2', name, state, category, {
    type: { owner: 'AWS', provider, category, version: '1' },
    'start-time': at(minute - 1),
    ...(externalId === undefined ? {} : { 'execution-result': { 'external-execution-id': externalId } }),
  });

const builds = (minute: number, status: string): Draft =>
  event('aws.codebuild', 'CodeBuild Build State Change', at(minute), {
    'build-id': build,
    'build-status': status,
    'project-name': 'shop',
    'additional-information': { initiator: 'codepipeline/shop' },
  });

const deploys = (minute: number, state: string, deploymentId = 'd-ABC'): Draft =>
  event('aws.codedeploy', 'CodeDeploy Deployment State-change Notification', at(minute), {
    state,
    deploymentId,
    application: 'shop',
    deploymentGroup: 'live',
  });

export const stacks = (minute: number, status: string): Draft =>
  event('aws.cloudformation', 'CloudFormation Stack Status Change', at(minute), {
    'stack-id': stack,
    'status-details': { status, 'status-reason': '' },
  });

const alarm = (minute: number, value: string): Draft => ({
  ...draftOf({ kind: 'alarm.changed', occurredAt: at(minute), subject: 'alarm/shop-smoke', ...place }),
  detail: { alarm: 'shop-smoke', value, previous: 'OK' },
});

const escalator = { name: 'escalator', account, region, id: null, digest: null };

const said = (kind: string, minute: number, detail: Said, over: Partial<Draft> = {}): Draft =>
  draftOf({ kind, occurredAt: at(minute), ...place, source: escalator, detail, ...over });

const reached = (minute: number, execution: string, commit: string, byRollback = false): Draft =>
  said(
    'release.reached',
    minute,
    {
      version: minute,
      incident: null,
      release: {
        id: `production/shop@${execution}`,
        execution,
        commit,
        author: 'Mia',
        subject: 'prices',
        contains: null,
        reachedAt: at(minute),
        byRollback,
        rebuiltFrom: null,
        passedBefore: [],
      },
    },
    { change: { repository: 'shop', commit }, execution, release: `production/shop@${execution}` },
  );

/** How it came: a pull request, approved by ada and merged by her, told by CodeCommit and by CloudTrail. */
export const review = (): Draft[] => [
  given.pushed(1, user('mia'), source, older, 'tax'),
  given.pull(2, 'pullRequestCreated', user('mia'), { title: 'Prices with tax' }),
  given.approved(3, user('ada')),
  call(3, 'ada', 'codecommit', 'UpdatePullRequestApprovalState', {
    pullRequestId: '7',
    repositoryName: 'shop',
    approvalState: 'APPROVE',
  }),
  given.merged(4, user('ada'), { mergeCommitId: merge }),
  call(4, 'ada', 'codecommit', 'MergePullRequestByThreeWay', { pullRequestId: '7', repositoryName: 'shop' }),
  given.pushed(4, user('ada'), merge, older),
  given.described(merge, [older, source]),
];

/** Its execution, with all that it set going. */
export const delivery = (): Draft[] => [
  given.started(5, 'x-2'),
  call(5, 'ada', 'codepipeline', 'StartPipelineExecution', { name: 'shop' }, { pipelineExecutionId: 'x-2' }),
  action(6, 'Source', 'SUCCEEDED', 'Source', 'CodeCommit', merge),
  builds(7, 'IN_PROGRESS'),
  builds(8, 'SUCCEEDED'),
  action(8, 'Compile', 'SUCCEEDED', 'Build', 'CodeBuild', 'shop:4f7d'),
  call(10, 'eve', 'codepipeline', 'PutApprovalResult', {
    pipelineName: 'shop',
    stageName: 'Approval',
    actionName: 'Ask',
    result: { status: 'Approved', summary: 'seen on staging' },
  }),
  action(10, 'Ask', 'SUCCEEDED', 'Approval', 'Manual'),
  stacks(12, 'UPDATE_IN_PROGRESS'),
  stacks(13, 'UPDATE_COMPLETE'),
  action(13, 'Network', 'SUCCEEDED', 'Deploy', 'CloudFormation', stack),
  deploys(14, 'START'),
  deploys(15, 'SUCCESS'),
  action(15, 'Servers', 'SUCCEEDED', 'Deploy', 'CodeDeploy', 'd-ABC'),
  { ...given.started(15, 'x-2'), kind: 'pipeline.succeeded', outcome: 'succeeded' },
];

/** What came of it. */
export const aftermath = (): Draft[] => [
  reached(16, 'x-2', merge),
  alarm(20, 'ALARM'),
  said('incident.opened', 21, {
    version: 21,
    incident,
    failing: ['smoke'],
    suspect: release,
    until: at(22),
  }),
  said('alert.raised', 21, {
    incident,
    alert: { id: 'production/shop#21', incident, headline: 'smoke fails', ...place },
  }),
  said('alert.sent', 22, { incident, alert: 'production/shop#21', topic: 'sre' }),
  said('incident.closed', 30, {
    version: 30,
    incident,
    status: 'converged',
    reason: 'passed',
    openedAt: at(21),
    attempts: 1,
  }),
  reached(31, 'x-3', older, true),
];

/** What is of the same pipeline, stack, application and approval, and not of this commit. */
export const others = (): Draft[] => [
  stacks(2, 'UPDATE_COMPLETE'),
  stacks(40, 'UPDATE_IN_PROGRESS'),
  deploys(14, 'START', 'd-OTHER'),
  call(50, 'eve', 'codepipeline', 'PutApprovalResult', {
    pipelineName: 'shop',
    stageName: 'Approval',
    actionName: 'Ask',
    result: { status: 'Rejected' },
  }),
  given.pushed(6, session('zoe'), sha('7'), sha('6'), 'other'),
];

/** The whole of it, in the order in which it happens. */
export const wholeStory = (): Draft[] => [...review(), ...delivery(), ...aftermath(), ...others()];

/** Pushes of commits, and nothing else. */
export const pushesOf = (commits: string[]): Draft[] =>
  commits.map((commit, n) => given.pushed(n, user('mia'), commit, older));
