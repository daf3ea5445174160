import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEntries, awsOf, type Answer, type Product, startProduct, temporary } from '../harness/product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

describe('events put on the bus', { timeout: 180_000 }, () => {
  const place = temporary();
  let product: Product;
  beforeAll(async () => {
    product = await startProduct(join(place.dir, 'data'));
    // The first release becomes good a moment after it went out: then nothing more comes by itself.
    await product.until('a last good release', async () =>
      (await product.get('/api/releases')).items.some((release: Answer) => release.lastGood),
    );
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const aws = () => awsOf(product);
  const newest = async (): Promise<Answer> => (await product.get('/api/entries?limit=1')).items[0];
  const escalator = (...args: string[]) =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', 'cli/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, ESCALATOR_URL: product.ready.console },
      maxBuffer: 64 * 1024 * 1024,
    });
  const quiet = async (): Promise<number> => {
    let last = -1;
    return product.until('nothing new is recorded', async () => {
      const { seq } = await newest();
      const same = seq === last;
      last = seq;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return same ? seq : null;
    });
  };

  it('500 in one second are all on the record within 10 s, without a gap', async () => {
    const client = new EventBridgeClient(aws());
    const puts = Array.from({ length: 50 }, (_, batch) =>
      client.send(
        new PutEventsCommand({
          Entries: Array.from({ length: 10 }, (_entry, index) => ({
            Source: 'aws.ecr',
            DetailType: 'ECR Image Action',
            Detail: JSON.stringify({
              'action-type': 'PUSH',
              result: 'SUCCESS',
              'repository-name': `storm-${batch * 10 + index}`,
              'image-digest': `sha256:${'0'.repeat(60)}${String(batch * 10 + index).padStart(4, '0')}`,
            }),
          })),
        }),
      ),
    );
    for (const answer of await Promise.all(puts)) expect(answer.FailedEntryCount).toBe(0);
    const put = Date.now();
    const seen = await product.until('all 500', async () => {
      const entries = await allEntries(product);
      const names = new Set(entries.map((entry) => JSON.stringify(entry.detail).match(/storm-\d+/)?.[0]));
      names.delete(undefined);
      return names.size === 500 ? entries : null;
    });
    expect(Date.now() - put).toBeLessThan(10_000);
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index));
  });

  it('that are not JSON, or nothing at all, are quarantined and stop nobody', async () => {
    const { queues } = await product.get('/api/about');
    const client = new SQSClient(aws());
    for (const MessageBody of ['{"source": "aws.', 'null', '[]', '"text"', '{"a":1}{"b":2}'])
      await client.send(new SendMessageCommand({ QueueUrl: queues.bulk, MessageBody }));
    await product.until('five quarantined', async () => {
      const { items } = await product.get('/api/entries?kind=quarantined');
      return items.length === 5;
    });
  });

  it('of one megabyte are refused in AWS’s words where AWS refuses them, and recorded where it takes them', async () => {
    const detail = (bytes: number) =>
      JSON.stringify({ 'action-type': 'PUSH', 'repository-name': 'large', fill: 'x'.repeat(bytes) });
    const put = (bytes: number) =>
      new EventBridgeClient(aws()).send(
        new PutEventsCommand({
          Entries: [{ Source: 'aws.ecr', DetailType: 'ECR Image Action', Detail: detail(bytes) }],
        }),
      );
    await expect(put(1_048_576)).rejects.toThrow(/size|limit|large|1048576/i);
    expect((await put(1_000_000)).FailedEntryCount).toBe(0);
    const recorded = await product.until('the large one', async () => {
      const { items } = await product.get('/api/entries?limit=5');
      return items.find((item: Answer) => item.detail.oversized !== undefined);
    });
    expect(recorded.detail.oversized.bytes).toBeGreaterThan(1_000_000);
  });

  const folders = ['test/fixtures/events', '../shared/events'].filter((folder) => existsSync(join(root, folder)));
  /** Puts every file; answers what was refused: an empty file holds no event. */
  const putAll = async (folder: string): Promise<string[]> => {
    const { stdout } = await escalator('put-events', folder).catch((error: { stdout: string }) => error);
    return stdout.split('\n').filter((line) => line.startsWith('refused'));
  };

  it.each(folders)('from every file of %s are recorded, and putting them again adds nothing', async (folder) => {
    for (const line of await putAll(folder)) expect(line).toMatch(/it is (empty|an empty list)$/);
    const before = await quiet();
    await putAll(folder);
    expect(await quiet()).toBe(before);
  });
});
