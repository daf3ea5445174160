import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EscalatorError } from '../../shared/errors.ts';
import { writtenOnce } from '../constructs/archive-policy.ts';

export type ArchiveStackProps = StackProps & {
  /** the 12 digits of the account that Escalator is in */
  of: string;
  /** for how long nobody, not even the account's root, can delete or shorten what is in it */
  days: number;
};

/**
 * The archive in an account of somebody else's, such as the auditors': the sealer writes there directly, and may read and
 * add, and nothing else (docs/how-to/keep-the-archive-elsewhere.md). It is encrypted by keys of S3's own: a key here
 * would have to be lent to the other account.
 */
export class ArchiveStack extends Stack {
  constructor(scope: Construct, id: string, { of, days, ...props }: ArchiveStackProps) {
    super(scope, id, { description: `Escalator, optional: the archive of account ${of}`, ...props });
    refuseOthers(of, days);
    const archive = new Bucket(this, 'Archive', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(days)),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const account = [new AccountPrincipal(of)];
    archive.addToResourcePolicy(
      new PolicyStatement({
        principals: account,
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [archive.arnForObjects('*')],
      }),
    );
    archive.addToResourcePolicy(
      new PolicyStatement({ principals: account, actions: ['s3:ListBucket'], resources: [archive.bucketArn] }),
    );
    archive.addToResourcePolicy(writtenOnce(archive));
    new CfnOutput(this, 'Bucket', {
      value: archive.bucketName,
      description: 'deploy Escalator with --archive and this',
    });
  }
}

/** What is locked so cannot be unlocked: neither has a default, and neither is guessed. */
const refuseOthers = (of: string, days: number): void => {
  if (!/^\d{12}$/.test(of))
    throw new EscalatorError('ESC-007', `${of} is no account`, 'pass -c archive-of=ACCOUNT, 12 digits');
  if (!Number.isInteger(days) || days < 1)
    throw new EscalatorError(
      'ESC-007',
      'it is not said how long the archive is kept',
      'pass -c days=2555, or another number',
    );
};
