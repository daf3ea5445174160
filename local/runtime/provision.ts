import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { tableDefinition } from '../../functions/support/dynamo-table.ts';
import type { Environment, QueueName } from '../../functions/support/environment.ts';
import { actingAllowed } from '../../functions/support/kill-switch.ts';
import type { Config } from '../../shared/config/config.ts';

/** Seconds that a message under way is hidden: what its function may take, several times over. */
const visibility: { [queue in QueueName]: number } = {
  urgent: 60,
  bulk: 60,
  describe: 60,
  acts: 60,
  alerts: 60,
  timers: 60,
};
/** After this many receives a message goes to the dead letters. */
const receivesAtMost = 5;
/** An act that somebody else is carrying out is asked after until that can only be over. */
const receivesOfActs = 100;

export const queueName = (queue: QueueName): string => `escalator-${queue}${queue === 'acts' ? '.fifo' : ''}`;
export const terminalQueue = 'escalator-terminal';

/** Makes everything that the functions use, where it is not there yet; answers where it is. */
export const provision = async (base: Environment, config: Config): Promise<Environment & { terminal: string }> => {
  const sqs = new SQSClient(clientConfig(base));
  const queues = {} as Environment['queues'];
  for (const name of Object.keys(visibility) as QueueName[]) queues[name] = await makeQueue(sqs, name);
  await Promise.all([makeTable(base), makeBucket(base), makeKillSwitch(base)]);
  const terminal = await createQueue(sqs, terminalQueue, {});
  const topics = await makeTopics(base, config, await arnOf(sqs, terminal));
  return { ...base, queues, topics, terminal };
};

const makeQueue = async (client: SQSClient, name: QueueName): Promise<string> => {
  const fifo = name === 'acts';
  const kind: { [attribute: string]: string } = fifo ? { FifoQueue: 'true' } : {};
  const dead = await createQueue(client, `escalator-${name}-dead${fifo ? '.fifo' : ''}`, kind);
  const deadLetterTargetArn = await arnOf(client, dead);
  const maxReceiveCount = fifo ? receivesOfActs : receivesAtMost;
  return createQueue(client, queueName(name), {
    ...kind,
    VisibilityTimeout: String(visibility[name]),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  });
};

const createQueue = async (client: SQSClient, QueueName: string, Attributes: { [attribute: string]: string }) =>
  (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';

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
    await client.send(new CreateBucketCommand({ Bucket: base.bucket }));
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

const makeTopics = async (base: Environment, config: Config, terminalArn: string): Promise<Environment['topics']> => {
  const client = new SNSClient(clientConfig(base));
  const topics: Environment['topics'] = {};
  for (const [name, { sns }] of Object.entries(config.topics)) {
    const TopicArn = (await client.send(new CreateTopicCommand({ Name: sns }))).TopicArn ?? '';
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: terminalArn }));
    topics[name] = TopicArn;
  }
  return topics;
};
