import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's Prometheus Alertmanager, which posts what it tells to a webhook here. */
export type Alertmanager = { post: (alerts: PostedAlert[]) => Promise<void>; cpu: () => number; stop: () => void };

/** An alert as Alertmanager's API takes it (POST /api/v2/alerts). */
export type PostedAlert = { labels: { [name: string]: string }; annotations: { [name: string]: string } };

/** How it gathers what belongs together: by the label `group`. */
export type Gathering = { wait: string; interval: string };

/** Whether there is one. Where not, says so. */
export const hasAlertmanager = (): boolean => {
  if (spawnSync('prometheus-alertmanager', ['--version']).status === 0) return true;
  console.log('skipped: prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)');
  return false;
};

/** @param told hears of each message: its body, as it was posted to the webhook */
export const startAlertmanager = async (
  { wait, interval }: Gathering,
  told: (body: string) => void,
): Promise<Alertmanager> => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-alertmanager-'));
  const webhook = await listen(told);
  const file = join(dir, 'alertmanager.yml');
  const route = `{ receiver: hook, group_by: [group], group_wait: ${wait}, group_interval: ${interval}, repeat_interval: 4h }`;
  writeFileSync(file, `route: ${route}\nreceivers: [{ name: hook, webhook_configs: [{ url: '${webhook.url}' }] }]\n`);
  const address = `127.0.0.1:${await freePort()}`;
  const where = [`--config.file=${file}`, `--storage.path=${join(dir, 'data')}`, `--web.listen-address=${address}`];
  const child = spawn('prometheus-alertmanager', [...where, '--cluster.listen-address=', '--log.level=error'], {
    stdio: 'ignore',
  });
  await untilReady(child, `http://${address}/-/ready`);
  return {
    post: (alerts) => post(`http://${address}/api/v2/alerts`, alerts),
    cpu: () => cpuOf(child.pid ?? 0),
    stop: () => {
      child.kill('SIGKILL');
      webhook.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const listen = async (told: (body: string) => void): Promise<{ url: string; close: () => void }> => {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      told(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const untilReady = async (child: ChildProcess, url: string): Promise<void> => {
  while (child.exitCode === null) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  throw new Error(`Alertmanager ended with ${child.exitCode}`);
};

const post = async (url: string, alerts: PostedAlert[]): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(alerts) });
  if (status !== 200) throw new Error(`Alertmanager answered ${status}`);
};

/** CPU time of a process, in ms (proc(5), fields 14 and 15, in hundredths of a second). */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
