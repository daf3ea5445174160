import { locateIn } from '../../shared/event/locate.ts';
import { createDeadLetter } from '../support/dead-letter.ts';
import { placeDigestKey } from '../support/digest-key.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom } from '../support/environment.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { logFailure } from '../support/house.ts';
import { perBatch, type QueueHandler } from '../support/per-batch.ts';
import { createObjects } from '../support/s3-objects.ts';
import { keyedDigest } from '../support/keyed-digest.ts';
import { recordChange } from './record-change.ts';

/**
 * The only writer of observed facts, behind the urgent and the bulk queue. On one machine nobody vouches for the
 * identities in events: there they are names.
 */
export const handlerFor = (environment: Environment, options: TrailOptions = {}): QueueHandler =>
  perBatch(
    'record-change',
    recordChange({
      trail: createTrail(environment, options),
      objects: createObjects(environment),
      context: {
        account: environment.account,
        region: environment.region,
        locate: locateIn(shippedConfig(environment)),
        digest: keyedDigest(environment.digestKeyFile),
        identitiesVerified: environment.endpoint === null,
      },
      trouble: (error, message) => logFailure('record-change', error, { message }),
    }),
    createDeadLetter(environment),
  );

let queueHandler: QueueHandler | undefined;

/** The Lambda function. */
export const handler: QueueHandler = async (event, context) => {
  const environment = environmentFrom(process.env);
  await placeDigestKey(environment);
  queueHandler ??= handlerFor(environment);
  return queueHandler(event, context);
};
