import type { Call, Command } from './calls.ts';

/**
 * The same calls to the same endpoints, one after the other, with nothing thought between them. Reads ask for the same;
 * writes go beside what they went to, so that their conditions hold; what is sent goes to a queue that nobody reads.
 *
 * @returns how long they took (ms)
 */
export const replay = async (path: Call[], queue: string): Promise<number> => {
  const calls = path.map(({ client, command }) => ({ client, command: beside(command, queue) }));
  const began = performance.now();
  for (const { client, command } of calls) await client.send(command);
  return performance.now() - began;
};

let replays = 0;

const beside = (command: Command, queue: string): Command => {
  const Kind = command.constructor as unknown as new (input: object) => Command;
  const input = structuredClone(command.input);
  replays += 1;
  if ('QueueUrl' in input) input['QueueUrl'] = queue;
  for (const item of written(input)) item.pk = { S: `${item.pk.S}~${replays}` };
  return new Kind(input);
};

type Keyed = { pk: { S: string } };
type Written = {
  Item?: Keyed;
  Key?: Keyed;
  RequestItems?: { [table: string]: { PutRequest?: { Item: Keyed } }[] | { Keys: Keyed[] } };
};

/** The items that a call writes. */
const written = (input: Written): Keyed[] => {
  const batches = Object.values(input.RequestItems ?? {})
    .filter(Array.isArray)
    .flat();
  return [input.Item, input.Key, ...batches.map(({ PutRequest }) => PutRequest?.Item)].filter(
    (item) => item !== undefined,
  );
};
