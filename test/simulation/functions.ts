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
import type { Actor, Source } from '../../shared/trail/entry.ts';
import { followLane } from '../../shared/trail/follow.ts';
import { oneForAll } from '../harness/target-clients.ts';
import { type Process, timeoutMs } from './process.ts';
import type { World } from './world.ts';

/** Is asked before each call that a process makes to the world, and told when it was answered, and what is published. */
export type Watch = {
  calls(process: Process, command: object, act: ActMessage | null): void;
  answered(process: Process, command: object, act: ActMessage | null): void;
  published(message: AlertMessage, topic: string): void;
  /** a topic took it, and its sender lived to hear that it was refused */
  unheard(message: AlertMessage, topic: string): void;
};

type Put<Message> = (message: Message, options?: Parameters<Queue<Message>['send']>[1]) => void;

/** What the functions stand on. Every call to any of it goes through the process that makes it. */
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

/** Escalator's own functions, all their code, as a process runs them. What answers false must come back. */
export const functionsOn = (ground: Ground) => {
  const { world, watch } = ground;
  const source: Source = { name: 'escalator', account: world.account, region: world.region, id: null, digest: null };
  const clientFor = (process: Process, act: ActMessage | null): Client => ({
    send: (command) =>
      process.call(command.constructor.name, () => {
        watch.calls(process, command, act);
        const answer = world.answer(command);
        watch.answered(process, command, act);
        return answer;
      }),
  });
  const reactPorts = (process: Process): ReactPorts => {
    const config = ground.config();
    const [trail, rows] = [trailFor(ground, process), rowsFor(ground, process)];
    return {
      ladders: createLadders(trail, rows, source),
      groups: createAlertGroups(trail, rows, source),
      reads: readsFrom(world, process, clientFor(process, null)),
      read: trail.read,
      now: process.now,
      wait: (ms) => world.time.sleep(ms),
      configDigest: config.digest,
      tellers: tellersFor(config),
      config,
      effects: effectsFor(ground, process, trail),
    };
  };
  /** As a function has them once, and anew where the configuration became another meanwhile. */
  const reactPortsOf = (process: Process): (() => ReactPorts) => {
    let ports: ReactPorts | null = null;
    return () => (ports = ports?.config === ground.config() ? ports : reactPorts(process));
  };

  return {
    /** answers with those that must come back */
    record: async (process: Process, bodies: string[]): Promise<string[]> => {
      const config = ground.config();
      const context = {
        account: world.account,
        region: world.region,
        locate: locateIn(config),
        digest: () => '',
        identitiesVerified: true,
      };
      const ports = { trail: trailFor(ground, process), objects: nowhere, context, trouble: () => {} };
      const failed = await recordChange(ports)(bodies.map((body, index) => ({ id: String(index), body })));
      return bodies.filter((_, index) => failed.some(({ id }) => id === String(index)));
    },
    timer: (process: Process, timer: TimerMessage): Promise<void> => onTimer(reactPorts(process))(timer),
    takeStep: (process: Process, message: ActMessage): Promise<boolean> => {
      const client = clientFor(process, message);
      const [trail, rows] = [trailFor(ground, process), rowsFor(ground, process)];
      const ladders = createLadders(trail, rows, source);
      return takeStep({
        trail,
        ladders,
        slots: createSlots(trail, rows, source, ladders),
        reads: readsFrom(world, process, client),
        actions: createActions(createHands(oneForAll(client))),
        config: ground.config(),
        source,
        now: process.now,
        holder: ground.newId(),
        newId: ground.newId,
        isAbandoned: ({ at }) => world.time.now() - Date.parse(at) > timeoutMs + 30_000,
      })(message);
    },
    sendAlert: (process: Process, message: AlertMessage): Promise<void> =>
      sendAlert({
        trail: trailFor(ground, process),
        config: ground.config(),
        source,
        tries: triesFor(ground, process),
        now: process.now,
        publish: (topic) => publishOn(ground, process, message, topic),
      })(message),
    follow: (process: Process): Promise<void> => {
      const ports = reactPortsOf(process);
      return followLane({
        reader: 'react',
        source,
        trail: trailFor(ground, process),
        cursors: cursorsFor(ground, process),
        handle: async (entry) => {
          if (world.isPoison(entry)) throw new Error('this entry cannot be taken in');
          await reactTo(ports())(entry);
        },
      })();
    },
    minute: async (process: Process): Promise<void> => {
      const ports = reactPorts(process);
      await sweepTimers(ports)();
      await readChecks(ports)();
    },
    order: (process: Process, command: OrderCommand): Promise<number> => {
      const ladders = laddersOf(ground.config()).map(({ ladder }) => ladder);
      return ordered({ trail: trailFor(ground, process), source, ladders }, command, ben);
    },
    /** one that is refused is over, and does not come again */
    acknowledge: async (process: Process, command: AcknowledgeCommand): Promise<void> => {
      const known = laddersOf(ground.config()).map(({ ladder }) => ladder);
      await acknowledged({ ...reactPorts(process), known }, command, ben).catch((error: unknown) => {
        if (!(error instanceof EscalatorError)) throw error;
      });
    },
  };
};

const nowhere = { put: () => Promise.resolve() };

const trailFor = ({ trail }: Ground, process: Process): Trail => ({
  ...trail,
  append: (groups) => process.call('append', () => trail.append(groups)),
  find: (key) => process.call('find', () => trail.find(key)),
  read: (place) => process.call('read', () => trail.read(place)),
  since: (segment, limit) => process.call('since', () => trail.since(segment, limit)),
});

const rowsFor = ({ rows }: Ground, process: Process): Rows => ({
  ...rows,
  put: (added) => process.call('put rows', () => rows.put(added)),
  newest: (...asked) => process.call('newest rows', () => rows.newest(...asked)),
});

const triesFor = ({ tries }: Ground, process: Process): Tries => ({
  begin: (key, atMost, at) => process.call('count publish', () => tries.begin(key, atMost, at)),
  callOff: (key) => process.call('call off publish', () => tries.callOff(key)),
});

/** What a topic takes it has taken, whatever its sender hears of it. */
const publishOn = async ({ world, watch, newId }: Ground, process: Process, message: AlertMessage, topic: string) => {
  let isTaken = false;
  const take = (): string => {
    if (world.topicsDown.has(topic))
      throw Object.assign(new Error('the topic does not answer'), { name: 'InternalErrorException' });
    isTaken = true;
    watch.published(message, topic);
    return newId();
  };
  try {
    return await process.call('publish', take);
  } catch (error) {
    if (isTaken) watch.unheard(message, topic);
    throw error;
  }
};

const cursorsFor = ({ cursors }: Ground, process: Process): Cursors => ({
  get: (name) => process.call('get cursor', () => cursors.get(name)),
  advance: (name, segment) => process.call('advance cursor', () => cursors.advance(name, segment)),
  attempt: (name, seq) => process.call('count try', () => cursors.attempt(name, seq)),
});

const effectsFor = (ground: Ground, process: Process, { append }: Trail): ReactPorts['effects'] => {
  const { acts, alerts, timers, timerRows } = ground;
  const sendTo = <Message>(name: string, put: Put<Message>): Queue<Message> => ({
    send: (message, options) => process.call(`send ${name}`, () => put(message, options)),
  });
  return {
    acts: sendTo('acts', acts),
    alerts: sendTo('alerts', alerts),
    describe: { send: () => Promise.resolve() },
    timers: sendTo('timers', timers),
    append,
    timerRows: {
      set: (timer) => process.call('set timer', () => timerRows.set(timer)),
      due: (now, limit) => process.call('due timers', () => timerRows.due(now, limit)),
      clear: (timer) => process.call('clear timer', () => timerRows.clear(timer)),
    },
  };
};

type Client = { send: (command: object) => Promise<object> };

const readsFrom = (world: World, process: Process, client: Client): Reads => {
  const clients = oneForAll(client);
  const eyes = () => createEyes(clients); // few look at a target at all
  const readCommit = (_repository: string, commit: string) =>
    process.call('GetCommit', () => ({
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
