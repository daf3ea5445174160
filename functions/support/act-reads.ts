import type { Reads } from '../../shared/ladder/reads.ts';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';
import { createEyes, notLooked } from './eyes.ts';
import { createReads, createTargetClients } from './reads.ts';

/** What a ladder decides on, and what is looked at right before an act, from AWS. */
export const createActReads = (environment: Environment): Reads => {
  const clients = createTargetClients(clientConfig(environment));
  const eyes = createEyes(clients);
  return {
    ...createReads(environment, clients),
    before: async (ladder, intent, running) => ({ ...notLooked, ...(await eyes.before(ladder, intent, running)) }),
  };
};
