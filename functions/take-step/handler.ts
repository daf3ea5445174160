import { randomUUID } from 'node:crypto';
import { createActReads } from '../support/act-reads.ts';
import { clientConfig } from '../support/aws-clients.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { createSlots } from '../support/slots.ts';
import { createLadders } from '../support/ladders.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perMessage, type QueueHandler } from '../support/per-batch.ts';
import { createTargetClients } from '../support/reads.ts';
import { type Claim, createActions } from './actions.ts';
import { createHands } from './hands.ts';
import { takeStep } from './take-step.ts';

/** The function's own timeout; a claim older than this and a half minute has nobody at work behind it. */
export const timeoutSeconds = 60;
const graceSeconds = 30;

type Options = TrailOptions & { holder?: string; isAbandoned?: (claim: Claim) => boolean };

export const handlerFor = (environment: Environment, options: Options = {}): QueueHandler => {
  const trail = createTrail(environment, options);
  // One call for one intent: an answer that is lost is read back, never asked for again by the SDK.
  const once = { ...clientConfig(environment), maxAttempts: 1 };
  const rows = createRows(environment);
  const source = sourceOf(environment);
  const ladders = createLadders(trail, rows, source);
  const step = takeStep({
    trail,
    ladders,
    slots: createSlots(trail, rows, source, ladders),
    reads: createActReads(environment),
    actions: createActions(createHands(createTargetClients(once))),
    config: shippedConfig(environment),
    source,
    now: () => new Date(),
    holder: options.holder ?? randomUUID(),
    newId: randomUUID,
    isAbandoned: options.isAbandoned ?? outlived,
  });
  return perMessage('take-step', 'acts', step);
};

/** Whether a claim is older than any invocation can be. */
export const outlived = (claim: Claim): boolean =>
  Date.now() - Date.parse(claim.at) > (timeoutSeconds + graceSeconds) * 1000;

let wired: QueueHandler | undefined;
export const handler: QueueHandler = (event, context) =>
  (wired ??= handlerFor(environmentFrom(process.env)))(event, context);
