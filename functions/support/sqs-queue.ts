import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../../shared/ports.ts';
import { clientConfig } from './aws-clients.ts';
import type { Environment, QueueName } from './environment.ts';

/** SQS delays a message this long at most; who needs longer keeps a due row. */
const delayAtMostSeconds = 900;

/** A queue that takes messages as JSON. `group` and `deduplication` are for FIFO queues, `delaySeconds` for the others. */
export const createQueue = <Message>(environment: Environment, name: QueueName): Queue<Message> => {
  const client = new SQSClient(clientConfig(environment));
  const QueueUrl = environment.queues[name];
  return {
    send: async (message, { delaySeconds, group, deduplication } = {}) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: JSON.stringify(message),
          ...(delaySeconds === undefined ? {} : { DelaySeconds: Math.min(delaySeconds, delayAtMostSeconds) }),
          ...(group === undefined ? {} : { MessageGroupId: group }),
          ...(deduplication === undefined ? {} : { MessageDeduplicationId: deduplication }),
        }),
      );
    },
  };
};
