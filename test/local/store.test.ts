import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore, type Store } from '../../local/store.ts';
import type { EmittedEvent } from '../../local/world.ts';

let dataDir: string;
let stores: Store[];
let ids: number;

const open = (log: (line: string) => void = () => undefined): Store => {
  const store = openStore({
    dataDir,
    account: '000000000000',
    region: 'us-east-1',
    now: () => new Date('2026-11-21T04:05:06.789Z'),
    newId: () => `id-${(ids += 1)}`,
    log,
  });
  stores.push(store);
  return store;
};

const event = (n: number): EmittedEvent => ({ source: 'test', detailType: 'Thing', detail: { n } });
const numbers = (events: EmittedEvent[]): unknown[] => events.map((delivered) => delivered.detail.n);
const at = (): number => 0;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'store-'));
  stores = [];
  ids = 0;
});

afterEach(async () => {
  for (const store of stores) await store.close().catch(() => undefined);
  rmSync(dataDir, { recursive: true });
});

describe('the outbox', () => {
  it('delivers what was emitted, in the order of emission, with the id and time of the emission', async () => {
    const { world, pump } = open();
    const delivered: EmittedEvent[] = [];
    world.emit(event(1));
    pump(async (one) => void delivered.push(one));
    world.emit(event(2));
    world.emit(event(3));
    await vi.waitFor(() => expect(numbers(delivered)).toEqual([1, 2, 3]));
    expect(delivered[0]).toEqual({ ...event(1), id: 'id-1', time: new Date('2026-11-21T04:05:06.789Z') });
  });

  it('never delivers what a transaction that failed had emitted', async () => {
    const { world, transaction, pump } = open();
    const delivered: EmittedEvent[] = [];
    pump(async (one) => void delivered.push(one));
    const failing = (): never =>
      transaction(() => {
        world.emit(event(1));
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    world.emit(event(2));
    await vi.waitFor(() => expect(numbers(delivered)).toEqual([2]));
  });

  it('delivers nothing before the outermost transaction has committed', async () => {
    const { world, transaction, pump } = open();
    const delivered: EmittedEvent[] = [];
    pump(async (one) => void delivered.push(one));
    const failing = (): never =>
      transaction(() => {
        transaction(() => world.emit(event(1)));
        throw new Error('after the inner one');
      });
    expect(failing).toThrow('after the inner one');
    transaction(() => world.emit(event(2)));
    await vi.waitFor(() => expect(numbers(delivered)).toEqual([2]));
  });

  it('tries again, in order, until the bus takes an event', async () => {
    const { world, pump } = open();
    const delivered: EmittedEvent[] = [];
    let refusals = 3;
    pump(async (one) => {
      if ((refusals -= 1) >= 0) throw new Error('busy');
      delivered.push(one);
    }, at);
    world.emit(event(1));
    world.emit(event(2));
    await vi.waitFor(() => expect(numbers(delivered)).toEqual([1, 2]));
  });

  it('delivers again, under the same id, what a killed process may or may not have delivered', async () => {
    const first = open();
    const seen: EmittedEvent[] = [];
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    first.world.emit(event(1));
    first.pump((one) => {
      seen.push(one);
      arrived();
      return new Promise(() => undefined); // the process is killed before this answers
    });
    await arrival;
    open().pump(async (one) => void seen.push(one));
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen[1]).toEqual(seen[0]);
    stores = stores.slice(1); // the killed one closes nothing
  });

  it('sets an event aside that no try could deliver, says so, and goes on with the next', async () => {
    const lines: string[] = [];
    const { world, pump } = open((line) => lines.push(line));
    const delivered: EmittedEvent[] = [];
    pump(async (one) => {
      if (one.detail.n === 1) throw new Error('poison');
      delivered.push(one);
    }, at);
    world.emit(event(1));
    world.emit(event(2));
    await vi.waitFor(() => expect(numbers(delivered)).toEqual([2]));
    expect(world.db.prepare('SELECT count(*) AS n FROM outbox_dead').get()).toEqual({ n: 1 });
    expect(lines.at(-1)).toMatch(/set aside: Error: poison/);
  });
});

describe('a transaction', () => {
  it('refuses work that waits, and undoes it', () => {
    const { world, transaction } = open();
    world.db.exec('CREATE TABLE things (n INTEGER)');
    expect(() =>
      transaction(async () => {
        world.db.exec('INSERT INTO things VALUES (1)');
      }),
    ).toThrow('must not be asynchronous');
    expect(world.db.prepare('SELECT count(*) AS n FROM things').get()).toEqual({ n: 0 });
  });
});
