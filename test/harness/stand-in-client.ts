import type { Members, Operations } from '../../local/endpoint/operations.ts';

/** A client of AWS's that asks the operations of a stand-in in this process, without a wire between. */
export const clientOf = <Client>(operations: Operations): Client =>
  ({
    send: async (command: { constructor: { name: string }; input: Members }): Promise<unknown> =>
      operations[command.constructor.name.replace(/Command$/, '')]?.(command.input),
  }) as Client;
