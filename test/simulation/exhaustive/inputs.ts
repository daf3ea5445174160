import type { Order } from '../../../shared/ladder/input.ts';
import { comeUp, changeTo } from '../services.ts';
import { enter, leave, sourceSucceeded, startExecution } from '../pipelines.ts';
import type { Machine } from './machine.ts';
import { drain } from './machine.ts';

/**
 * The twelve kinds of input. Each kind of check comes and goes (a level in the middle, the last level) and one goes
 * blind; time comes to what the ladder waits for; what was started ends well or badly; and people come between: with
 * a newer change, a hold, the kill switch, and an order to act. What a process may do wrong is no kind of its own: it
 * may end at every effect of every input.
 */
export type Kind = {
  name: string;
  /** what happens, at once; false where it cannot happen now, or would change nothing */
  happens(machine: Machine): boolean;
  /** what a process does about it besides taking in what AWS says; done again where the process ends in it */
  work?(machine: Machine): Promise<unknown>;
};

const alarm = (what: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') => ({
  happens: ({ world }: Machine): boolean => {
    const one = world.alarms.get(`shop-${what}`);
    if (one === undefined || one.state === state) return false;
    changeTo(world, one, state);
    return true;
  },
});

const order = (machine: Machine, said: Order) =>
  machine.in('take-command').order({
    id: `order-${machine.durable.now}`,
    ladder: 'production/shop',
    order: said,
    why: 'a person says so',
  });

/** What AWS has under way: an execution in the stage, one on its way there, a node on its way. */
const ends = (machine: Machine, badly: boolean): boolean => {
  const { world } = machine;
  const pipeline = world.pipeline('shop');
  const { inStage } = pipeline;
  if (inStage !== null) {
    const ended = badly ? 'Failed' : 'Succeeded';
    return (leave(world, pipeline, inStage, inStage.status === 'Stopping' ? 'Stopped' : ended), true);
  }
  const coming = pipeline.executions.find((one) => one.status === 'InProgress' && one !== pipeline.waiting);
  if (coming !== undefined && badly) return ((coming.status = 'Failed'), true);
  if (coming !== undefined) {
    world.tell(sourceSucceeded(world, pipeline, coming));
    return (enter(world, pipeline, coming), true);
  }
  const service = world.service('shop');
  if (badly || service.nodes.length >= 2) return false;
  return (comeUp(world, service), true);
};

export const timePasses: Kind = {
  name: 'time passes',
  happens: ({ durable }) => {
    const [due] = [...durable.timers.values()].map((timer) => Date.parse(timer.due)).toSorted((a, b) => a - b);
    durable.now = Math.max(durable.now + 1_000, due ?? durable.now + 60_000);
    return true;
  },
  work: (machine) => machine.in('react').minute(),
};

export const endsWell: Kind = {
  name: 'what was started ends well',
  happens: (machine) => ends(machine, false),
};

export const kinds: Kind[] = [
  { name: 'smoke fails', ...alarm('smoke', 'ALARM') },
  { name: 'smoke passes', ...alarm('smoke', 'OK') },
  { name: 'smoke goes blind', ...alarm('smoke', 'INSUFFICIENT_DATA') },
  { name: 'node fails', ...alarm('node', 'ALARM') },
  { name: 'node passes', ...alarm('node', 'OK') },
  timePasses,
  endsWell,
  { name: 'what was started ends badly', happens: (machine) => ends(machine, true) },
  {
    name: 'a newer change comes to the stage',
    happens: ({ world }) => {
      const pipeline = world.pipeline('shop');
      const execution = startExecution(world, pipeline, world.chance.id());
      world.tell(sourceSucceeded(world, pipeline, execution));
      enter(world, pipeline, execution);
      return true;
    },
  },
  {
    name: 'a person holds it, or resumes it',
    happens: ({ durable }) => {
      durable.aws.held = !durable.aws.held;
      return true;
    },
    work: (machine) => order(machine, { name: machine.durable.aws.held ? 'hold' : 'resume' }),
  },
  {
    name: 'the kill switch is thrown, or let go',
    happens: ({ durable, world }) => {
      durable.aws.killSwitch = durable.aws.killSwitch === 'allow' ? 'stop' : 'allow';
      world.killSwitch = durable.aws.killSwitch;
      return true;
    },
  },
  {
    name: 'a person forces the deploy level',
    happens: () => true,
    work: (machine) => order(machine, { name: 'force', level: 'deploy' }),
  },
];

/** Lets an input happen, and everything that follows from it. Answers false where it could not happen. */
export const take = async (machine: Machine, kind: Kind, how?: 'acts are late'): Promise<boolean> => {
  machine.durable.now += 1_000;
  if (!kind.happens(machine)) return false;
  await goOn(machine, kind, how);
  return true;
};

/** What follows from an input: also where a process ended in the middle of it. */
export const goOn = async (machine: Machine, kind: Kind, how?: 'acts are late'): Promise<void> => {
  await kind.work?.(machine);
  await drain(machine, how);
  machine.invariants.step();
};
