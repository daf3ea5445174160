import { randomUUID } from 'node:crypto';
import { startEndpoint } from '../../../local/endpoint/endpoint.ts';
import { openStore } from '../../../local/store.ts';
import { account, noOperations, region } from './harness.ts';

/** A process to be killed: an endpoint and a store whose outbox nobody empties, told where by its first argument. */
const dataDir = process.argv[2] ?? '';
const log = (line: string): void => console.error(line);
const endpoint = await startEndpoint({ dataDir, port: 0, account, region, operations: noOperations, log });
const { world } = openStore({ dataDir, account, region, now: () => new Date(0), newId: randomUUID, log });
world.emit({ source: 'aws.codecommit', detailType: 'Thing', detail: { n: 1 } });
console.log(endpoint.url);
