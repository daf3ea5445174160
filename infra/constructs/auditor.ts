import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';
import { alteredMark } from '../../shared/seal/refusals.ts';
import type { ArchiveLock, Config } from '../../shared/config/config.ts';
import { raise, type Watch } from './alarm.ts';
import { writtenOnce } from './archive-policy.ts';
import { HouseFunction } from './house-function.ts';
import type { Trail } from './trail.ts';
import type { DeadLetters } from './work-queue.ts';

export type AuditorProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  undelivered: DeadLetters;
  alerts: Watch;
  /** the name of a bucket of another account (docs/how-to/keep-the-archive-elsewhere.md), or how one in this account is locked */
  archive: string | ArchiveLock;
};

/** What makes the trail hard to alter unnoticed: a signature over it every minute, kept apart from it. */
export class Auditor extends Construct {
  private readonly signing: Key;
  private readonly archive: IBucket;

  constructor(scope: Construct, id: string, { key, config, trail, undelivered, alerts, archive }: AuditorProps) {
    super(scope, id);
    const sealer = new HouseFunction(this, 'SealTrail', {
      name: 'seal-trail',
      config,
      key,
      timeout: Duration.minutes(5), // the first seal of a long trail; while it runs, no other does
      atOnce: 1,
    });
    trail.letAppend(sealer); // its cursor, and what it finds
    this.signing = this.makeSigning();
    this.archive =
      typeof archive === 'string' ? Bucket.fromBucketName(this, 'Archive', archive) : this.makeArchive(key, archive);
    this.letReadSeals(sealer);
    sealer.letCall(['kms:Sign'], [this.signing.keyArn]);
    sealer.letCall(['s3:PutObject'], [this.archive.arnForObjects('*')]);
    // A call that cannot be made now is not made later: the next minute's seals more.
    sealer.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1), onFailure: undelivered });
    new Rule(this, 'EveryMinute', {
      description: 'Escalator: seals the trail',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(sealer, {
          event: RuleTargetInput.fromObject({ schedule: true }),
          deadLetterQueue: undelivered.queue,
          retryAttempts: 1, // the next minute comes anyway
          maxEventAge: Duration.minutes(2),
        }),
      ],
    });
    this.watchOver(sealer, alerts);
    this.watchFor(alteredMark, sealer, alerts);
  }

  /** The key never leaves KMS, and stays when the stack goes: without it nothing could continue what it signed. */
  private makeSigning(): Key {
    return new Key(this, 'Key', {
      description: 'Escalator: signs the trail',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * Where seals are kept. Every version of every object stays, and nothing but `checkpoint` is written twice; whoever
   * administers the account may still do as he likes, unless the bucket is another account's (docs/reference/trust.md).
   */
  private makeArchive(key: IKey, lock: ArchiveLock): Bucket {
    const archive = new Bucket(this, 'Archive', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      ...(lock.lock !== 'none' && { objectLockDefaultRetention: retentionOf(lock) }),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    archive.addToResourcePolicy(writtenOnce(archive));
    return archive;
  }

  /** Lets a function read what was sealed, and know the key it is verified with. */
  letReadSeals(reader: HouseFunction): void {
    reader.letCall(['kms:GetPublicKey'], [this.signing.keyArn]);
    reader.addEnvironment(variables.sealKeyId, this.signing.keyArn);
    reader.letCall(['s3:GetObject'], [this.archive.arnForObjects('*')]);
    reader.letCall(['s3:ListBucket'], [this.archive.bucketArn]); // without it, what is not there is "forbidden", not "absent"
    reader.addEnvironment(variables.archiveBucket, this.archive.bucketName);
  }

  /** A refusal is told by an alert of its own; this is for the seals that fail, or are not tried at all. */
  private watchOver(sealer: HouseFunction, alerts: Watch): void {
    const period = Duration.minutes(1);
    const ended = new MathExpression({
      expression: 'calls - errors',
      label: 'seals that ended',
      usingMetrics: {
        calls: sealer.metricInvocations({ period, statistic: 'Sum' }),
        errors: sealer.metricErrors({ period, statistic: 'Sum' }),
      },
      period,
    });
    // The first seal of a long trail may take five minutes, and be tried again; a sealer that is never called has no data.
    raise(this, alerts, { name: 'The trail is not sealed', metric: ended, below: 1, periods: 10, silence: 'unwell' });
  }

  /** What the look found is told by an alert too; but that stands in the table, and may be kept back there. */
  private watchFor(words: string, sealer: HouseFunction, alerts: Watch): void {
    const found = new MetricFilter(this, 'Altered', {
      logGroup: sealer.logGroup,
      filterPattern: FilterPattern.literal(`"${words}"`),
      metricNamespace: 'Escalator',
      metricName: 'TrailAltered',
    });
    const metric = found.metric({ period: Duration.minutes(1), statistic: 'Sum' });
    raise(this, alerts, { name: 'The trail was altered', metric, above: 0, silence: 'well' }); // nothing found, nothing logged
  }
}

const retentionOf = ({ lock, days }: Exclude<ArchiveLock, { lock: 'none' }>): ObjectLockRetention =>
  lock === 'governance'
    ? ObjectLockRetention.governance(Duration.days(days))
    : ObjectLockRetention.compliance(Duration.days(days));
