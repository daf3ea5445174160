import { setTimeout } from 'node:timers/promises';
import { tellersOf } from '../../shared/alert/route.ts';
import type { Config } from '../../shared/config/config.ts';
import { memberRoleArn, membersOf } from '../../shared/config/member.ts';
import { followLane } from '../../shared/trail/follow.ts';
import { createAlertGroups } from '../support/alert-groups.ts';
import { lookUpBackground } from '../support/background.ts';
import { createDeadLetter } from '../support/dead-letter.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTimers } from '../support/dynamo-timers.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { createLadders } from '../support/ladders.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { within } from '../support/log.ts';
import { perMessage } from '../support/per-batch.ts';
import { perWakeUp, type WakeUp } from '../support/per-call.ts';
import { createReads } from '../support/reads.ts';
import { createQueue } from '../support/sqs-queue.ts';
import { recordConfig } from './record-config.ts';
import type { SQSEvent } from 'aws-lambda';
import type { Entry } from '../../shared/trail/entry.ts';
import { readers } from '../../shared/trail/readers.ts';
import { onTimer, reactTo, readChecks, sweepTimers, type ReactPorts } from './react.ts';

/** `page`: where the page is on one machine, once it is served. */
type ReactOptions = TrailOptions & { page?: () => string | null };

/** What wakes the reactor: the trail grew (its stream), timers came due (their queue), or a minute passed (a schedule). */
export const handlerFor = (environment: Environment, options: ReactOptions = {}) => {
  const trail = createTrail(environment, options);
  const rows = createRows(environment);
  const config = shippedConfig(environment);
  const ladders = createLadders(trail, rows, sourceOf(environment));
  const own = ownRoles(environment, config);
  const now = () => new Date();
  const page = () => config.page ?? options.page?.() ?? null;
  const ports: ReactPorts = {
    ladders,
    background: lookUpBackground({ ladders, rows, config, environment, page, own, now }),
    groups: createAlertGroups(trail, rows, sourceOf(environment)),
    reads: createReads(environment, config),
    read: (place) => trail.read(place),
    now,
    wait: (ms) => setTimeout(ms),
    configDigest: config.digest,
    tellers: tellersOf(config, own),
    config,
    own,
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
  const followOn = followLane({ trail, cursors, reader: readers.react, source, handle: telling(reactTo(ports)) });
  const onRecord = recordConfig({ trail, source }, config);
  const follow = async () => {
    await onRecord();
    return followOn();
  };
  const timers = perMessage('react', 'timers', onTimer(ports), createDeadLetter(environment));
  return { follow, timers, sweep: sweepTimers(ports), readChecks: readChecks(ports) };
};

/** The roles that acts are done in, here and where members are; none on one machine, where nobody tells of calls. */
const ownRoles = (environment: Environment, config: Config): string[] =>
  environment.actorRole === undefined
    ? []
    : [environment.actorRole, ...membersOf(config, environment).map((member) => memberRoleArn(member, 'act'))];

/** What fails is told with the entry it failed on. */
const telling =
  (handle: (entry: Entry) => Promise<void>) =>
  (entry: Entry): Promise<void> =>
    within({ seq: entry.seq, fact: entry.factKey }, () => handle(entry));

let wired: ReturnType<typeof handlerFor> | undefined;
const reactor = () => (wired ??= handlerFor(environmentFrom(process.env)));

const wakeUp = perWakeUp('react', async ({ schedule }) => {
  const { sweep, readChecks: read, follow } = reactor();
  if (schedule === true) {
    await sweep();
    await read();
  }
  await follow();
});

/** The Lambda function: timers come as SQS records; everything else only says that there is something to see. */
export const handler = (event: SQSEvent | WakeUp, context: unknown) =>
  isOfQueue(event) ? reactor().timers(event, context) : wakeUp(event, context);

const isOfQueue = (event: SQSEvent | WakeUp): event is SQSEvent => event.Records?.[0]?.eventSource === 'aws:sqs';
