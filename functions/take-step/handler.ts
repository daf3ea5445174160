import { randomUUID } from 'node:crypto';
import type { Config } from '../../shared/config/config.ts';
import { createActReads } from '../support/act-reads.ts';
import { atEachPlace } from '../support/assume-role.ts';
import { createDeadLetter } from '../support/dead-letter.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { createSlots } from '../support/slots.ts';
import { createLadders } from '../support/ladders.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perMessage, type QueueHandler } from '../support/per-batch.ts';
import { createTargetClients } from '../support/reads.ts';
import { type Actions, type Claim, createActions } from './actions.ts';
import { createHands } from './hands.ts';
import { takeStep } from './take-step.ts';

/** The function's own timeout; a claim older than this and a half minute has nobody at work behind it. */
export const timeoutSeconds = 60;
const graceSeconds = 30;

type Options = TrailOptions & { holder?: string; isAbandoned?: (claim: Claim) => boolean };

export const handlerFor = (environment: Environment, options: Options = {}): QueueHandler => {
  const trail = createTrail(environment, options);
  const rows = createRows(environment);
  const source = sourceOf(environment);
  const ladders = createLadders(trail, rows, source);
  const config = shippedConfig(environment);
  const step = takeStep({
    trail,
    ladders,
    slots: createSlots(trail, rows, source, ladders),
    reads: createActReads(environment, config),
    actions: createPlacedActions(environment, config),
    config,
    source,
    now: () => new Date(),
    holder: options.holder ?? randomUUID(),
    newId: randomUUID,
    isAbandoned: options.isAbandoned ?? outlived,
  });
  return perMessage('take-step', 'acts', step, createDeadLetter(environment));
};

/** The hands of each place. One call for one intent: an answer that is lost is read back, never asked for again by the SDK. */
const createPlacedActions = (environment: Environment, config: Config): Actions => {
  const { of } = atEachPlace(environment, config, 'act', (there) =>
    createActions(createHands(createTargetClients({ ...there, maxAttempts: 1 }))),
  );
  return {
    start: (service, intent, readings) => of(service).start(service, intent, readings),
    readBack: (service, intent, claim) => of(service).readBack(service, intent, claim),
  };
};

/** Whether a claim is older than any invocation can be. */
export const outlived = (claim: Claim): boolean =>
  Date.now() - Date.parse(claim.at) > (timeoutSeconds + graceSeconds) * 1000;

let wired: QueueHandler | undefined;
export const handler: QueueHandler = (event, context) =>
  (wired ??= handlerFor(environmentFrom(process.env)))(event, context);
