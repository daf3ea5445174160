import { describe, expect, it } from 'vitest';
import { joinActs } from '../../../shared/question/acts.ts';
import type { EntryItem } from '../../../shared/question/answers.ts';
import type { Draft, Json } from '../../../shared/trail/entry.ts';
import { call, delivery, review } from '../../harness/story.ts';
import * as given from '../population/given.ts';

const told = (...drafts: (Draft | Draft[])[]): EntryItem[] =>
  given.recorded(...drafts).map((record) => ({ ...record, id: '', lane: '', segment: 0, hash: '', says: record.kind }));

const actsOf = (...drafts: (Draft | Draft[])[]) =>
  joinActs(told(...drafts)).map(({ kind, by, entries }) => [kind, by, entries]);

const stopped = (minute: number, id: string): Draft =>
  given.event('aws.codedeploy', 'CodeDeploy Deployment State-change Notification', given.at(minute), {
    state: 'STOP',
    deploymentId: id,
    application: 'shop',
    deploymentGroup: 'live',
  });
const stopCall = (minute: number, deploymentId: string) =>
  call(minute, 'eve', 'codedeploy', 'StopDeployment', { deploymentId });

describe('an act that a service and CloudTrail both tell of', () => {
  it('is one act with two receipts, by the person who called', () => {
    expect(actsOf(stopped(1, 'd-1'), stopCall(1, 'd-1'))).toEqual([['deployment.stopped', 'eve', [0, 1]]]);
  });

  it('is one act in whichever order they come', () => {
    expect(actsOf(stopCall(1, 'd-1'), stopped(1, 'd-1'))).toEqual([['deployment.stopped', 'eve', [0, 1]]]);
  });

  it.each<[string, Draft[]]>([
    ['two things', [stopped(1, 'd-1'), stopCall(1, 'd-2')]],
    ['times far apart', [stopped(1, 'd-1'), stopCall(7, 'd-1')]],
    ['two calls', [stopCall(1, 'd-1'), stopCall(2, 'd-1')]],
  ])('is not one act of %s', (_, drafts) => {
    expect(actsOf(...drafts)).toHaveLength(2);
  });

  it('takes the nearest call, and leaves a second one an act of its own', () => {
    expect(actsOf(stopCall(1, 'd-1'), stopCall(3, 'd-1'), stopped(3, 'd-1'))).toEqual([
      ['call', 'eve', [0]],
      ['deployment.stopped', 'eve', [1, 2]],
    ]);
  });

  it('is not told by a call that was refused', () => {
    const refused = { ...stopCall(1, 'd-1'), kind: 'call.failed' };
    expect(actsOf(refused)).toEqual([]);
  });

  it('is one act where the rules of a pull request were set aside, and another where they were put back', () => {
    const override = (minute: number, status: string): Draft[] => [
      given.pull(minute, 'pullRequestApprovalRuleOverridden', given.user('eve'), { overrideStatus: status }),
      given.called(minute, given.user('eve'), 'codecommit', 'OverridePullRequestApprovalRules', {
        requestParameters: { pullRequestId: '7', revisionId: 'b1c2', overrideStatus: status },
        resources: [{ ARN: `arn:aws:codecommit:eu-west-1:${given.account}:shop` }],
      }),
    ];
    expect(actsOf(override(1, 'OVERRIDE'), override(2, 'REVOKE'))).toEqual([
      ['pull-request.approval-rules-overridden', 'eve', [0, 1]],
      ['pull-request.approval-rules-overridden', 'eve', [2, 3]],
    ]);
  });

  it('is one act also where the call names only the pull request, and its record the repository', () => {
    const approval = given.called(3, given.user('ada'), 'codecommit', 'UpdatePullRequestApprovalState', {
      requestParameters: { pullRequestId: '7', revisionId: 'b1c2', approvalState: 'APPROVE' },
      resources: [{ type: 'AWS::CodeCommit::Repository', ARN: `arn:aws:codecommit:eu-west-1:${given.account}:shop` }],
    });
    expect(actsOf(given.approved(3, given.user('ada')), approval)).toEqual([['pull-request.approved', 'ada', [0, 1]]]);
  });

  it("is nobody's where an approval was not given in time", () => {
    const ended = (code: string): Draft =>
      given.event('aws.codepipeline', 'CodePipeline Action Execution State Change', given.at(1), {
        pipeline: 'shop',
        'execution-id': 'x',
        stage: 'Approve',
        action: 'Ask',
        state: 'FAILED',
        type: { category: 'Approval', provider: 'Manual' },
        'execution-result': { 'error-code': code },
      });
    expect([actsOf(ended('ActionTimedOut')).length, actsOf(ended('JobFailed')).length]).toEqual([0, 1]);
  });

  it('is counted once over the whole way of a change: approved, merged, started, approved again', () => {
    const acts = joinActs(told(review(), delivery()));
    const more = acts.filter(({ entries }) => entries.length > 1);
    expect(more.map(({ kind, by, entries }) => [kind, by, entries.length])).toEqual([
      ['pull-request.approved', 'ada', 2],
      ['pull-request.merged', 'ada', 3], // its branch was moved too
      ['pipeline.started', 'ada', 2],
      ['action.succeeded', 'eve', 2],
    ]);
    expect(acts.find(({ by }) => by === 'eve')?.comment).toBe('seen on staging');
    expect(acts.flatMap(({ entries }) => entries)).toHaveLength(new Set(acts.flatMap(({ entries }) => entries)).size);
  });

  it('is a push that moved several references, each of them once', () => {
    const references: Json = ['a', 'b'].map((digit) => ({ ref: `refs/heads/${digit}`, commit: given.sha(digit) }));
    const push = call(1, 'mia', 'codecommit', 'GitPush', { repositoryName: 'shop', references });
    const moved = ['a', 'b'].map((digit) =>
      given.pushed(1, given.user('mia'), given.sha(digit), given.sha('9'), digit),
    );
    expect(actsOf(push, moved)).toEqual([
      ['reference.updated', 'mia', [0, 1]],
      ['reference.updated', 'mia', [0, 2]],
    ]);
  });

  /** An event of a service about what a call did, and the call; each as its service tells it. */
  const service = `arn:aws:ecs:eu-west-1:${given.account}:service/main/shop`;
  const shopStack = `arn:aws:cloudformation:eu-west-1:${given.account}:stack/shop-network/51af`;
  const ecs = (minute: number) => ({
    ...given.event('aws.ecs', 'ECS Deployment State Change', given.at(minute), {
      eventType: 'INFO',
      eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
      deploymentId: 'ecs-svc/1',
    }),
    subject: service,
    kind: 'service-deployment.started',
    detail: { deployment: 'ecs-svc/1' },
  });
  const stackEvent = (status: string) =>
    given.event('aws.cloudformation', 'CloudFormation Stack Status Change', given.at(1), {
      'stack-id': shopStack,
      'status-details': { status, 'status-reason': '' },
    });
  const buildEvent = given.event('aws.codebuild', 'CodeBuild Build State Change', given.at(1), {
    'build-id': `arn:aws:codebuild:eu-west-1:${given.account}:build/shop:4f7d`,
    'build-status': 'IN_PROGRESS',
    'project-name': 'shop',
    'additional-information': {},
  });
  const execution = (state: string) =>
    given.event('aws.codepipeline', 'CodePipeline Pipeline Execution State Change', given.at(1), {
      pipeline: 'shop',
      'execution-id': 'x-1',
      state,
    });
  const byEve = (
    name: string,
    of: string,
    asked: { [field: string]: Json },
    answered: { [field: string]: Json } = {},
  ) => call(1, 'eve', of, name, asked, answered);
  const repositoryName = 'shop';
  const onMain = { repositoryName, branchName: 'main' };

  it.each<[string, Draft, Draft]>([
    [
      'StopPipelineExecution',
      execution('STOPPING'),
      byEve('StopPipelineExecution', 'codepipeline', { pipelineExecutionId: 'x-1' }),
    ],
    ['RollbackStage', execution('STARTED'), byEve('RollbackStage', 'codepipeline', {}, { pipelineExecutionId: 'x-1' })],
    ['StopDeployment', stopped(1, 'd-1'), stopCall(1, 'd-1')],
    ['StartBuild', buildEvent, byEve('StartBuild', 'codebuild', {}, { build: { id: 'shop:4f7d' } })],
    ['RetryBuild', buildEvent, byEve('RetryBuild', 'codebuild', { id: 'shop:0000' }, { build: { id: 'shop:4f7d' } })],
    ['UpdateService', ecs(1), byEve('UpdateService', 'ecs', { service: 'shop' }, { service: { serviceArn: service } })],
    [
      'UpdateStack',
      stackEvent('UPDATE_IN_PROGRESS'),
      byEve('UpdateStack', 'cloudformation', { stackName: 'shop-network' }, { stackId: shopStack }),
    ],
    [
      'ExecuteChangeSet',
      stackEvent('UPDATE_IN_PROGRESS'),
      byEve('ExecuteChangeSet', 'cloudformation', { stackName: 'shop-network', changeSetName: 'c' }),
    ],
    [
      'DeleteStack',
      stackEvent('DELETE_IN_PROGRESS'),
      byEve('DeleteStack', 'cloudformation', { stackName: 'shop-network' }),
    ],
    [
      'PutFile',
      given.pushed(1, given.user('eve'), given.sha('a'), given.sha('9')),
      byEve('PutFile', 'codecommit', onMain, { commitId: given.sha('a') }),
    ],
    [
      'CreateBranch',
      given.pushed(1, given.user('eve'), given.sha('a'), null),
      byEve('CreateBranch', 'codecommit', { ...onMain, commitId: given.sha('a') }),
    ],
    [
      'MergeBranchesBySquash',
      given.pushed(1, given.user('eve'), given.sha('a'), given.sha('9')),
      byEve(
        'MergeBranchesBySquash',
        'codecommit',
        { repositoryName, targetBranch: 'main' },
        { commitId: given.sha('a') },
      ),
    ],
    ['DeleteBranch', given.deleted(1, given.user('eve'), given.sha('9')), byEve('DeleteBranch', 'codecommit', onMain)],
    [
      'MergePullRequestBySquash',
      given.merged(1, given.user('eve')),
      byEve('MergePullRequestBySquash', 'codecommit', { pullRequestId: '7', repositoryName }),
    ],
    [
      'MergePullRequestByFastForward',
      given.merged(1, given.user('eve')),
      byEve('MergePullRequestByFastForward', 'codecommit', { pullRequestId: '7', repositoryName }),
    ],
    [
      'UpdatePullRequestStatus',
      given.pull(1, 'pullRequestStatusChanged', given.user('eve'), { pullRequestStatus: 'Closed' }),
      byEve('UpdatePullRequestStatus', 'codecommit', {
        pullRequestId: '7',
        repositoryName,
        pullRequestStatus: 'CLOSED',
      }),
    ],
  ])('is one line with both receipts: %s', (_, event, called) => {
    expect(actsOf(event, called)).toEqual([[event.kind, 'eve', [0, 1]]]);
    expect(actsOf(called, event)).toEqual([[event.kind, 'eve', [0, 1]]]);
  });

  it('is a merge with the move of its branch, and not with another move', () => {
    const merge = given.merged(1, given.user('eve'), { mergeCommitId: given.sha('e') });
    const own = given.pushed(1, given.user('eve'), given.sha('e'), given.sha('9'));
    const other = given.pushed(1, given.user('eve'), given.sha('e'), given.sha('9'), 'next');
    const later = given.pushed(9, given.user('eve'), given.sha('e'), given.sha('9'));
    expect(actsOf(merge, own)).toEqual([['pull-request.merged', 'eve', [0, 1]]]);
    expect(actsOf(merge, other)).toHaveLength(2);
    expect(actsOf(merge, later)).toHaveLength(2);
  });

  it('is not made of texts that a name could be forged from', () => {
    const ask = (pipelineName: string, stageName: string) =>
      call(1, 'eve', 'codepipeline', 'PutApprovalResult', {
        pipelineName,
        stageName,
        actionName: 'x',
        result: { status: 'Approved' },
      });
    const ended = given.event('aws.codepipeline', 'CodePipeline Action Execution State Change', given.at(1), {
      pipeline: 'a","b',
      stage: 'c',
      action: 'x',
      'execution-id': 'x-1',
      state: 'SUCCEEDED',
      type: { category: 'Approval', provider: 'Manual' },
    });
    expect(actsOf(ask('a', 'b","c'), ended)).toHaveLength(2);
  });
});
