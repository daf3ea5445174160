import { clientConfig } from '../support/aws-clients.ts';
import { createCommits } from '../support/codecommit.ts';
import { createDeadLetter } from '../support/dead-letter.ts';
import { placeDigestKey } from '../support/digest-key.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { keyedDigest } from '../support/keyed-digest.ts';
import { perMessage, type QueueHandler } from '../support/per-batch.ts';
import { describeChange } from './describe-change.ts';

export const handlerFor = (environment: Environment, options: TrailOptions = {}): QueueHandler => {
  const describe = describeChange({
    trail: createTrail(environment, options),
    commits: createCommits(clientConfig(environment)),
    digest: keyedDigest(environment.digestKeyFile),
    source: sourceOf(environment),
  });
  return perMessage('describe-change', 'describe', describe, createDeadLetter(environment));
};

let wired: QueueHandler | undefined;
export const handler: QueueHandler = async (event, context) => {
  const environment = environmentFrom(process.env);
  await placeDigestKey(environment);
  wired ??= handlerFor(environment);
  return wired(event, context);
};
