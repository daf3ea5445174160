import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { tableDefinition } from '../../functions/support/dynamo-table.ts';
import type { Environment, QueueName } from '../../functions/support/environment.ts';
import { actingAllowed } from '../../shared/ladder/kill-switch.ts';
import type { Config } from '../../shared/config/config.ts';
import { queueSettings } from '../../shared/queues.ts';

/** Seconds that a message under way is hidden: what any of the functions may take. */
const visibilitySeconds = 60;

export const queueName = (queue: QueueName, prefix = 'escalator'): string =>
  `${prefix}-${queue}${queueSettings[queue].fifo ? '.fifo' : ''}`;

/**
 * Makes everything that the functions use, where it is not there yet; answers where it is.
 *
 * @param prefix what the names of queues begin with; those of all else stand in `base` and `config`
 */
export const provision = async (
  base: Environment,
  config: Pick<Config, 'topics'>,
  prefix = 'escalator',
): Promise<Environment & { terminal: string }> => {
  const sqs = new SQSClient(clientConfig(base));
  const queues = {} as Environment['queues'];
  for (const name of Object.keys(queueSettings) as QueueName[]) queues[name] = await makeQueue(sqs, name, prefix);
  await Promise.all([makeTable(base), makeBucket(base), makeKillSwitch(base)]);
  const terminal = await createQueue(sqs, `${prefix}-terminal`, {});
  const topics = await makeTopics(base, config, await arnOf(sqs, terminal));
  return { ...base, queues, topics, terminal };
};

const makeQueue = async (client: SQSClient, name: QueueName, prefix: string): Promise<string> => {
  const { fifo, receives: maxReceiveCount } = queueSettings[name];
  const kind: { [attribute: string]: string } = fifo ? { FifoQueue: 'true' } : {};
  const dead = await createQueue(client, `${prefix}-${name}-dead${fifo ? '.fifo' : ''}`, kind);
  const deadLetterTargetArn = await arnOf(client, dead);
  return createQueue(client, queueName(name, prefix), {
    ...kind,
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  });
};

/** Makes a queue; one that an earlier version made with other settings gets those of now. */
const createQueue = async (
  client: SQSClient,
  QueueName: string,
  Attributes: { [attribute: string]: string },
): Promise<string> => {
  try {
    return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  } catch (error) {
    if (!isThereAlready(error)) throw error;
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const { FifoQueue: _fixed, ...changeable } = Attributes;
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: changeable }));
    return QueueUrl ?? '';
  }
};

/** SQS itself says the bare name, the stand-in its older form with a prefix. */
const isThereAlready = (error: unknown): boolean => error instanceof Error && error.name.endsWith('QueueNameExists');

const arnOf = async (client: SQSClient, QueueUrl: string): Promise<string> =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes?.QueueArn ??
  '';

const makeTable = async (base: Environment): Promise<void> => {
  const client = new DynamoDBClient(clientConfig(base));
  try {
    await client.send(new CreateTableCommand(tableDefinition(base.table)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
};

const makeBucket = async (base: Environment): Promise<void> => {
  const client = new S3Client({ ...clientConfig(base), forcePathStyle: true });
  try {
    // The oldest Region has no name here (Amazon S3 API, CreateBucket).
    const LocationConstraint = base.region === 'us-east-1' ? undefined : (base.region as BucketLocationConstraint);
    const configured = LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } };
    await client.send(new CreateBucketCommand({ Bucket: base.bucket, ...configured }));
  } catch (error) {
    if (!['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes((error as Error).name)) throw error;
  }
};

/** A thrown kill switch stays thrown: the parameter is only made where there is none. */
const makeKillSwitch = async (base: Environment): Promise<void> => {
  const client = new SSMClient(clientConfig(base));
  try {
    await client.send(new PutParameterCommand({ Name: base.killSwitch, Value: actingAllowed, Type: 'String' }));
  } catch (error) {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
  }
};

const makeTopics = async (
  base: Environment,
  config: Pick<Config, 'topics'>,
  terminalArn: string,
): Promise<Environment['topics']> => {
  const client = new SNSClient(clientConfig(base));
  const topics: Environment['topics'] = {};
  for (const [name, { sns }] of Object.entries(config.topics)) {
    const TopicArn = (await client.send(new CreateTopicCommand({ Name: sns }))).TopicArn ?? '';
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: terminalArn }));
    topics[name] = TopicArn;
  }
  return topics;
};
