/**
 * The kinds of observed facts: a closed list. What people and AWS do is one of these, or it is `unknown`.
 * `docs/reference/kinds.md` is made from it. A kind is never renamed: it is on record.
 */
export const kinds = {
  // what could not be understood is on record all the same
  unknown: 'An event whose source, detail-type or shape is not known. The event stands in the detail.',
  quarantined: 'A message that is not one JSON object. Its size and the keyed digest of its bytes stand in the detail.',

  // CodeCommit
  'reference.created': 'A branch or tag was pushed for the first time.',
  'reference.updated': 'A branch or tag was moved to another commit.',
  'reference.deleted': 'A branch or tag was deleted.',
  'merge-commit.created': 'A merge commit was made that no reference points to.',
  'pull-request.created': 'A pull request was opened.',
  'pull-request.updated': 'The source branch of a pull request was moved, or its state changed otherwise.',
  'pull-request.merged': 'A pull request was merged.',
  'pull-request.closed': 'A pull request was closed without a merge.',
  'pull-request.approved': 'A person approved a pull request.',
  'pull-request.approval-revoked': 'A person took an approval of a pull request back.',
  'pull-request.approval-rule-changed': 'An approval rule of a pull request was made, changed or deleted.',
  'pull-request.approval-rules-overridden': 'The approval rules of a pull request were set aside, or put back.',
  'comment.created': 'A comment was made on a commit or a pull request.',
  'comment.updated': 'A comment on a commit or a pull request was changed.',
  'comment.deleted': 'A comment on a commit or a pull request was deleted.',
  'comment.reacted': 'A reaction to a comment was added or changed.',
  'approval-rule-template.changed': 'An approval rule template was made, changed, deleted, or tied to a repository.',
  'repository-trigger.fired':
    'A trigger of a repository told of a reference, or was tested. The move itself is a fact of its own.',

  // CodePipeline
  'pipeline.started': 'An execution of a pipeline started.',
  'pipeline.succeeded': 'An execution of a pipeline succeeded.',
  'pipeline.failed': 'An execution of a pipeline failed. The reason stands on the action that failed.',
  'pipeline.canceled': 'An execution of a pipeline was canceled, as its structure was changed.',
  'pipeline.stopped': 'An execution of a pipeline was stopped.',
  'pipeline.stopping': 'An execution of a pipeline was asked to stop.',
  'pipeline.superseded': 'An execution of a pipeline was overtaken by a newer one. It did not fail.',
  'pipeline.resumed': 'An execution of a pipeline goes on after a failed stage was retried.',
  'stage.started': 'A stage of an execution started.',
  'stage.succeeded': 'A stage of an execution succeeded.',
  'stage.failed': 'A stage of an execution failed. The reason stands on the action that failed.',
  'stage.canceled': 'A stage of an execution was canceled.',
  'stage.stopped': 'A stage of an execution was stopped.',
  'stage.stopping': 'A stage of an execution was asked to stop.',
  'stage.resumed': 'A failed stage of an execution is retried.',
  'action.started': 'An action of a stage started.',
  'action.succeeded': 'An action of a stage succeeded. A source action then carries the change.',
  'action.failed': 'An action of a stage failed. A rejected approval is one too: its category is Approval.',
  'action.abandoned': 'An action was given up while it was running.',
  'action.canceled': 'An action was canceled.',
  'approval.requested': 'A manual approval is waited for.',
  'job.requested':
    'A pipeline asked a Lambda function to do a job. The credentials that came with it are not on record.',

  // CloudWatch
  'alarm.changed': 'An alarm changed its state.',
  'alarm-contributor.changed': 'One of the time series behind an alarm changed its state.',
  'alarm.configured': 'An alarm was made, changed or deleted.',

  // CodeBuild
  'build.started': 'A build started.',
  'build.succeeded': 'A build succeeded.',
  'build.failed': 'A build failed, timed out, or met a fault of the service.',
  'build.stopped': 'A build was stopped.',
  'build-phase.succeeded': 'A phase of a build succeeded.',
  'build-phase.failed': 'A phase of a build failed.',
  'build-phase.stopped': 'A phase of a build was stopped.',
  'build-phase.completed': 'A phase of a build ended, and the event does not say how.',

  // CodeDeploy
  'deployment.started': 'A deployment started.',
  'deployment.succeeded': 'A deployment succeeded.',
  'deployment.failed': 'A deployment failed.',
  'deployment.stopped': 'A deployment was stopped.',
  'deployment.ready': 'A deployment waits for traffic to be switched.',
  'deployment-instance.started': 'A deployment started on one instance.',
  'deployment-instance.succeeded': 'A deployment succeeded on one instance.',
  'deployment-instance.failed': 'A deployment failed on one instance.',
  'deployment-instance.stopped': 'A deployment was stopped on one instance.',
  'deployment-instance.ready': 'A deployment is ready on one instance.',
  'deployment-hook.called': 'A deployment called the function of a lifecycle hook, and waits for its answer.',

  // CloudFormation
  'stack.started': 'A change of a stack started.',
  'stack.succeeded': 'A change of a stack came to its end.',
  'stack.failed': 'A change of a stack failed. The reason stands on the first resource that failed.',
  'stack.rolling-back': 'A stack is being brought back after a failed change.',
  'stack.rolled-back': 'A stack was brought back: the change failed and was recovered from.',
  'stack-resource.changed': 'A resource of a stack changed its status.',
  'stack-drift.checked': 'It was looked up whether a stack is still as its template says.',
  'stack-set.changed': 'A stack set changed its status.',
  'stack-set-operation.changed': 'An operation on a stack set changed its status.',
  'stack-instance.changed': 'One of the stacks of a stack set changed its status.',
  'stack-hook.changed': 'A hook on a stack was invoked.',

  // CloudTrail
  call: 'Somebody called an AWS API.',
  'call.failed': 'Somebody called an AWS API and was refused, or it failed: an attempt, not a change.',
  'sign-in': 'Somebody signed in to the AWS console.',
  'sign-in.failed': 'Somebody tried to sign in to the AWS console and failed.',
  'service-event': 'An AWS service did something in the account by itself.',
  'call-insight': 'CloudTrail saw an unusual number of calls or errors.',

  // Config
  'config-item.changed': 'The configuration of a resource changed.',
  'compliance.changed': 'A resource began, or ceased, to comply with a rule.',
  'config.reported': 'Config delivered what it recorded, or evaluates a rule anew.',

  // Inspector and ECR
  'finding.active': 'A vulnerability was found, or found again.',
  'finding.closed': 'A vulnerability is no longer there.',
  'finding.suppressed': 'A vulnerability is there and by rule not shown.',
  'image.scanned': 'A container image was scanned.',
  'resource.scanned': 'Something other than a container image was scanned.',
  'coverage.changed': 'A resource began, or ceased, to be scanned.',
  'scanning.enabled': 'Scanning was switched on, or failed to be.',
  'image.pushed': 'A container image was pushed.',
  'image.deleted': 'A container image was deleted.',
  'image.stored': 'A container image was moved to another storage class.',
  'image.pulled-through': 'A container image came through a pull-through cache.',
  'image.replicated': 'A container image was copied to another Region or account.',
  'image.referred': 'An artifact that refers to a container image was pushed or deleted.',
  'scan-settings.changed': 'How often a repository or image is scanned was changed.',

  // ECS
  'service-deployment.started': 'An ECS service began to put a new version out.',
  'service-deployment.succeeded': 'An ECS service put a new version out.',
  'service-deployment.failed': 'An ECS service could not put a new version out.',
  'ecs-service.reported': 'An ECS service reported on itself.',
  'task.running': 'An ECS task runs.',
  'task.stopped': 'An ECS task stopped.',
  'task.changed': 'An ECS task changed its state in some other way.',
  'container-instance.changed': 'An instance that ECS runs tasks on changed its state.',

  // Auto Scaling
  'instance.launching': 'An instance is being launched and waits for a lifecycle hook.',
  'instance.launched': 'An instance was launched.',
  'instance.launch-failed': 'An instance could not be launched.',
  'instance.terminating': 'An instance is being terminated and waits for a lifecycle hook.',
  'instance.terminated': 'An instance was terminated.',
  'instance.terminate-failed': 'An instance could not be terminated.',
  'instance.detached': 'An instance was taken out of its group and goes on running.',
  'instance.detach-failed': 'An instance could not be taken out of its group.',
  'instance-refresh.started': 'The instances of a group began to be replaced.',
  'instance-refresh.succeeded': 'The instances of a group were replaced.',
  'instance-refresh.failed': 'The instances of a group could not all be replaced.',
  'instance-refresh.canceled': 'Replacing the instances of a group was called off.',
  'instance-refresh.changed': 'Replacing the instances of a group reached some other point, or is rolled back.',

  // Health
  'health.open': 'AWS reports an event that may touch the account.',
  'health.upcoming': 'AWS announces a change that may touch the account.',
  'health.closed': 'An event that AWS had reported is over.',
  'health.reported': 'AWS reports an event without saying whether it is open.',
  'health.abuse-reported': 'AWS reports that resources of the account were used for abuse.',

  // Escalator's own watch
  'canary.arrived': 'An event that Escalator sent itself came the whole way, and shows that others can.',

  // EventBridge
  'schedule.fired': 'A rule with a schedule fired.',
} as const;

export type Kind = keyof typeof kinds;

const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);

/** The kind of that name, or null. */
export const kindNamed = (name: string): Kind | null => (isKind(name) ? name : null);
