import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ActionJob } from '../../../local/pipeline/provider.ts';
import { createServices, type Services, type ServicesOptions } from '../../../local/service/services.ts';
import { openStore, type Store } from '../../../local/store.ts';
import type { EmittedEvent } from '../../../local/world.ts';

/** The services of a machine, with real processes behind them. */
export type Machine = {
  dir: string;
  store: Store;
  services: Services;
  events: EmittedEvent[];
  job: (files: { [name: string]: string }, more?: Partial<ActionJob>) => ActionJob;
  /** GET on the service as its users see it: status and body */
  get: (path?: string) => Promise<[number, string]>;
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/** A server that says what it is; `/health` gives its status. */
export const server = (says: string, health = 200): string => `
import { createServer } from 'node:http';
createServer((request, response) => {
  response.writeHead(request.url === '/health' ? ${health} : 200);
  const { COMMIT: commit, RELEASE: release } = process.env;
  response.end(request.url === '/health' ? JSON.stringify({ commit, release, pid: process.pid }) : ${JSON.stringify(says)});
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

export const startMachine = async (
  options: Partial<ServicesOptions> = {},
  now: () => Date = () => new Date(),
): Promise<Machine> => {
  const dir = mkdtempSync(join(tmpdir(), 'services-'));
  const events: EmittedEvent[] = [];
  const begin = async (): Promise<void> => {
    machine.store = openStore({
      dataDir: dir,
      account: '000000000000',
      region: 'us-east-1',
      now,
      newId: randomUUID,
      log: () => undefined,
    });
    const { transaction } = machine.store;
    const emit = (event: EmittedEvent): void => {
      machine.store.world.emit(event);
      events.push(event);
    };
    machine.services = await createServices({
      world: { ...machine.store.world, emit },
      transaction,
      dir: join(dir, 'services'),
      services: [{ service: 'shop', environment: 'production' }],
      log: () => undefined,
      ...options,
    });
    machine.services.start();
  };
  const end = async (): Promise<void> => {
    await machine.services.stop();
    await machine.store.close();
  };
  const machine = {
    dir,
    events,
    job: (files: { [name: string]: string }, more: Partial<ActionJob> = {}) => jobOf(dir, files, more),
    get: async (path = '/'): Promise<[number, string]> => {
      const answer = await fetch(`${machine.services.url('shop')}${path}`);
      return [answer.status, (await answer.text()).trim()];
    },
    restart: async () => {
      await end();
      await begin();
    },
    stop: async () => {
      await end();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  } as Machine;
  await begin();
  return machine;
};

const jobOf = (dir: string, files: { [name: string]: string }, more: Partial<ActionJob>): ActionJob => {
  const id = randomUUID();
  const inputDir = join(dir, 'input', id);
  mkdirSync(inputDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(inputDir, name), text);
  return {
    pipeline: 'shop',
    stage: 'Deploy',
    action: 'Deploy',
    execution: `execution-${id.slice(0, 8)}`,
    actionExecution: id,
    configuration: { Service: 'shop', DeadlineSeconds: '5' },
    inputDir,
    commit: id.replaceAll('-', '').padEnd(40, '0'),
    rollback: false,
    signal: new AbortController().signal,
    ...more,
  };
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
