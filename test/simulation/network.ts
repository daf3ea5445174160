import { look, lookSoon, networkAlarm } from './services.ts';
import type { World } from './world.ts';

/** What the services of an environment stand on: where it is built anew it is empty, until they are deployed into it. */
export type Network = { up: boolean; built: number };

/** The pipeline that builds it. */
export const networkPipeline = 'network';

const lookAtAll = (world: World): void => {
  world.time.at(world.time.now() + world.chance.spread(1_000, 60_000), () => look(world, networkAlarm));
  for (const service of world.services) lookSoon(world, service);
};

export const networkFails = (world: World): void => {
  if (world.network === null) return;
  world.network.up = false;
  lookAtAll(world);
};

export const buildNetwork = (world: World): void => {
  if (world.network === null) return;
  world.network = { up: true, built: world.network.built + 1 };
  lookAtAll(world);
};

/** A person brings it back as it was, with all that stands on it. */
export const mendNetwork = (world: World): void => {
  if (world.network === null) return;
  world.network.up = true;
  for (const service of world.services) service.standsOn = world.network.built;
  lookAtAll(world);
};
