/**
 * What the rule packs find in the template and we let stand, each with its reason. Whoever adds one has to say why, and
 * there are at most fifteen: what can be mended is mended.
 */
export const acknowledged: { rules: RegExp; reason: string }[] = [
  {
    rules: /IAM5\[Resource::\*\]$/,
    reason: 'DescribeAlarms, DescribeAutoScalingGroups and ListStreams know no resources; a test lists these calls',
  },
  {
    rules: /IAM5\[Resource::<\w+\.Arn>\/(?:details\/)?\*\]$/,
    reason: 'objects are named by what is in them: nobody can list their names beforehand',
  },
  {
    rules: /IAM5\[Resource::arn:<AWS::Partition>:codecommit:<AWS::Region>:<AWS::AccountId>:\*\]$/,
    reason: 'every push in the account is on the record, so what it changed is read of every repository',
  },
  {
    rules: /IAM5\[Resource::arn:\S+:autoScalingGroup:\*:autoScalingGroupName\/[^*]+\]$/,
    reason: "an Auto Scaling group's ARN has an id that only AWS knows; the name in it is exact",
  },
  { rules: /SQS3$|SQSRedrivePolicy$/, reason: 'the queue is itself where dead letters go' },
  {
    rules: /LambdaTracing$/,
    reason: 'entries carry what belongs together on the trail; traces would say it less well',
  },
  {
    rules: /LambdaDLQ$|LambdaEventSourceMappingDestination$/,
    reason: 'functions are called by queues and streams, which have dead letters of their own; so have the schedules',
  },
  {
    rules: /LambdaInsideVPC$/,
    reason: 'functions call AWS by its public endpoints only, and nothing calls them: a network would guard nothing',
  },
  {
    rules: /IAMNoInlinePolicy$/,
    reason: "a policy here belongs to one function's role, is made and goes with it, and is used by nobody else",
  },
  {
    rules: /LambdaConcurrency$/,
    reason: 'only the sealer must be alone; to reserve for the others would take it from the rest of the account',
  },
  {
    rules: /IAM5\[Resource::arn:\S+:execute-api:\S+\/(?:GET|POST)\/api\/(?:\w+\/)?\*\]$/,
    reason: 'a policy for people names the paths that it opens; a path goes on with what is asked about',
  },
  {
    rules: /-S1$|S3BucketLoggingEnabled$/,
    reason:
      'who reads objects is told by CloudTrail data events, as an auditor can verify; access logs are best effort',
  },
  {
    rules: /S3BucketReplicationEnabled$/,
    reason: 'objects keep every version and are named by their hash; the archive may be a bucket of another account',
  },
  {
    rules: /SMG4$|SecretsManagerRotationEnabled$/,
    reason: 'the key for keyed digests is never changed: another would match nothing that stands on the record',
  },
  {
    rules: /DynamoDBInBackupPlan$/,
    reason: 'the table can be restored to any second of 35 days, and the archive holds every entry besides',
  },
];
