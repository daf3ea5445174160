import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readProbe } from '../../../functions/support/probe.ts';
import type { ProbeConfig } from '../../../shared/config/config.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const listening = async (server: Server | ReturnType<typeof createSocket>): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
};
const serving = (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  stops.push(() => server.closeAllConnections());
  return listening(server);
};

const now = new Date('2026-11-21T12:00:00.000Z');
const read = (url: string, over: Partial<ProbeConfig> = {}) =>
  readProbe({ url, timeout: 2_000, failures: 1, expect: ['2xx'], body: null, ...over }, () => now);

describe('a probe', () => {
  it('passes where the answer is right', async () => {
    const url = await serving((_, answer) => answer.end('it is up'));
    expect(await read(url, { body: 'it is *' })).toEqual({
      value: 'pass',
      at: now.toISOString(),
      reason: `${url} answers as wanted`,
    });
  });

  it('fails where the status is wrong, or the body', async () => {
    const url = await serving((_, answer) => answer.writeHead(503).end('down'));
    expect(await read(url)).toMatchObject({ value: 'fail', reason: `${url}: it answered 503, wanted 2xx, 1 time` });
    expect(await read(url, { expect: ['503'], body: 'up' })).toMatchObject({ value: 'fail' });
  });

  it('fails where nobody listens, and where nobody answers in time', async () => {
    const url = await serving(() => undefined);
    expect(await read(url, { timeout: 200 })).toMatchObject({
      value: 'fail',
      reason: `${url}: no answer within 200 ms, 1 time`,
    });
    const dead = createSocket();
    const gone = await listening(dead);
    await new Promise((resolve) => dead.close(resolve));
    expect(await read(gone)).toMatchObject({ value: 'fail', reason: `${gone}: ECONNREFUSED, 1 time` });
  });

  it('fails where the body does not end in time', async () => {
    const url = await serving((_, answer) => void answer.write('it is'));
    expect(await read(url, { timeout: 200 })).toMatchObject({ value: 'fail' });
  });

  it('fails where what answers is no HTTP', async () => {
    const url = await listening(createSocket((socket) => socket.end('SSH-2.0-x\r\n')));
    expect(await read(url)).toMatchObject({ value: 'fail' });
  });

  it('follows no redirection', async () => {
    let asked = 0;
    const url = await serving((request, answer) => {
      asked += 1;
      answer.writeHead(request.url === '/health' ? 302 : 200, { location: '/elsewhere' }).end();
    });
    expect(await read(url)).toMatchObject({ value: 'fail', reason: `${url}: it answered 302, wanted 2xx, 1 time` });
    expect(await read(url, { expect: ['302'] })).toMatchObject({ value: 'pass' });
    expect(asked).toBe(2);
  });

  it('is asked again as often as it says, and passes with the first right answer', async () => {
    let asked = 0;
    const url = await serving((_, answer) => answer.writeHead((asked += 1) < 2 ? 500 : 200).end());
    expect(await read(url, { failures: 3 })).toMatchObject({ value: 'pass' });
    expect(asked).toBe(2);
  });

  it('reads no more of a body than it looks at', async () => {
    let written = 0;
    const chunk = 'x'.repeat(16 * 1024);
    const url = await serving((_, answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write(chunk)) written += chunk.length;
      };
      answer.on('drain', more);
      more();
    });
    expect(await read(url, { body: 'x*' })).toMatchObject({ value: 'pass' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('tells no secret that stands in its address', async () => {
    const url = await serving((_, answer) => answer.writeHead(500).end());
    const { reason } = await read(`${url}?password=hunter2-hunter2`);
    expect(reason).not.toContain('hunter2');
  });
});
