import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { onTimer, reactTo, readChecks, type ReactPorts, sweepTimers } from '../../functions/react/react.ts';
import { recordChange } from '../../functions/record-change/record-change.ts';
import { sendAlert } from '../../functions/send-alert/send-alert.ts';
import { readAlarms } from '../../functions/support/alarms.ts';
import { readSourced } from '../../functions/support/ancestry.ts';
import { createEyes, notLooked } from '../../functions/support/eyes.ts';
import { readKillSwitch } from '../../functions/support/kill-switch.ts';
import { createLadders } from '../../functions/support/ladders.ts';
import { readExecution } from '../../functions/support/pipelines.ts';
import { ordered } from '../../functions/take-command/record-order.ts';
import { createActions } from '../../functions/take-step/actions.ts';
import { createHands } from '../../functions/take-step/hands.ts';
import { takeStep } from '../../functions/take-step/take-step.ts';
import type { Config } from '../../shared/config/config.ts';
import { queueSettings } from '../../shared/queues.ts';
import { locateIn } from '../../shared/event/locate.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import type { ActMessage, AlertMessage, Queue, Rows, Timer, TimerMessage, Trail } from '../../shared/ports.ts';
import { followLane } from '../../shared/trail/follow.ts';
import type { Actor, Entry, Source } from '../../shared/trail/entry.ts';
import { memoryRows, memoryTrail } from '../harness/memory-trail.ts';
import { oneForAll } from '../harness/target-clients.ts';
import { memoryCursors, memoryTimers } from './memory.ts';
import { type Machine, type Process, runProcess, timeoutMs } from './process.ts';
import { createQueue, type SimQueue } from './queue.ts';
import type { World } from './world.ts';

/** Escalator's own functions in the simulated world: all their code, none of their machines. */
export type Product = {
  trail: ReturnType<typeof memoryTrail>;
  /** an event of AWS, on its way to the intake */
  deliver(event: object): void;
  /** all that was lost and has not come again comes now */
  deliverLost(): void;
  /** somebody's order, on its way to the command API; they try again until it is on record */
  order(ladder: string, order: Order): void;
  /** what is still under way */
  pending(): number;
};

/** Is asked before each call that a process makes to the world, and told when it was answered, and what is published. */
export type Watch = {
  calls(process: Process, command: unknown, act: ActMessage | null): void;
  answered(process: Process, command: unknown, act: ActMessage | null): void;
  published(alert: string, topic: string): void;
};

const visibilityMs = 6 * timeoutMs;

export const startProduct = (machine: Machine, world: World, config: Config, watch: Watch): Product => {
  const { time, chance, faults } = machine;
  const trail = memoryTrail(() => new Date(time.now()), `escalator/${world.account}/${world.region}`);
  const rows = memoryRows();
  const cursors = memoryCursors();
  const timerRows = memoryTimers();
  const source: Source = { name: 'escalator', account: world.account, region: world.region, id: null, digest: null };

  const trailFor = (process: Process): Trail => ({
    ...trail,
    append: (groups) => process.call('append', () => trail.append(groups).finally(wake)),
    find: (key) => process.call('find', () => trail.find(key)),
    read: (place) => process.call('read', () => trail.read(place)),
    since: (segment, limit) => process.call('since', () => trail.since(segment, limit)),
  });
  const rowsFor = (process: Process): Rows => ({
    ...rows,
    put: (added) => process.call('put rows', () => rows.put(added)),
    newest: (...asked) => process.call('newest rows', () => rows.newest(...asked)),
  });
  const clientFor = (process: Process, act: ActMessage | null) => ({
    send: (command: object) =>
      process.call(command.constructor.name, () => {
        watch.calls(process, command, act);
        const answer = world.answer(command);
        watch.answered(process, command, act);
        return answer;
      }),
  });
  const sendTo = <Message>(process: Process, name: string, queue: SimQueue<Message>): Queue<Message> => ({
    send: (message, options) => process.call(`send ${name}`, () => queue.put(message, options)),
  });

  const reactPorts = (process: Process): ReactPorts => ({
    ladders: createLadders(trailFor(process), rowsFor(process), source),
    reads: readsFrom(world, process, clientFor(process, null)),
    now: process.now,
    configDigest: config.digest,
    config,
    effects: {
      acts: sendTo(process, 'acts', acts),
      alerts: sendTo(process, 'alerts', alerts),
      describe: { send: () => Promise.resolve() },
      timers: sendTo(process, 'timers', timers),
      timerRows: {
        set: (timer) => process.call('set timer', () => timerRows.set(timer)),
        due: (now, limit) => process.call('due timers', () => timerRows.due(now, limit)),
        clear: (timer) => process.call('clear timer', () => timerRows.clear(timer)),
      },
    },
  });

  const intake = createQueue<string>(machine, {
    name: 'record-change',
    visibilityMs,
    receives: queueSettings.urgent.receives,
    work: async (process, body) => {
      const context = {
        account: world.account,
        region: world.region,
        locate: locateIn(config),
        digest: () => '',
        identitiesVerified: true,
      };
      const record = recordChange({ trail: trailFor(process), objects: nowhere, context, trouble: () => {} });
      return (await record([{ id: '1', body }])).length === 0;
    },
  });
  const timers: SimQueue<TimerMessage> = createQueue<TimerMessage>(machine, {
    name: 'react',
    visibilityMs,
    receives: queueSettings.timers.receives,
    lossy: faults.timerLost,
    work: (process, timer: Timer) => onTimer(reactPorts(process))(timer),
  });
  const acts = createQueue<ActMessage>(machine, {
    name: 'take-step',
    visibilityMs,
    receives: queueSettings.acts.receives,
    fifo: true,
    work: (process, message) => {
      const client = clientFor(process, message);
      const reads = readsFrom(world, process, client);
      return takeStep({
        trail: trailFor(process),
        ladders: createLadders(trailFor(process), rowsFor(process), source),
        reads,
        actions: createActions(createHands(oneForAll(client))),
        config,
        source,
        now: process.now,
        holder: chance.id(),
        newId: () => chance.id(),
        isAbandoned: ({ at }) => time.now() - Date.parse(at) > timeoutMs + 30_000,
      })(message);
    },
  });
  /** Somebody on call reads what asks for an approval, and now and then gives it. */
  const maybeApprove = ({ seq }: AlertMessage): void => {
    const { ladder, incident } = askedIn(trail.entries, seq) ?? {};
    if (ladder === undefined || incident === undefined || !chance.is(0.5)) return;
    time.at(time.now() + chance.spread(10_000, 20 * 60_000), () => tell(ladder, { name: 'approve', incident }));
  };
  const alerts = createQueue<AlertMessage>(machine, {
    name: 'send-alert',
    visibilityMs,
    receives: queueSettings.alerts.receives,
    work: (process, message) =>
      sendAlert({
        trail: trailFor(process),
        config,
        source,
        publish: (topic) =>
          process.call('publish', () => {
            watch.published(`${message.segment}/${message.seq}`, topic);
            maybeApprove(message);
            return chance.id();
          }),
      })(message),
  });

  const follow = (): Promise<unknown> =>
    runProcess(machine, 'react', async (process) => {
      const { handle, ...reader } = { handle: reactTo(reactPorts(process)), reader: 'react', source };
      const cursorsFor = {
        get: (name: string) => process.call('get cursor', () => cursors.get(name)),
        advance: (name: string, segment: number) =>
          process.call('advance cursor', () => cursors.advance(name, segment)),
        attempt: (name: string, seq: number) => process.call('count try', () => cursors.attempt(name, seq)),
      };
      await followLane({ ...reader, trail: trailFor(process), cursors: cursorsFor, handle })();
    });
  const lateDelivery = deliveryTo(machine, intake);
  /** The table's stream: one wake-up at a time, and those that come meanwhile are one. */
  let waking = false;
  const wake = (): void => {
    if (waking) return;
    waking = true;
    time.at(time.now() + chance.spread(10, 1_000), () => {
      waking = false;
      void follow();
    });
  };
  const everyMinute = (): void => {
    time.at(time.now() + 60_000, everyMinute);
    void runProcess(machine, 'react', async (process) => {
      const ports = reactPorts(process);
      await sweepTimers(ports)();
      await readChecks(ports)();
    });
    wake();
  };
  everyMinute();

  const tell = (ladder: string, order: Order): void => {
    const ladders = config.services.map((service) => service.ladder);
    const who: Actor = { type: 'person', id: 'ben', name: 'Ben', verified: true };
    const command = { id: chance.id(), ladder, order, why: 'a person says so' };
    const give = async (): Promise<void> => {
      const ending = await runProcess(machine, 'take-command', (process) =>
        ordered({ trail: trailFor(process), source, ladders }, command, who),
      );
      if (ending.ended !== 'done') time.at(time.now() + 5_000, () => void give());
    };
    void give();
  };

  return {
    trail,
    order: tell,
    deliver: lateDelivery.deliver,
    deliverLost: lateDelivery.deliverLost,
    pending: () => intake.size() + acts.size() + alerts.size(),
  };
};

/** The incident that an alert asks for an approval of. */
const askedIn = (entries: Entry[], seq: number): { ladder: string; incident: string } | null => {
  const { environment, service, factKey } = entries[seq] ?? {};
  const asking = entries
    .slice(Math.max(0, seq - 20), seq)
    .find((one) => one.kind === 'incident.asking' && one.factKey === factKey);
  return asking === undefined
    ? null
    : { ladder: `${environment}/${service}`, incident: String(asking.detail['incident']) };
};

const nowhere = { put: () => Promise.resolve() };

/** EventBridge delivers at least once, on best effort: what is lost may come again in two weeks. */
const deliveryTo = ({ time, chance, faults }: Machine, intake: SimQueue<string>) => {
  const lost = new Map<string, () => void>();
  const arrive = (body: string): void => {
    lost.delete(body);
    intake.put(body);
  };
  return {
    deliver: (event: object): void => {
      const body = JSON.stringify(event);
      const isLost = chance.is(faults.dropped);
      const late = isLost ? chance.spread(1_000, 14 * 86_400_000) : 0;
      const callOff = time.at(time.now() + late, () => arrive(body));
      if (isLost) lost.set(body, callOff);
    },
    deliverLost: (): void => {
      for (const [body, callOff] of lost) {
        callOff();
        arrive(body);
      }
    },
  };
};

type Client = { send: (command: object) => Promise<object> };

const readsFrom = (world: World, process: Process, client: Client): Reads => {
  const clients = oneForAll(client);
  const eyes = createEyes(clients);
  const readCommit = (_repository: string, commit: string) =>
    process.call('GetCommit', () => ({
      message: `work of ${commit}`,
      author: 'Ada',
      parents: [world.parents.get(commit)].filter((parent) => parent !== undefined),
    }));
  return {
    alarms: (names) => readAlarms(client as unknown as CloudWatchClient, names),
    execution: (pipeline, execution) => readExecution(clients.codePipeline, pipeline, execution),
    sourced: (repository, commit, refused) => readSourced(readCommit, repository, commit, refused),
    before: async (ladder, intent, running) => ({ ...notLooked, ...(await eyes.before(ladder, intent, running)) }),
    killSwitch: () => readKillSwitch(client as unknown as SSMClient, '/escalator/acting'),
    outcome: (step) => eyes.after(step),
  };
};
