import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { tableOf } from '../../../functions/support/dynamo-table.ts';
import { environmentFrom } from '../../../functions/support/environment.ts';

const isOver = { statusCode: 503 };

describe('a client of AWS', () => {
  let server: Server;
  let calls: number;
  let answer: typeof isOver | null;
  beforeEach(async () => {
    calls = 0;
    server = createServer((_request, response) => {
      calls += 1;
      if (answer !== null) response.writeHead(answer.statusCode).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const client = (more: { maxAttempts?: number } = {}) => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { ...environmentFrom({}), region: 'us-east-1', endpoint };
    const config = clientConfig(environment);
    // As it is, but for a test that does not wait so long.
    const requestHandler = { ...config.requestHandler, requestTimeout: 50 };
    return new SSMClient({ ...config, requestHandler, ...more });
  };
  const ask = new GetParameterCommand({ Name: '/escalator/acting' });

  it('gives up a call that nobody answers, rather than wait for ever', async () => {
    answer = null;
    await expect(client().send(ask)).rejects.toThrow(/did not|timed out|timeout/i);
    expect(calls).toBe(3);
  });

  it('makes a call that failed three times in all, and one that must not be made twice once', async () => {
    answer = isOver;
    await expect(client().send(ask)).rejects.toMatchObject({ $metadata: { httpStatusCode: 503, attempts: 3 } });
    await expect(client({ maxAttempts: 1 }).send(ask)).rejects.toMatchObject({ $metadata: { attempts: 1 } });
    expect(calls).toBe(4);
  });

  it('of a table goes over the connections of all others of that table, also where it calls once', async () => {
    answer = isOver;
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { ...environmentFrom({}), region: 'us-east-1', endpoint };
    const [one, other, once] = [tableOf(environment), tableOf(environment), tableOf(environment, { maxAttempts: 1 })];
    for (const { client: asks } of [once, one, other, once])
      await expect(asks.send(new ListTablesCommand({}))).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect([calls, connections]).toEqual([1 + 3 + 3 + 1, 1]);
  });
});
