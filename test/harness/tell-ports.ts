import { createAlertGroups } from '../../functions/support/alert-groups.ts';
import { createLadders, type Ladders } from '../../functions/support/ladders.ts';
import type { TellPorts } from '../../functions/support/tell.ts';
import { tellersOf } from '../../shared/alert/route.ts';
import { defaultTiming } from '../../shared/alert/timing.ts';
import type { Config } from '../../shared/config/config.ts';
import type { AlertMessage, Clock, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { shop } from './ladder.ts';
import { memoryRows } from './memory-trail.ts';

const source: Source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };

/** Telling people, on a trail in memory. */
export const tellPorts = (
  trail: Trail,
  over: Partial<Config> = {},
  now: Clock = () => new Date(),
): TellPorts & { ladders: Ladders } => {
  const topics = { sre: { sns: 'escalator-sre' } };
  const config = {
    digest: 'd',
    text: '',
    environments: [],
    services: [shop()],
    routes: [],
    timing: defaultTiming,
    topics,
  };
  return {
    groups: createAlertGroups(trail, memoryRows(), source),
    ladders: createLadders(trail, memoryRows(), source),
    config: { ...config, ...over },
    configDigest: 'd',
    tellers: tellersOf({ ...config, ...over }),
    now,
  };
};

/** The same, and what is sent on to be published, in the order it was. */
export const tellingPorts = (trail: Trail, over: Partial<Config>, now: Clock) => {
  const sent: AlertMessage[] = [];
  const alerts = { send: (message: AlertMessage) => Promise.resolve(void sent.push(message)) };
  return { ports: { ...tellPorts(trail, over, now), effects: { alerts } }, sent };
};
