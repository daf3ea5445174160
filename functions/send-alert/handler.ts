import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Forms } from '../../shared/alert/forms.ts';
import type { AlertMessage } from '../../shared/ports.ts';
import { clientConfig } from '../support/aws-clients.ts';
import { createComments } from '../support/comments.ts';
import { createDeadLetter } from '../support/dead-letter.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { createTries } from '../support/dynamo-tries.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perMessage, type QueueHandler } from '../support/per-batch.ts';
import { postComment } from './post-comment.ts';
import { sendAlert } from './send-alert.ts';

export const handlerFor = (environment: Environment, options: TrailOptions = {}): QueueHandler => {
  const clientFor = clients(environment);
  const ports = {
    trail: createTrail(environment, options),
    tries: createTries(environment),
    now: () => new Date(),
    source: sourceOf(environment),
  };
  const send = sendAlert({
    ...ports,
    config: shippedConfig(environment),
    publish: async (topic, forms) => {
      const TopicArn = environment.topics[topic];
      if (TopicArn === undefined) throw new Error(`topic ${topic} has no address here`);
      return (await clientFor(TopicArn).send(new PublishCommand({ TopicArn, ...published(forms) }))).MessageId ?? '';
    },
  });
  const post = postComment({ ...ports, comments: createComments(clientConfig(environment)) });
  const work = (message: AlertMessage) => (message.comment === true ? post(message) : send(message));
  return perMessage('send-alert', 'alerts', work, createDeadLetter(environment));
};

/** How long a topic may take to answer (ms): its second route is still asked before the function has to end. */
const answerWithinMs = 8_000;

/** A client for each Region that topics are in. */
const clients = (environment: Environment): ((topicArn: string) => SNSClient) => {
  const config = clientConfig(environment);
  const requestHandler = { ...config.requestHandler, requestTimeout: answerWithinMs };
  const made = new Map<string, SNSClient>();
  return (topicArn) => {
    const region = topicArn.split(':')[3] || environment.region;
    // Once for each try that is counted: an answer that is lost is not asked for again by the SDK.
    const client = made.get(region) ?? new SNSClient({ ...config, region, requestHandler, maxAttempts: 1 });
    made.set(region, client);
    return client;
  };
};

const published = ({ subject, structure, attributes }: Forms) => ({
  Subject: subject,
  Message: JSON.stringify(structure),
  MessageStructure: 'json',
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? { DataType: 'String', StringValue: value }
        : { DataType: 'String.Array', StringValue: JSON.stringify(value) },
    ]),
  ),
});

let wired: QueueHandler | undefined;
export const handler: QueueHandler = (event, context) => {
  wired ??= handlerFor(environmentFrom(process.env));
  return wired(event, context);
};
