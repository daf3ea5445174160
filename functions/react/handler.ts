import { setTimeout } from 'node:timers/promises';
import type { Timer } from '../../shared/ports.ts';
import { followLane } from '../../shared/trail/follow.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTimers } from '../support/dynamo-timers.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { createLadders } from '../support/ladders.ts';
import { loadConfig } from '../support/load-config.ts';
import { perBatch, perMessage } from '../support/per-batch.ts';
import { createReads } from '../support/reads.ts';
import { createQueue } from '../support/sqs-queue.ts';
import { recordConfig } from './record-config.ts';
import type { SQSEvent } from 'aws-lambda';
import { readers } from '../../shared/trail/readers.ts';
import { onTimer, reactTo, readChecks, sweepTimers, type ReactPorts } from './react.ts';

/** What wakes the reactor: the trail grew (its stream), timers came due (their queue), or a minute passed (a schedule). */
export const handlerFor = (environment: Environment, options: TrailOptions = {}) => {
  const trail = createTrail(environment, options);
  const rows = createRows(environment);
  const config = loadConfig(environment.configFile);
  const ports: ReactPorts = {
    ladders: createLadders(trail, rows, sourceOf(environment)),
    reads: createReads(environment),
    now: () => new Date(),
    wait: (ms) => setTimeout(ms),
    configDigest: config.digest,
    config,
    own: environment.actorRole === undefined ? [] : [environment.actorRole],
    effects: {
      acts: createQueue(environment, 'acts'),
      alerts: createQueue(environment, 'alerts'),
      describe: createQueue(environment, 'describe'),
      timers: createQueue(environment, 'timers'),
      timerRows: createTimers(environment),
      append: (groups) => trail.append(groups),
    },
  };
  const cursors = createCursors(environment);
  const source = sourceOf(environment);
  const followOn = followLane({ trail, cursors, reader: readers.react, source, handle: reactTo(ports) });
  const onRecord = recordConfig({ trail, source }, config);
  const follow = async () => {
    await onRecord();
    return followOn();
  };
  const timers = perBatch(
    'react',
    perMessage((timer: Timer) => onTimer(ports)(timer)),
  );
  return { follow, timers, sweep: sweepTimers(ports), readChecks: readChecks(ports) };
};

let reactor: ReturnType<typeof handlerFor> | undefined;

/** The Lambda function: timers come as SQS records; everything else only says that there is something to see. */
export const handler = async (event: Partial<SQSEvent> & { schedule?: boolean }, context: unknown) => {
  reactor ??= handlerFor(environmentFrom(process.env));
  const records = event.Records ?? [];
  if (records[0]?.eventSource === 'aws:sqs') return reactor.timers({ Records: records }, context);
  if (event.schedule === true) {
    await reactor.sweep();
    await reactor.readChecks();
  }
  await reactor.follow();
  return undefined;
};
