import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { type Environment, environmentFrom } from '../../functions/support/environment.ts';
import { type Aws, startAws } from '../../local/aws.ts';
import { provision } from '../../local/runtime/provision.ts';
import { temporary } from '../harness/product.ts';

/**
 * Where the contract is held: the stand-ins of one machine; whatever `AWS_ENDPOINT_URL` says; or AWS itself, where
 * `npm run test:aws` says so. Everything is made under a name of its own, and taken away again.
 */
export type Place = {
  /** what every name begins with */
  prefix: string;
  environment: Environment & { terminal: string };
  /** for clients of a test's own */
  config: ReturnType<typeof clientConfig>;
  remove: () => Promise<void>;
};

const onAws = process.env['ESCALATOR_CONTRACT'] === 'aws';
const elsewhere = process.env['AWS_ENDPOINT_URL'];
/** Whether the place is ours: what our stand-ins lack is not asked of them. */
export const isOneMachine = !onAws && elsewhere === undefined;
const example = fileURLToPath(new URL('../../examples/shop', import.meta.url));

export const findPlace = async (): Promise<Place> => {
  // On one machine nobody else is there, and the bus knows the queues by their usual names.
  const prefix = isOneMachine ? 'escalator' : `escalator-contract-${randomBytes(4).toString('hex')}`;
  const directory = temporary();
  const aws = isOneMachine ? await startStandIns(join(directory.dir, 'aws')) : null;
  const base = baseOf(prefix, aws?.url ?? (onAws ? null : (elsewhere ?? null)));
  const environment = await provision(base, { topics: { sre: { sns: `${prefix}-sre` } } }, prefix);
  await letPublish(environment);
  const client = new DynamoDBClient(clientConfig(environment));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 120 }, { TableName: environment.table });
  return {
    prefix,
    environment,
    config: clientConfig(environment),
    remove: async () => {
      if (aws === null) await removeAll(environment, prefix);
      await aws?.stop();
      directory.remove();
    },
  };
};

const startStandIns = (dir: string): Promise<Aws> =>
  startAws({
    dir,
    example,
    ports: { gitPort: 0, awsPort: 0 },
    admit: () => Promise.resolve({ admitted: true }),
    log: () => {},
  });

const baseOf = (prefix: string, endpoint: string | null): Environment => ({
  ...environmentFrom({}),
  account: '000000000000',
  region: process.env['AWS_REGION'] ?? 'us-east-1',
  endpoint,
  table: `${prefix}-trail`,
  bucket: `${prefix}-details`,
  archive: { dir: '', bucket: `${prefix}-details` },
  killSwitch: `/${prefix}/kill-switch`,
});

/** A topic may send to a queue only where the queue says so. */
const letPublish = async (environment: Place['environment']): Promise<void> => {
  const sqs = new SQSClient(clientConfig(environment));
  const QueueUrl = environment.terminal;
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const Resource = (await sqs.send(asked)).Attributes?.QueueArn;
  const Principal = { Service: 'sns.amazonaws.com' };
  const Condition = { ArnEquals: { 'aws:SourceArn': environment.topics['sre'] } };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource, Condition }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
};

const removeAll = async (environment: Place['environment'], prefix: string): Promise<void> => {
  const config = clientConfig(environment);
  const sqs = new SQSClient(config);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1_000 }));
  for (const QueueUrl of QueueUrls) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  for (const TopicArn of Object.values(environment.topics))
    await new SNSClient(config).send(new DeleteTopicCommand({ TopicArn }));
  await new SSMClient(config).send(new DeleteParameterCommand({ Name: environment.killSwitch }));
  await new DynamoDBClient(config).send(new DeleteTableCommand({ TableName: environment.table }));
  await emptyBucket(new S3Client({ ...config, forcePathStyle: environment.endpoint !== null }), environment.bucket);
};

const emptyBucket = async (s3: S3Client, Bucket: string): Promise<void> => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
};
