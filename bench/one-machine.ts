/**
 * What the one-machine product costs its user: `npm run bench`. Three questions, each asked of the real process:
 * how long a second start takes, how long after `git push` ended its entry can be read, and how much memory the
 * process holds after 10,000 entries. Prints a table; asserts nothing about time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Answer, awsOf, cloneOf, type Product, startProduct, temporary } from '../test/harness/product.ts';

const pushes = 10;
const starts = 5;
const entries = 10_000;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const range = (values: number[]): string =>
  `${Math.round(median(values))} [${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}]`;

const secondStarts = async (data: string): Promise<number[]> => {
  const took: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const began = performance.now();
    const product = await startProduct(data);
    took.push(performance.now() - began);
    await product.stop();
  }
  return took;
};

/** From the end of `git push` to the entry being answered by the query API. */
const pushesToEntries = async (product: Product, dir: string): Promise<number[]> => {
  const clone = await cloneOf(product.ready.git, dir);
  const took: number[] = [];
  for (let push = 0; push < pushes; push += 1) {
    const commit = await clone.push(`measured ${push}`, { 'BENCH.md': `${push}\n` });
    const pushed = performance.now();
    await product.until('the entry', async () => {
      const { items } = await product.get(`/api/entries?kind=reference.updated&limit=1`);
      return items.some((item: Answer) => item.change?.commit === commit);
    });
    took.push(performance.now() - pushed);
  }
  return took;
};

const fill = async (product: Product): Promise<void> => {
  const client = new EventBridgeClient(awsOf(product));
  for (let sent = 0; sent < entries; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Source: 'aws.ecr',
      DetailType: 'ECR Image Action',
      Detail: JSON.stringify({ 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': `r-${sent + index}` }),
    }));
    await client.send(new PutEventsCommand({ Entries }));
  }
  await product.until(
    `${entries} entries`,
    async () => (await product.get('/api/entries?limit=1')).items[0]?.seq >= entries,
    300_000,
  );
};

/** Resident memory of the product's process alone (Linux; MB). */
const memoryOf = (product: Product): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${product.process.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

const place = temporary();
const data = join(place.dir, 'data');
const first = await startProduct(data);
const toEntry = await pushesToEntries(first, join(place.dir, 'clone'));
await first.stop();
const took = await secondStarts(data);
const loaded = await startProduct(data);
await fill(loaded);
const memory = memoryOf(loaded);
await loaded.stop();
place.remove();

console.log('| what | median [min-max] | goal |');
console.log('| --- | --- | --- |');
console.log(`| ready at a second start (ms, ${starts} starts) | ${range(took)} | < 5,000 |`);
console.log(`| from the end of git push to the entry visible (ms, ${pushes} pushes) | ${range(toEntry)} | < 500 |`);
console.log(`| resident memory after ${entries} entries (MB) | ${Math.round(memory)} | < 400 |`);
