import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../shared/ports.ts';
import { canaryDetail, canaryDetailType, canarySource } from '../../shared/watch/canary.ts';
import { clientConfig } from '../support/aws-clients.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail } from '../support/dynamo-trail.ts';
import { writeLine } from '../support/log.ts';
import { type Environment, environmentFrom } from '../support/environment.ts';
import { perWakeUp } from '../support/per-call.ts';
import { watchPath } from './watch-path.ts';

type Options = { now?: Clock; write?: (line: object) => void };

/** One look a minute, and one canary. */
export const handlerFor = (environment: Environment, options: Options = {}): (() => Promise<void>) => {
  const bus = new EventBridgeClient(clientConfig(environment));
  return watchPath({
    trail: createTrail(environment),
    cursors: createCursors(environment),
    rows: createRows(environment),
    send: (sent) => sendCanary(bus, sent),
    write: options.write ?? writeLine,
    now: options.now ?? (() => new Date()),
  });
};

/** PutEvents refuses single events in an answer that is otherwise good. */
const sendCanary = async (bus: EventBridgeClient, sent: string): Promise<void> => {
  const { Entries: [taken] = [] } = await bus.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: canarySource,
          DetailType: canaryDetailType,
          Detail: JSON.stringify(canaryDetail(sent)),
          Time: new Date(sent),
        },
      ],
    }),
  );
  if (taken?.EventId === undefined)
    throw new Error(`the bus took no canary: ${taken?.ErrorCode ?? 'no answer'} ${taken?.ErrorMessage ?? ''}`);
};

let watch: (() => Promise<void>) | undefined;
export const handler = perWakeUp('watch-path', () => (watch ??= handlerFor(environmentFrom(process.env)))());
