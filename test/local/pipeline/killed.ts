import { randomUUID } from 'node:crypto';
import { createPipelines } from '../../../local/pipeline/pipelines.ts';
import { openStore } from '../../../local/store.ts';
import { account, region, shop, sourceOf } from './given.ts';

/** A process to be killed: it creates the pipeline `shop` on the data directory and repository it is given. */
const [dataDir = '', bare = ''] = process.argv.slice(2);
const log = (line: string): void => console.error(line);
const { world, transaction } = openStore({ dataDir, account, region, now: () => new Date(), newId: randomUUID, log });
const providers = {
  EscalatorDeploy: () => new Promise<never>(() => undefined),
  EscalatorSmoke: () => new Promise<never>(() => undefined),
};
const { operations, start } = createPipelines({ world, transaction, source: sourceOf(bare), providers, dataDir, log });
start();
operations.CreatePipeline?.({ pipeline: shop() });
setInterval(() => undefined, 60_000);
