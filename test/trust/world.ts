import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiFrom } from '../../cli/api.ts';
import { runProgram } from '../../cli/program.ts';
import { questionApi } from '../../functions/answer-question/answer-question.ts';
import { proofApi } from '../../functions/answer-question/proofs.ts';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { recordChange } from '../../functions/record-change/record-change.ts';
import { sealing } from '../../functions/seal-trail/handler.ts';
import { createLane } from '../../functions/support/dynamo-lane.ts';
import { createRows } from '../../functions/support/dynamo-rows.ts';
import { fromItem, type Item, type Key, tableOf, toItem } from '../../functions/support/dynamo-table.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { type Environment, laneOf } from '../../functions/support/environment.ts';
import { keyedDigest } from '../../functions/support/keyed-digest.ts';
import { shippedFrom } from '../harness/shipped.ts';
import { loadConfig } from '../../local/load-config.ts';
import { archiveOf, signerOf } from '../../functions/support/seals.ts';
import { handlerFor as takeCommand } from '../../functions/take-command/handler.ts';
import { locateIn } from '../../shared/event/locate.ts';
import type { Clock, Objects } from '../../shared/ports.ts';
import type { Draft, Entry } from '../../shared/trail/entry.ts';
import { keys } from '../../shared/trail/keys.ts';
import { groupOf } from '../harness/drafts.ts';
import { temporary } from '../harness/product.ts';
import type { TrailTables } from '../harness/trail-table.ts';

export type Said = { code: number; out: string; err: string };
export type World = Awaited<ReturnType<typeof startWorld>>;

const second = 1_000;
const shopConfig = fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url));

/**
 * The product as it runs, in one process and in time that is moved: the real trail over a DynamoDB, the real sealer, an
 * archive in a directory, a key in a file, the real API over HTTP and the real command line.
 *
 * @param like a world whose account, key and time this one shares, as if the same product had recorded something else
 */
export const startWorld = async (tables: TrailTables, like?: { dir: string }) => {
  const place = temporary();
  const at = (...names: string[]): string => join(place.dir, ...names);
  const [archive, sealKey] = [
    { dir: at('archive'), bucket: '' },
    { file: join(like?.dir ?? place.dir, 'seal.key'), kms: '' },
  ];
  const digestKeyFile = at('digest.key');
  const environment: Environment = {
    ...(await tables.make()),
    archive,
    sealKey,
    digestKeyFile,
    configFile: shippedFrom(shopConfig),
  };
  writeFileSync(environment.digestKeyFile, randomBytes(32));
  const clock = { ms: Date.parse('2026-11-21T04:00:00Z'), random: 0 };
  const stop = { sealing: false };
  const now = () => new Date((clock.ms += 1));
  const trail = createTrail(environment, { now });
  const seal = sealing(environment, { now, random: () => clock.random });
  const details = new Map<string, Uint8Array>();
  const { url, close } = await listen(apiOf(environment, now, objectsIn(details)));
  const index = indexTrail(environment);

  const run = async (...args: string[]): Promise<Said> => {
    await index();
    const said: Said = { code: -1, out: '', err: '' };
    said.code = await runProgram(
      {
        api: apiFrom({ ESCALATOR_URL: url }),
        print: (line) => void (said.out += `${line}\n`),
        remark: (line) => void (said.err += `${line}\n`),
        now: () => new Date(clock.ms),
        pause: async (ms) => {
          clock.ms += ms;
          if (!stop.sealing) await seal();
          await index();
        },
        colours: false,
        width: Infinity,
        stdin: async function* () {},
      },
      args,
    );
    return said;
  };

  return {
    dir: place.dir,
    at,
    url,
    environment,
    clock,
    /** what somebody keeps from happening */
    stop,
    trail,
    lane: createLane(environment),
    details,
    digest: keyedDigest(environment.digestKeyFile),
    table: tableItems(environment),
    inArchive: (path: string) => join(archive.dir, laneOf(environment), path),
    /** puts facts of these names on record, one segment for each, a second apart */
    record: async (...names: string[]) => {
      for (const name of names) {
        clock.ms += second;
        await trail.append([groupOf(`test#${name}`, { reason: name })]);
      }
    },
    /** puts facts on record that say this of themselves */
    recordDraft: (key: string, draft: Partial<Draft>) => trail.append([groupOf(key, draft)]),
    /** lets events come in, as EventBridge and the queue hand them over */
    deliver: (...events: unknown[]) =>
      recordChange({
        trail,
        objects: objectsIn(details),
        context: {
          account: environment.account,
          region: environment.region,
          locate: locateIn(loadConfig(shopConfig)),
          digest: keyedDigest(environment.digestKeyFile),
          identitiesVerified: true,
        },
        trouble: (error) => {
          throw error;
        },
      })(events.map((event, index) => ({ id: String(index), body: JSON.stringify(event) }))),
    /** one call of the sealer; answers what it found */
    seal,
    /** calls of the sealer that look everywhere, and what the first that found something said */
    sealAndLookEverywhere: async (): Promise<string[]> => {
      const segments = (await trail.latest(Number.MAX_SAFE_INTEGER, 1))[0]?.segment ?? 0;
      for (let from = 0; from <= segments; from += 20) {
        clock.random = from / (segments + 1);
        const found = await seal();
        if (found.length > 0) return found;
      }
      return [];
    },
    entries: async (): Promise<Entry[]> => (await trail.since(0, 1_000)).flatMap(({ entries }) => entries),
    index,
    run,
    /** takes evidence away under a name, and the key if it was not there yet */
    export: async (name: string, ...args: string[]): Promise<Said> => {
      const said = await run('export', '--out', at(name), '--by', 'ada', ...args);
      writeFileSync(at('escalator.key'), (await run('key')).out);
      return said;
    },
    verify: (name: string, ...args: string[]): Promise<Said> =>
      run('verify', at(name), '--key', at('escalator.key'), ...args),
    read: (...names: string[]): string => readFileSync(at(...names), 'utf8'),
    write: (names: string[], text: string): void => writeFileSync(at(...names), text),
    close: async () => {
      await close();
      place.remove();
    },
  };
};

const objectsIn = (held: Map<string, Uint8Array>): Objects => ({
  put: (sha256, body) => Promise.resolve(void held.set(sha256, body)),
  get: (sha256) => Promise.resolve(held.get(sha256) ?? null),
});

const apiOf = (environment: Environment, now: Clock, objects: Objects): Hono => {
  const proofs = {
    lane: createLane(environment),
    archive: archiveOf(environment),
    objects,
    key: async () => (await signerOf(environment)).key,
  };
  return new Hono()
    .route('/', takeCommand(environment, { now }))
    .route('/', proofApi(proofs))
    .route(
      '/',
      questionApi({ trail: createTrail(environment), rows: createRows(environment) }, () => ({})),
    );
};

const listen = async (api: Hono): Promise<{ url: string; close: () => Promise<void> }> => {
  const server = serve({ fetch: api.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((resolve) => server.close(() => resolve())) };
};

/** What whoever has rights on the table can do with it: anything. */
const tableItems = (environment: Environment) => {
  const { client, name: TableName } = tableOf(environment);
  const lane = laneOf(environment);
  const keyOf = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });
  const get = async (key: Key): Promise<Item & Key> => {
    const { Item: item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
    if (item === undefined) throw new Error(`${key.pk} ${key.sk} is not there`);
    return fromItem(item) as Item & Key;
  };
  return {
    get,
    segment: (n: number) => get(keys.segment(lane, n)),
    put: async (item: Item & Key) => void (await client.send(new PutItemCommand({ TableName, Item: toItem(item) }))),
    remove: async (key: Key) => void (await client.send(new DeleteItemCommand({ TableName, Key: keyOf(key) }))),
    removeSegment: async (n: number) =>
      void (await client.send(new DeleteItemCommand({ TableName, Key: keyOf(keys.segment(lane, n)) }))),
  };
};

const fixtures = fileURLToPath(new URL('../fixtures/events/', import.meta.url));

/** An event from the fixtures, as if it were of the account and Region here. */
export const fixture = (path: string): { [field: string]: unknown } => {
  const text = readFileSync(join(fixtures, path), 'utf8');
  const here = text.replaceAll('111122223333', '000000000000').replaceAll('eu-west-1', 'us-east-1');
  return JSON.parse(here) as { [field: string]: unknown };
};
