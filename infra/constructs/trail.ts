import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';
import { type HouseFunction, letUse } from './house-function.ts';

/** What happened, for ever: the table with the lane and all that is looked up by key, and the bucket for large details. */
export class Trail extends Construct {
  readonly table: Table;
  private readonly bucket: Bucket;
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    this.key = key;
    // Not TableV2: that one must know its Region at synthesis when the key is ours, and one template serves them all.
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.KEYS_ONLY, // it only wakes; readers follow the lane itself
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = new Bucket(this, 'Details', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true, // written once under the hash of the bytes: a second version would be somebody's tampering
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets a function read the lane, markers and rows. */
  letRead(reader: HouseFunction): void {
    this.let(reader, ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:GetItem']);
    this.key.grantDecrypt(reader);
  }

  /**
   * Lets a function append: put segments, write markers. IAM cannot ask for a condition on a put, and a batch may delete:
   * that nothing is replaced is the code's doing, and the archive's to show (docs/reference/trust.md).
   */
  letAppend(writer: HouseFunction): void {
    this.letRead(writer);
    this.let(writer, ['dynamodb:PutItem', 'dynamodb:BatchWriteItem']);
    letUse(this.key, writer);
  }

  /** Lets a function follow the lane: move its cursor, and put rows. */
  letFollow(reader: HouseFunction): void {
    this.letAppend(reader);
    this.let(reader, ['dynamodb:UpdateItem'], 'CURSOR#*');
  }

  /** Lets a function keep and clear due rows. */
  letKeepTimers(keeper: HouseFunction): void {
    this.letAppend(keeper);
    this.let(keeper, ['dynamodb:DeleteItem'], 'TIMER#*');
  }

  /** Lets a function count what it begins, before it does. */
  letCountTries(counter: HouseFunction): void {
    this.letAppend(counter);
    this.let(counter, ['dynamodb:UpdateItem'], 'TRIES#*');
  }

  /** Lets a function put details that are too large for the table. They are never read, replaced or deleted by it. */
  letPutDetails(writer: HouseFunction): void {
    writer.letCall(['s3:PutObject'], [this.bucket.arnForObjects('details/*')]);
    letUse(this.key, writer);
    writer.addEnvironment(variables.bucket, this.bucket.bucketName);
  }

  /** Lets a function hand out details: of a large one the record holds only its hash. */
  letReadDetails(reader: HouseFunction): void {
    reader.letCall(['s3:GetObject'], [this.bucket.arnForObjects('details/*')]);
    this.key.grantDecrypt(reader);
    reader.addEnvironment(variables.bucket, this.bucket.bucketName);
  }

  private let(grantee: HouseFunction, actions: string[], partitions?: string): void {
    const only =
      partitions === undefined ? undefined : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partitions] } };
    grantee.letCall(actions, [this.table.tableArn], only);
    grantee.addEnvironment(variables.table, this.table.tableName);
  }
}
