import type { Config, LevelConfig } from '../../../shared/config/config.ts';
import { level, shop } from '../../harness/ladder.ts';
import { enter, startExecution } from '../pipelines.ts';
import { type Durable, fork, newDurable } from './durable.ts';
import { goOn, type Kind, kinds, take } from './inputs.ts';
import { machineOn } from './machine.ts';

const start = Date.parse('2026-11-21T00:00:00.000Z');

const node = level('node', { do: { type: 'replace-instances', group: 'shop-asg' }, quiescence: 180_000 });

/** @param between levels between that of the node and that of the release */
const configOf = (between: LevelConfig[], checks: Config['services'][number]['checks'] = {}): Config => ({
  digest: 'd',
  text: '',
  environments: [],
  services: [
    shop({ levels: [node, ...between, level('deploy')], checks: { ...shop().checks, ...checks }, bake: 600_000 }),
  ],
  routes: [],
  topics: { sre: { sns: 'escalator-sre' } },
});

const plain = configOf([]);
const retrying = configOf([level('retry', { do: { type: 'retry-stage' } })], {
  delivery: { name: 'delivery', pipeline: 'shop', stage: 'Deploy', level: 'retry' },
});
const stopping = (abandon: boolean): Config =>
  configOf([level('stop', { do: { type: 'stop-execution', abandon } })], {
    smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'stop' },
  });

export const named = (name: string): Kind => {
  const found = kinds.find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`there is no kind of input ${name}`);
  return found;
};

const play = async (durable: Durable, names: string[]): Promise<Durable> => {
  for (const name of names) await take(machineOn(durable), named(name));
  return durable;
};

const [pushed, passes, well] = ['a newer change comes to the stage', 'time passes', 'what was started ends well'];
const baked = Array<string>(12).fill(passes);

/** A release that is good by now and a recent one in its place, all checks passing: where there is something to lose. */
const healthy = (config = plain): Promise<Durable> =>
  play(newDurable(config, start), [pushed, well, 'smoke passes', 'node passes', ...baked, pushed, well, passes]);

/** What runs is put there once more, and stands still in the stage. */
const hanging = async (abandon: boolean): Promise<Durable> => {
  const durable = await healthy(stopping(abandon));
  const machine = machineOn(durable);
  const pipeline = machine.world.pipeline('shop');
  const commit = machine.world.service('shop').release ?? '';
  enter(machine.world, pipeline, startExecution(machine.world, pipeline, commit));
  await goOn(machine, named(passes));
  return play(durable, ['smoke fails']);
};

/**
 * Where sequences begin, and how many inputs fewer they have there: what an action of its own adds is seen in its first
 * inputs, and all that follows is as everywhere.
 */
export const beginnings: { [name: string]: { begin: () => Promise<Durable>; fewer: number } } = {
  'all is well': { begin: () => healthy(), fewer: 0 },
  'a redeployment has not helped, and going back is next': {
    begin: async () => {
      let durable = await play(await healthy(), ['smoke fails', passes, well]);
      for (;;) {
        const next = await play(fork(durable), [passes]);
        if (next.memory.ladders.get('production/shop')?.incident?.attempt !== 1) return durable;
        durable = next;
      }
    },
    fewer: 0,
  },
  'a check fails, and CodePipeline takes no rollback': {
    begin: async () => {
      const durable = await healthy();
      durable.aws.refusesRollback = true;
      return play(durable, ['smoke fails']);
    },
    fewer: 0,
  },
  'a stage failed, and a level retries it': {
    begin: async () => play(await healthy(retrying), [pushed, 'what was started ends badly']),
    fewer: 1,
  },
  'a deployment stands still, and a level stops it': { begin: () => hanging(false), fewer: 1 },
  'a deployment stands still, and a level abandons it': { begin: () => hanging(true), fewer: 1 },
};
