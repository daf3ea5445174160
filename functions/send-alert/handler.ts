import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { clientConfig } from '../support/aws-clients.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { createTries } from '../support/dynamo-tries.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perMessage, type QueueHandler } from '../support/per-batch.ts';
import { sendAlert } from './send-alert.ts';

export const handlerFor = (environment: Environment, options: TrailOptions = {}): QueueHandler => {
  // Once for each try that is counted: an answer that is lost is not asked for again by the SDK.
  const client = new SNSClient({ ...clientConfig(environment), maxAttempts: 1 });
  const send = sendAlert({
    trail: createTrail(environment, options),
    tries: createTries(environment),
    config: shippedConfig(environment),
    now: () => new Date(),
    source: sourceOf(environment),
    publish: async (topic, { subject, body }) => {
      const TopicArn = environment.topics[topic];
      if (TopicArn === undefined) throw new Error(`topic ${topic} has no address here`);
      return (await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: body }))).MessageId ?? '';
    },
  });
  return perMessage('send-alert', 'alerts', send);
};

let wired: QueueHandler | undefined;
export const handler: QueueHandler = (event, context) => {
  wired ??= handlerFor(environmentFrom(process.env));
  return wired(event, context);
};
