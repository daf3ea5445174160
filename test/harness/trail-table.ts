import { CreateTableCommand, DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { AddressInfo } from 'node:net';
import { type Key, tableDefinition, tableOf } from '../../functions/support/dynamo-table.ts';
import { type Environment, environmentFrom } from '../../functions/support/environment.ts';

export type TrailTables = { make: () => Promise<Environment>; close: () => void };

/** A true DynamoDB protocol in this process, on a free port; each environment has a table of its own. */
export const startTrailTables = async (): Promise<TrailTables> => {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let tables = 0;
  const make = async (): Promise<Environment> => {
    const table = `trail-${(tables += 1)}`;
    const environment = { ...environmentFrom({}), account: '000000000000', region: 'us-east-1', endpoint, table };
    await tableOf(environment).client.send(new CreateTableCommand(tableDefinition(table)));
    return environment;
  };
  return { make, close: () => void server.close() };
};

/** Deletes all items whose partition key begins so; answers how many there were. */
export const deleteItems = async (environment: Environment, ...prefixes: string[]): Promise<number> => {
  const { client, name } = tableOf(environment);
  const doomed: { [name in keyof Key]: { S: string } }[] = [];
  for await (const page of paginateScan({ client }, { TableName: name })) {
    for (const { pk, sk } of page.Items ?? [])
      if (prefixes.some((prefix) => pk?.S?.startsWith(prefix))) doomed.push({ pk, sk } as (typeof doomed)[number]);
  }
  for (const item of doomed) await client.send(new DeleteItemCommand({ TableName: name, Key: item }));
  return doomed.length;
};
