import type { Config } from '../../shared/config/config.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import { atEachPlace } from './assume-role.ts';
import type { ClientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';
import { createEyes, notLooked } from './eyes.ts';
import { createTargetClients, killSwitchOf, readsWith } from './reads.ts';

/** What ladders decide on, and what is looked at right before an act, from AWS: each where it is. */
export const createActReads = (environment: Environment, config: Config): Reads => {
  const killSwitch = killSwitchOf(environment);
  const { home, of } = atEachPlace(environment, config, 'read', (there) => actReadsWith(there, killSwitch));
  return { ...home, of };
};

const actReadsWith = (config: ClientConfig, killSwitch: Reads['killSwitch']): Omit<Reads, 'of'> => {
  const clients = createTargetClients(config);
  const eyes = createEyes(clients);
  return {
    ...readsWith(config, killSwitch, clients),
    before: async (ladder, intent, running) => ({ ...notLooked, ...(await eyes.before(ladder, intent, running)) }),
  };
};
