import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A call of an SDK client, and what it was answered at (ms). */
export type Call = { by: string; client: Client; command: Command; answeredAt: number };
export type Client = { send: (command: Command) => Promise<object> };
export type Command = { input: { [field: string]: unknown }; constructor: { name: string } };

const working = new AsyncLocalStorage<string>();
let onCall: (call: Call) => void = () => {};

/** All work done in the name of a function is known by it. */
export const inTheNameOf = <T>(name: string, work: () => Promise<T>): Promise<T> => working.run(name, work);

/** Who hears of each call of a function once it was answered. */
export const listenTo = (heard: (call: Call) => void): void => {
  onCall = heard;
};

/** All clients of the SDK send in one way, which they inherit. */
const inherited = Object.getPrototypeOf(DynamoDBClient.prototype) as { send: (...args: unknown[]) => Promise<object> };
const send = inherited.send;
inherited.send = async function (this: Client, ...args: unknown[]) {
  const answer = await send.apply(this, args);
  const by = working.getStore();
  if (by !== undefined) onCall({ by, client: this, command: args[0] as Command, answeredAt: performance.now() });
  return answer;
};
