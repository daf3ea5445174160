import type { Config } from '../../shared/config/config.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { ActMessage, AlertMessage, Row, TimerMessage } from '../../shared/ports.ts';
import { queueSettings } from '../../shared/queues.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { type KeptLane, memoryRows, memoryTrail, memoryTries } from '../harness/memory-trail.ts';
import { type Functions, functionsOn, type Ground, type Watch } from './functions.ts';
import { type KeptCursors, memoryCursors, memoryTimers } from './memory.ts';
import { type Machine, timeoutMs } from './process.ts';
import { createQueue, type SimQueue } from './queue.ts';
import { keptWarm, type Warm } from './warm.ts';
import type { World } from './world.ts';

/** Escalator's own functions in the simulated world: all their code, none of their machines. */
export type Product = {
  trail: ReturnType<typeof memoryTrail>;
  lane: KeptLane;
  /** an event of AWS, on its way to the intake */
  deliver(event: object): void;
  /** what functions keep to be quick is as an older form of them left it */
  upgrade(): void;
  /** all that was lost and has not come again comes now */
  deliverLost(): void;
  /** somebody's order, on its way to the command API; they try again until it is on record */
  order(ladder: string, order: Order): void;
  /** somebody says that they know of what is told under a name */
  acknowledge(alert: string): void;
  /** what is still under way */
  pending(): number;
};

const visibilityMs = 6 * timeoutMs;

export const startProduct = (machine: Machine, world: World, config: () => Config, watch: Watch): Product => {
  const { time, chance, faults } = machine;
  const lane: KeptLane = { entries: [], segments: [], contents: new Map() };
  const trail = memoryTrail(() => new Date(time.now()), `escalator/${world.account}/${world.region}`, lane);
  /** Somebody on call reads what asks for an approval, and now and then gives it. */
  const maybeApprove = ({ seq }: AlertMessage): void => {
    const { ladder, incident } = askedIn(trail.entries, seq) ?? {};
    if (ladder === undefined || incident === undefined || !chance.is(0.5)) return;
    time.at(time.now() + chance.spread(10_000, 20 * 60_000), () => tell(ladder, { name: 'approve', incident }));
  };
  const rows = new Map<string, Row>();
  const cursors: KeptCursors = { next: new Map(), tries: new Map() };
  /** What the reactor has not taken in yet, such as what it has to try several times. */
  const behind = (): number => lane.segments.length - (cursors.next.get('react') ?? 0);
  const ground: Ground = {
    world,
    config,
    trail: { ...trail, append: (groups) => trail.append(groups).finally(wake) },
    rows: memoryRows(rows),
    cursors: memoryCursors(cursors),
    timerRows: memoryTimers(),
    tries: memoryTries(),
    acts: (message, options) => acts.put(message, options),
    alerts: (message) => alerts.put(message),
    timers: (message, options) => timers.put(message, options),
    newId: () => chance.id(),
    watch: {
      ...watch,
      published: (message, topic) => {
        watch.published(message, topic);
        maybeApprove(message);
      },
    },
  };
  let upgrades = 0;
  const warm = (name: string): Warm<Functions> =>
    keptWarm(
      machine,
      name,
      (at) => functionsOn(ground, at),
      () => `${upgrades}/${config().digest}`,
    );
  const react = warm('react');

  const intake = createQueue<Functions, string[]>(machine, {
    of: warm('record-change'),
    visibilityMs,
    receives: queueSettings.urgent.receives,
    work: async ({ record }, bodies) => {
      const failed = await record(bodies);
      const left = bodies.filter((body) => failed.includes(body) || chance.is(faults.partial));
      return left.length === 0 || { left };
    },
  });
  const timers: SimQueue<TimerMessage> = createQueue<Functions, TimerMessage>(machine, {
    of: react,
    visibilityMs,
    receives: queueSettings.timers.receives,
    lossy: faults.timerLost,
    early: () => (chance.is(faults.timerEarly) ? chance.spread(1, 60_000) : 0),
    work: ({ timer }, message) => timer(message),
  });
  const acts = createQueue<Functions, ActMessage>(machine, {
    of: warm('take-step'),
    visibilityMs,
    receives: queueSettings.acts.receives,
    fifo: true,
    work: ({ takeStep }, message) => takeStep(message),
  });
  const alerts = createQueue<Functions, AlertMessage>(machine, {
    of: warm('send-alert'),
    visibilityMs,
    receives: queueSettings.alerts.receives,
    work: ({ sendAlert }, message) => sendAlert(message),
  });
  const lateDelivery = deliveryTo(machine, intake);
  /** The table's stream: one wake-up at a time, and those that come meanwhile are one. */
  let waking = false;
  const wake = (): void => {
    if (waking) return;
    waking = true;
    time.at(time.now() + chance.spread(10, 450), () => {
      waking = false;
      void react(({ follow }) => follow());
    });
  };
  const everyMinute = (): void => {
    time.at(time.now() + 60_000, everyMinute);
    void react(({ minute }) => minute());
  };
  everyMinute();

  /** A person tries again until it is done. */
  const takeCommand = warm('take-command');
  const command = (work: (functions: Functions) => Promise<unknown>): void => {
    const give = async (): Promise<void> => {
      const ending = await takeCommand(work);
      if (ending.ended !== 'done') time.at(time.now() + 5_000, () => void give());
    };
    void give();
  };
  const tell = (ladder: string, order: Order): void => {
    const said = { id: chance.id(), ladder, order, why: 'a person says so' };
    command(({ order }) => order(said));
  };
  const acknowledge = (alert: string): void => {
    const said = { id: chance.id(), alert, why: 'I am on it' };
    command(({ acknowledge: take }) => take(said));
  };

  return {
    trail,
    lane,
    order: tell,
    acknowledge,
    deliver: lateDelivery.deliver,
    upgrade: () => {
      upgrades += 1;
      for (const [key, row] of rows)
        if (chance.is(0.5)) rows.set(key, olderForm(row));
        else rows.delete(key);
    },
    deliverLost: lateDelivery.deliverLost,
    pending: () => intake.size() + acts.size() + alerts.size() + behind(),
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

/** As a queue's messages come together. */
const batchAtMost = 100;

/** A snapshot of a ladder by a form of the deciders that knew less of it. */
const olderForm = (row: Row): Row => {
  if (!row.question.startsWith('snapshot:')) return row;
  const { stop: _stop, rollbacks: _rollbacks, hold: _hold, quarantines: _quarantines, ...known } = row.body;
  return { ...row, body: { ...known, form: 'older' } };
};

/** EventBridge delivers at least once, on best effort: what is lost may come again in two weeks. */
const deliveryTo = ({ time, chance, faults }: Machine, intake: SimQueue<string[]>) => {
  let batch: string[] = [];
  const flush = (): void => {
    if (batch.length > 0) intake.put(batch);
    batch = [];
  };
  const put = (body: string): void => {
    batch.push(body);
    if (batch.length >= batchAtMost) flush();
    else if (batch.length === 1) time.at(time.now() + chance.between(0, 2_000), flush);
  };
  const lost = new Map<string, () => void>();
  const arrive = (body: string): void => {
    lost.delete(body);
    put(body);
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
