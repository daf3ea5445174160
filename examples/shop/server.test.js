// What a build can know of the shop: that it starts where it is told to, and leaves when it is asked to. Whether it is
// healthy is asked of the release that runs, by the Smoke stage and by the alarms: that is what this example shows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

let server;
let address;

const freePort = async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
};

before(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  const file = new URL('server.js', import.meta.url).pathname;
  server = spawn(process.execPath, [file], { env: { PORT: String(port), COMMIT: 'test' }, stdio: 'inherit' });
});

after(() => server.kill('SIGKILL'));

test('the shop answers on the port it is given', { timeout: 10_000 }, async () => {
  for (;;) {
    const answer = await fetch(address).catch(() => null);
    if (answer !== null) return;
    assert.equal(server.exitCode, null, 'it ended before it answered');
    await pause(20);
  }
});

test('the shop leaves when it is asked to', { timeout: 10_000 }, async () => {
  const left = once(server, 'exit');
  server.kill('SIGTERM');
  await left;
});
