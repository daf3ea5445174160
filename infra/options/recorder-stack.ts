import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Records } from './records.ts';

/** What releases are made of; everything else that AWS Config could record costs and tells a ladder nothing. */
const recorded = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::CloudFormation::Stack',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::CodePipeline::Pipeline',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::Lambda::Function',
];

/**
 * AWS Config's recorder, where the account has none yet: there is one at most in a Region. Without it the record lacks
 * what a resource was changed into.
 */
export class RecorderStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, {
      description: 'Escalator, optional: AWS Config, so that changes of resources are on the record',
      ...props,
    });
    const { bucket, key } = new Records(this, 'Records', { of: 'what AWS Config records' });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('config.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole')], // reads, as AWS lists them
    });
    bucket.grantPut(role, `AWSLogs/${this.account}/*`);
    bucket.grantRead(role);
    key.grantEncryptDecrypt(role);
    const recorder = new CfnConfigurationRecorder(this, 'Recorder', {
      roleArn: role.roleArn,
      recordingGroup: { allSupported: false, resourceTypes: recorded },
    });
    const channel = new CfnDeliveryChannel(this, 'Channel', {
      s3BucketName: bucket.bucketName,
      s3KmsKeyArn: key.keyArn,
    });
    // Neither may wait for the other: AWS Config wants both before either is of use.
    recorder.node.addDependency(role);
    channel.node.addDependency(bucket);
  }
}
