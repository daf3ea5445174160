import { Stack, type StackProps } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Records } from './records.ts';

/**
 * CloudTrail, where the account has none yet: EventBridge tells of calls only where a trail of management events is on
 * (EventBridge User Guide, "AWS service events delivered via CloudTrail"). Without it the record lacks who called what by hand.
 */
export class CloudTrailStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, {
      description: 'Escalator, optional: CloudTrail, so that calls by hand are on the record',
      ...props,
    });
    const { bucket, key } = new Records(this, 'Records', { of: 'what CloudTrail records' });
    const trailName = 'escalator';
    const trailArn = this.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
    });
    key.grant(cloudTrail, 'kms:GenerateDataKey*', 'kms:DescribeKey');
    new Trail(this, 'Trail', {
      trailName,
      bucket,
      encryptionKey: key,
      enableFileValidation: true,
      isMultiRegionTrail: true, // sign-ins and global services are told of in us-east-1
      managementEvents: ReadWriteType.WRITE_ONLY, // reads change nothing, and are most of what there is
    });
  }
}
