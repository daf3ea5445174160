import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerCall } from '../../../local/endpoint/stand-in.ts';
import { type Life, region } from './harness.ts';

/** The pipelines of a life over the wire. `lose` makes the answers to a call go missing once it was carried out. */
export const served = async (life: Life) => {
  let losing: string | null = null;
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const wire = { method: 'POST', path: '/', headers, body: Buffer.from(body) };
      const answer = await answerCall('codepipeline', life.operations, wire, 'id', () => undefined);
      if (losing !== null && headers['x-amz-target']?.endsWith(`.${losing}`) === true) response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new CodePipelineClient({ region, endpoint, credentials, maxAttempts: 1 });
  return {
    client,
    lose: (operation: string | null) => void (losing = operation),
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
