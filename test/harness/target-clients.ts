import type { TargetClients } from '../../functions/support/eyes.ts';

/** One who answers for every AWS service. */
export const oneForAll = (client: { send: (command: object) => Promise<object> }): TargetClients => {
  const anyOf = <Client>(): Client => client as unknown as Client;
  return {
    codePipeline: anyOf(),
    autoScaling: anyOf(),
    codeDeploy: anyOf(),
    ecs: anyOf(),
    lambda: anyOf(),
    ssm: anyOf(),
  };
};
