import { describe, expect, it } from 'vitest';
import { canonical } from '../../../shared/trail/canonical.ts';
import { kinds } from '../../../shared/event/kinds.ts';
import { bodyOf, filesUnder, fixtures, groupsOf, nameOf } from './harness.ts';

/** What each fixture is put on record as: kind and outcome. */
const expected: { [file: string]: string } = {
  'autoscaling/launch-lifecycle.json': 'instance.launching launching',
  'autoscaling/launch-successful.json': 'instance.launched launched',
  'autoscaling/launch-unsuccessful.json': 'instance.launch-failed failed',
  'autoscaling/refresh-cancelled.json': 'instance-refresh.canceled canceled',
  'autoscaling/refresh-checkpoint-reached.json': 'instance-refresh.changed checkpoint-reached',
  'autoscaling/refresh-failed.json': 'instance-refresh.failed failed',
  'autoscaling/refresh-rollback-started.json': 'instance-refresh.changed rollback-started',
  'autoscaling/refresh-started.json': 'instance-refresh.started started',
  'autoscaling/refresh-succeeded.json': 'instance-refresh.succeeded succeeded',
  'autoscaling/terminate-lifecycle.json': 'instance.terminating terminating',
  'autoscaling/terminate-successful.json': 'instance.terminated terminated',
  'autoscaling/terminate-unsuccessful.json': 'instance.terminate-failed failed',
  'cloudformation/drift.json': 'stack-drift.checked drifted',
  'cloudformation/hook.json': 'stack-hook.changed hook-complete-failed',
  'cloudformation/resource.json': 'stack-resource.changed update-failed',
  'cloudformation/stack-create-in-progress.json': 'stack.started create-in-progress',
  'cloudformation/stack-instance.json': 'stack-instance.changed outdated',
  'cloudformation/stack-set-operation.json': 'stack-set-operation.changed failed',
  'cloudformation/stack-set.json': 'stack-set.changed active',
  'cloudformation/stack-update-complete.json': 'stack.succeeded update-complete',
  'cloudformation/stack-update-failed.json': 'stack.failed update-failed',
  'cloudformation/stack-update-rollback-complete.json': 'stack.rolled-back update-rollback-complete',
  'cloudformation/stack-update-rollback-in-progress.json': 'stack.rolling-back update-rollback-in-progress',
  'cloudtrail/call-by-other-account.json': 'call succeeded',
  'cloudtrail/call-by-root.json': 'call succeeded',
  'cloudtrail/call-by-service.json': 'call succeeded',
  'cloudtrail/call-by-user.json': 'call succeeded',
  'cloudtrail/call-refused.json': 'call.failed failed',
  'cloudtrail/call-start-pipeline.json': 'call succeeded',
  'cloudtrail/call-update-function.json': 'call succeeded',
  'cloudtrail/insight.json': 'call-insight',
  'cloudtrail/service-event.json': 'service-event',
  'cloudtrail/sign-in-failed.json': 'sign-in.failed failed',
  'cloudtrail/sign-in.json': 'sign-in succeeded',
  'cloudwatch/alarm-composite.json': 'alarm.changed alarm',
  'cloudwatch/alarm-configured.json': 'alarm.configured updated',
  'cloudwatch/alarm-contributor.json': 'alarm-contributor.changed alarm',
  'cloudwatch/alarm-created.json': 'alarm.configured created',
  'cloudwatch/alarm-deleted.json': 'alarm.configured deleted',
  'cloudwatch/alarm-failing.json': 'alarm.changed alarm',
  'cloudwatch/alarm-insufficient.json': 'alarm.changed insufficient-data',
  'cloudwatch/alarm-muted.json': 'alarm.changed alarm',
  'cloudwatch/alarm-ok.json': 'alarm.changed ok',
  'cloudwatch/alarm-suppressed.json': 'alarm.changed alarm',
  'cloudwatch/alarm-threshold-changed.json': 'alarm.configured updated',
  'codebuild/build-failed.json': 'build.failed failed',
  'codebuild/build-in-progress.json': 'build.started started',
  'codebuild/build-phase-completed.json': 'build-phase.completed',
  'codebuild/build-phase-failed.json': 'build-phase.failed failed',
  'codebuild/build-phase-stopped.json': 'build-phase.stopped stopped',
  'codebuild/build-phase-succeeded.json': 'build-phase.succeeded succeeded',
  'codebuild/build-stopped.json': 'build.stopped stopped',
  'codebuild/build-succeeded.json': 'build.succeeded succeeded',
  'codebuild/build-timed-out.json': 'build.failed timed-out',
  'codecommit/approval-rule-template.json': 'approval-rule-template.changed',
  'codecommit/comment-on-commit.json': 'comment.created',
  'codecommit/comment-on-pull-request.json': 'comment.updated',
  'codecommit/comment-reaction.json': 'comment.reacted',
  'codecommit/merge-commit-created.json': 'merge-commit.created',
  'codecommit/pull-request-approval-revoked.json': 'pull-request.approval-revoked approval-revoked',
  'codecommit/pull-request-approval-rule-created.json': 'pull-request.approval-rule-changed approval-rule-changed',
  'codecommit/pull-request-approved.json': 'pull-request.approved approved',
  'codecommit/pull-request-closed.json': 'pull-request.closed closed',
  'codecommit/pull-request-created.json': 'pull-request.created created',
  'codecommit/pull-request-merged.json': 'pull-request.merged merged',
  'codecommit/pull-request-rules-overridden.json': 'pull-request.approval-rules-overridden approval-rules-overridden',
  'codecommit/pull-request-source-updated.json': 'pull-request.updated updated',
  'codecommit/reference-created.json': 'reference.created created',
  'codecommit/reference-deleted.json': 'reference.deleted deleted',
  'codecommit/reference-updated-tag.json': 'reference.updated updated',
  'codecommit/reference-updated.json': 'reference.updated updated',
  'codedeploy/deployment-failure.json': 'deployment.failed failed',
  'codedeploy/deployment-ready.json': 'deployment.ready ready',
  'codedeploy/deployment-start.json': 'deployment.started started',
  'codedeploy/deployment-stop.json': 'deployment.stopped stopped',
  'codedeploy/deployment-success.json': 'deployment.succeeded succeeded',
  'codedeploy/instance-failure.json': 'deployment-instance.failed failed',
  'codepipeline/action-abandoned.json': 'action.abandoned abandoned',
  'codepipeline/action-approval-failed.json': 'action.failed failed',
  'codepipeline/action-approval-not-given.json': 'action.failed failed',
  'codepipeline/action-approval-succeeded.json': 'action.succeeded succeeded',
  'codepipeline/action-approval-timed-out.json': 'action.failed failed',
  'codepipeline/action-build-failed.json': 'action.failed failed',
  'codepipeline/action-canceled.json': 'action.canceled canceled',
  'codepipeline/action-deploy-failed-code-only.json': 'action.failed failed',
  'codepipeline/action-source-by-connection-names-repository.json': 'action.succeeded succeeded',
  'codepipeline/action-source-by-connection-succeeded.json': 'action.succeeded succeeded',
  'codepipeline/action-source-image.json': 'action.succeeded succeeded',
  'codepipeline/action-source-started.json': 'action.started started',
  'codepipeline/action-source-succeeded.json': 'action.succeeded succeeded',
  'codepipeline/job.json': 'job.requested requested',
  'codepipeline/notified-action-failed.json': 'action.failed failed',
  'codepipeline/notified-stage-failed-without-information.json': 'stage.failed failed',
  'codepipeline/notified-stage-failed.json': 'stage.failed failed',
  'codepipeline/notified-stage-started-of-two-sources.json': 'stage.started started',
  'codepipeline/notified-stage-started.json': 'stage.started started',
  'codepipeline/pipeline-canceled.json': 'pipeline.canceled canceled',
  'codepipeline/pipeline-failed.json': 'pipeline.failed failed',
  'codepipeline/pipeline-resumed.json': 'pipeline.resumed resumed',
  'codepipeline/pipeline-started-automated-rollback.json': 'pipeline.started started',
  'codepipeline/pipeline-started-by-connection.json': 'pipeline.started started',
  'codepipeline/pipeline-started-by-rule.json': 'pipeline.started started',
  'codepipeline/pipeline-started-by-webhook.json': 'pipeline.started started',
  'codepipeline/pipeline-started-manual-rollback.json': 'pipeline.started started',
  'codepipeline/pipeline-started.json': 'pipeline.started started',
  'codepipeline/pipeline-stopped.json': 'pipeline.stopped stopped',
  'codepipeline/pipeline-stopping.json': 'pipeline.stopping stopping',
  'codepipeline/pipeline-succeeded.json': 'pipeline.succeeded succeeded',
  'codepipeline/pipeline-superseded.json': 'pipeline.superseded superseded',
  'codepipeline/stage-canceled.json': 'stage.canceled canceled',
  'codepipeline/stage-failed.json': 'stage.failed failed',
  'codepipeline/stage-resumed.json': 'stage.resumed resumed',
  'codepipeline/stage-started-after-retry.json': 'stage.started started',
  'codepipeline/stage-started-before-attempts.json': 'stage.started started',
  'codepipeline/stage-started.json': 'stage.started started',
  'codepipeline/stage-stopped.json': 'stage.stopped stopped',
  'codepipeline/stage-stopping.json': 'stage.stopping stopping',
  'codepipeline/stage-succeeded.json': 'stage.succeeded succeeded',
  'config/compliance.json': 'compliance.changed non-compliant',
  'config/item-oversized.json': 'config-item.changed deleted',
  'config/item.json': 'config-item.changed updated',
  'ecr/image-delete.json': 'image.deleted succeeded',
  'ecr/image-push.json': 'image.pushed succeeded',
  'ecr/image-scan.json': 'image.scanned complete',
  'ecr/image-update-storage-class.json': 'image.stored succeeded',
  'ecr/pull-through.json': 'image.pulled-through succeeded',
  'ecr/referrer.json': 'image.referred succeeded',
  'ecr/replication.json': 'image.replicated failed',
  'ecr/scan-resource.json': 'scan-settings.changed',
  'ecs/container-instance.json': 'container-instance.changed active',
  'ecs/deployment-completed.json': 'service-deployment.succeeded succeeded',
  'ecs/deployment-failed.json': 'service-deployment.failed failed',
  'ecs/deployment-in-progress.json': 'service-deployment.started started',
  'ecs/service-action.json': 'ecs-service.reported error',
  'ecs/task-pending.json': 'task.changed pending',
  'ecs/task-running.json': 'task.running running',
  'ecs/task-stopped.json': 'task.stopped stopped',
  'events/scheduled.json': 'schedule.fired fired',
  'health/abuse.json': 'health.abuse-reported open',
  'health/closed.json': 'health.closed closed',
  'health/open.json': 'health.open open',
  'health/upcoming.json': 'health.upcoming upcoming',
  'health/without-status.json': 'health.reported',
  'inspector2/auto-enable.json': 'scanning.enabled enabled',
  'inspector2/coverage.json': 'coverage.changed inactive',
  'inspector2/finding-active.json': 'finding.active active',
  'inspector2/finding-closed.json': 'finding.closed closed',
  'inspector2/finding-suppressed.json': 'finding.suppressed suppressed',
  'inspector2/scan.json': 'image.scanned initial-scan-complete',
  'odd/absurd-time.json': 'pipeline.started started',
  'odd/alarm-action.json': 'alarm.changed alarm',
  'odd/alarm-topic-composite.json': 'alarm.changed alarm',
  'odd/alarm-topic-without-arn.json': 'alarm.changed alarm',
  'odd/alarm-topic.json': 'alarm.changed alarm',
  'odd/approval-topic.json': 'approval.requested requested',
  'odd/cloudtrail-record-of-version-2.json': 'unknown',
  'odd/cloudtrail-record.json': 'call succeeded',
  'odd/cloudtrail-records.json': 'call succeeded; call succeeded',
  'odd/config-rule.json': 'config-item.changed',
  'odd/custom-source-posing-as-alarm.json': 'unknown',
  'odd/detail-is-a-text.json': 'unknown',
  'odd/known-type-without-its-fields.json': 'unknown',
  'odd/lambda-of-sns.json': 'reference.updated updated',
  'odd/notification-rule-pipeline-failed.json': 'pipeline.failed failed',
  'odd/numbers.json': 'unknown',
  'odd/prototype-keys.json': 'unknown',
  'odd/replayed.json': 'reference.updated updated',
  'odd/sns-of-reference-updated.json': 'reference.updated updated',
  'odd/sns-of-text.json': 'unknown',
  'odd/sqs-of-sns-of-reference-updated.json': 'reference.updated updated',
  'odd/unknown-detail-type.json': 'unknown',
  'odd/unknown-source.json': 'unknown',
  'quarantined/array.txt': 'quarantined quarantined',
  'quarantined/byte-order-mark.txt': 'quarantined quarantined',
  'quarantined/duplicate-key-escaped.txt': 'quarantined quarantined',
  'quarantined/duplicate-key.txt': 'quarantined quarantined',
  'quarantined/empty.txt': 'quarantined quarantined',
  'quarantined/not-json.txt': 'quarantined quarantined',
  'quarantined/null.txt': 'quarantined quarantined',
  'quarantined/number.txt': 'quarantined quarantined',
  'quarantined/text.txt': 'quarantined quarantined',
  'quarantined/too-deep.txt': 'quarantined quarantined',
  'quarantined/trailing-text.txt': 'quarantined quarantined',
  'quarantined/truncated.txt': 'quarantined quarantined',
  'quarantined/two-documents.txt': 'quarantined quarantined',
};

/** Kinds that no published event shows, so no fixture does. */
const neverSeen = ['comment.deleted'];

describe('every event of the fixtures', () => {
  it.each(filesUnder(fixtures).map((file) => nameOf(file)))('%s is on record as what it is', (file) => {
    const said = groupsOf(bodyOf(file)).map(({ entries: [draft] }) =>
      [draft?.kind, draft?.outcome].filter(Boolean).join(' '),
    );
    expect(said.join('; ')).toBe(expected[file]);
  });

  it('has the same fact key under another envelope id', () => {
    const changed = filesUnder(fixtures).flatMap((file) => {
      const body = bodyOf(nameOf(file));
      const again = body.replace(/^ {2}"id": "[^"]*"/m, '"id":"another-id"');
      return keysOf(again).join() === keysOf(body).join() ? [] : [nameOf(file)];
    });
    expect(changed).toEqual([]);
  });

  it('can be written as a canonical record', () => {
    for (const file of filesUnder(fixtures))
      for (const group of groupsOf(bodyOf(nameOf(file)))) expect(() => canonical(group)).not.toThrow();
  });
});

describe('the kinds', () => {
  it('each have a fixture', () => {
    const seen = new Set(
      Object.values(expected).flatMap((facts) => facts.split('; ').map((fact) => fact.split(' ')[0])),
    );
    const missing = Object.keys(kinds).filter(
      (kind) => !seen.has(kind) && !neverSeen.includes(kind) && !kind.startsWith('deployment-instance.'),
    );
    expect(missing).toEqual([]);
  });

  it('stand in the reference as they stand in the code', async () => {
    const lines = Object.entries(kinds).map(([kind, description]) => `- \`${kind}\`: ${description}`);
    const intro =
      'Every observed fact on the trail is of one of these kinds. This page is made from `shared/event/kinds.ts`;';
    const how = 'after a change there, `npx vitest run test/shared/event -u` writes it anew.';
    await expect(`# Kinds of facts\n\n${intro}\n${how}\n\n${lines.join('\n')}\n`).toMatchFileSnapshot(
      '../../../docs/reference/kinds.md',
    );
  });
});

const keysOf = (body: string): string[] => groupsOf(body).map(({ key }) => key);
