import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { type Tellers, tellersOf } from '../../shared/alert/route.ts';
import { onTimer, reactTo, readChecks, type ReactPorts, sweepTimers } from '../../functions/react/react.ts';
import { recordChange } from '../../functions/record-change/record-change.ts';
import { sendAlert } from '../../functions/send-alert/send-alert.ts';
import { readAlarms } from '../../functions/support/alarms.ts';
import { readSources } from '../../functions/support/read-checks.ts';
import { readSourced } from '../../functions/support/ancestry.ts';
import { createEyes, notLooked } from '../../functions/support/eyes.ts';
import { readKillSwitch } from '../../functions/support/kill-switch.ts';
import { createSlots } from '../../functions/support/slots.ts';
import { createAlertGroups } from '../../functions/support/alert-groups.ts';
import { createLadders } from '../../functions/support/ladders.ts';
import { readExecution } from '../../functions/support/pipelines.ts';
import { type AcknowledgeCommand, acknowledged } from '../../functions/take-command/record-acknowledgement.ts';
import { type OrderCommand, ordered } from '../../functions/take-command/record-order.ts';
import { createActions } from '../../functions/take-step/actions.ts';
import { createHands } from '../../functions/take-step/hands.ts';
import { takeStep } from '../../functions/take-step/take-step.ts';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { locateIn } from '../../shared/event/locate.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import type {
  ActMessage,
  AlertMessage,
  Cursors,
  Queue,
  Rows,
  TimerMessage,
  Timers,
  Trail,
  Tries,
} from '../../shared/ports.ts';
import type { Actor, Entry, Source } from '../../shared/trail/entry.ts';
import { followLane } from '../../shared/trail/follow.ts';
import { oneForAll } from '../harness/target-clients.ts';
import { type Invocation, timeoutMs } from './process.ts';
import type { World } from './world.ts';

/** Is asked before each call that a process makes to the world, and told when it was answered, and what is published. */
export type Watch = {
  calls(by: Invocation, command: object, act: ActMessage | null): void;
  answered(by: Invocation, command: object, act: ActMessage | null): void;
  published(message: AlertMessage, topic: string): void;
  /** a topic took it, and its sender lived to hear that it was refused */
  unheard(message: AlertMessage, topic: string): void;
};

type Put<Message> = (message: Message, options?: Parameters<Queue<Message>['send']>[1]) => void;

/** What the functions stand on. Every call to any of it goes through the invocation that makes it. */
export type Ground = {
  world: World;
  /** it may change between one process and the next */
  config(): Config;
  trail: Trail;
  rows: Rows;
  cursors: Cursors;
  timerRows: Timers;
  tries: Tries;
  acts: Put<ActMessage>;
  alerts: Put<AlertMessage>;
  timers: Put<TimerMessage>;
  newId(): string;
  watch: Watch;
};

const ben: Actor = { type: 'person', id: 'ben', name: 'Ben', verified: true };

/** As a function does once for all that it is called for: patterns are compiled once for each configuration. */
const ready = new WeakMap<Config, Tellers>();
const tellersFor = (config: Config): Tellers => {
  const tellers = ready.get(config) ?? tellersOf(config);
  ready.set(config, tellers);
  return tellers;
};

/**
 * Escalator's own functions, all their code, wired once for all invocations of a process, with the configuration that it
 * began with. What answers false must come back.
 */
export const functionsOn = (ground: Ground, at: () => Invocation) => {
  const { world, watch } = ground;
  const config = ground.config();
  const source: Source = { name: 'escalator', account: world.account, region: world.region, id: null, digest: null };
  const [trail, rows] = [trailFor(ground, at), rowsFor(ground, at)];
  const ladders = createLadders(trail, rows, source);
  const now = (): Date => at().now();
  /** what the invocation at hand was asked to do, where that is an act */
  let act: ActMessage | null = null;
  const client: Client = {
    send: (command) => {
      const by = at();
      return by.call(command.constructor.name, () => {
        watch.calls(by, command, act);
        const answer = world.answer(command);
        watch.answered(by, command, act);
        return answer;
      });
    },
  };
  const reads = readsFrom(world, at, client);
  const react: ReactPorts = {
    ladders,
    groups: createAlertGroups(trail, rows, source),
    reads,
    read: trail.read,
    now,
    wait: (ms) => world.time.sleep(ms),
    configDigest: config.digest,
    tellers: tellersFor(config),
    config,
    effects: effectsFor(ground, at, trail),
  };
  const handle = async (entry: Entry): Promise<void> => {
    if (world.isPoison(entry)) throw new Error('this entry cannot be taken in');
    await reactTo(react)(entry);
  };
  const follow = followLane({ reader: 'react', source, trail, cursors: cursorsFor(ground, at), handle });
  const wireSteps = () =>
    takeStep({
      trail,
      ladders,
      slots: createSlots(trail, rows, source, ladders),
      reads,
      actions: createActions(createHands(oneForAll(client))),
      config,
      source,
      now,
      holder: ground.newId(),
      newId: ground.newId,
      isAbandoned: (claim) => world.time.now() - Date.parse(claim.at) > timeoutMs + 30_000,
    });
  let steps: ReturnType<typeof wireSteps> | null = null;
  const known = laddersOf(config).map(({ ladder }) => ladder);

  return {
    /** answers with those that must come back */
    record: async (bodies: string[]): Promise<string[]> => {
      const context = {
        account: world.account,
        region: world.region,
        locate: locateIn(config),
        digest: () => '',
        identitiesVerified: true,
      };
      const ports = { trail, objects: nowhere, context, trouble: () => {} };
      const failed = await recordChange(ports)(bodies.map((body, index) => ({ id: String(index), body })));
      return bodies.filter((_, index) => failed.some(({ id }) => id === String(index)));
    },
    timer: onTimer(react),
    takeStep: (message: ActMessage): Promise<boolean> => {
      act = message;
      return (steps ??= wireSteps())(message);
    },
    sendAlert: (message: AlertMessage): Promise<void> =>
      sendAlert({
        trail,
        config,
        source,
        tries: triesFor(ground, at),
        now,
        publish: (topic) => publishOn(ground, at(), message, topic),
      })(message),
    follow,
    minute: async (): Promise<void> => {
      await sweepTimers(react)();
      await readChecks(react)();
      await follow();
    },
    order: (command: OrderCommand): Promise<number> => ordered({ trail, source, ladders: known }, command, ben),
    /** one that is refused is over, and does not come again */
    acknowledge: async (command: AcknowledgeCommand): Promise<void> => {
      await acknowledged({ ...react, known }, command, ben).catch((error: unknown) => {
        if (!(error instanceof EscalatorError)) throw error;
      });
    },
  };
};

export type Functions = ReturnType<typeof functionsOn>;

const nowhere = { put: () => Promise.resolve() };

const trailFor = ({ trail }: Ground, at: () => Invocation): Trail => ({
  ...trail,
  append: (groups) => at().call('append', () => trail.append(groups)),
  find: (key) => at().call('find', () => trail.find(key)),
  read: (place) => at().call('read', () => trail.read(place)),
  since: (segment, limit) => at().call('since', () => trail.since(segment, limit)),
});

const rowsFor = ({ rows }: Ground, at: () => Invocation): Rows => ({
  ...rows,
  put: (added) => at().call('put rows', () => rows.put(added)),
  newest: (...asked) => at().call('newest rows', () => rows.newest(...asked)),
});

const triesFor = ({ tries }: Ground, at: () => Invocation): Tries => ({
  begin: (key, atMost, when) => at().call('count publish', () => tries.begin(key, atMost, when)),
  callOff: (key) => at().call('call off publish', () => tries.callOff(key)),
});

/** What a topic takes it has taken, whatever its sender hears of it. */
const publishOn = async ({ world, watch, newId }: Ground, by: Invocation, message: AlertMessage, topic: string) => {
  let isTaken = false;
  const take = (): string => {
    if (world.topicsDown.has(topic))
      throw Object.assign(new Error('the topic does not answer'), { name: 'InternalErrorException' });
    isTaken = true;
    watch.published(message, topic);
    return newId();
  };
  try {
    return await by.call('publish', take);
  } catch (error) {
    if (isTaken) watch.unheard(message, topic);
    throw error;
  }
};

const cursorsFor = ({ cursors }: Ground, at: () => Invocation): Cursors => ({
  get: (name) => at().call('get cursor', () => cursors.get(name)),
  advance: (name, segment) => at().call('advance cursor', () => cursors.advance(name, segment)),
  attempt: (name, seq) => at().call('count try', () => cursors.attempt(name, seq)),
});

const effectsFor = (ground: Ground, at: () => Invocation, { append }: Trail): ReactPorts['effects'] => {
  const { acts, alerts, timers, timerRows } = ground;
  const sendTo = <Message>(name: string, put: Put<Message>): Queue<Message> => ({
    send: (message, options) => at().call(`send ${name}`, () => put(message, options)),
  });
  return {
    acts: sendTo('acts', acts),
    alerts: sendTo('alerts', alerts),
    describe: { send: () => Promise.resolve() },
    timers: sendTo('timers', timers),
    append,
    timerRows: {
      set: (timer) => at().call('set timer', () => timerRows.set(timer)),
      due: (now, limit) => at().call('due timers', () => timerRows.due(now, limit)),
      clear: (timer) => at().call('clear timer', () => timerRows.clear(timer)),
    },
  };
};

type Client = { send: (command: object) => Promise<object> };

const readsFrom = (world: World, at: () => Invocation, client: Client): Reads => {
  const clients = oneForAll(client);
  const eyes = () => createEyes(clients); // few look at a target at all
  const readCommit = (_repository: string, commit: string) =>
    at().call('GetCommit', () => ({
      message: `work of ${commit}`,
      author: 'Ada',
      parents: [world.parents.get(commit)].filter((parent) => parent !== undefined),
    }));
  return {
    alarms: (names, dimensions, withMetrics) =>
      readAlarms(
        client as unknown as CloudWatchClient,
        names,
        withMetrics === true ? new Date(world.time.now()) : null,
        dimensions,
      ),
    sources: (checks) => readSources(clients.codePipeline, checks, () => new Date(world.time.now())),
    past: () => Promise.resolve(null),
    execution: (pipeline, execution) => readExecution(clients.codePipeline, pipeline, execution),
    sourced: (repository, commit, refused) => readSourced(readCommit, repository, commit, refused),
    before: async (ladder, intent, running) => ({ ...notLooked, ...(await eyes().before(ladder, intent, running)) }),
    killSwitch: () => readKillSwitch(client as unknown as SSMClient, '/escalator/acting'),
    outcome: (step) => eyes().after(step),
  };
};
