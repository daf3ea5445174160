import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlerFor } from '../../../functions/record-change/handler.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../../functions/support/environment.ts';
import { shippedFrom } from '../../harness/shipped.ts';
import { logTo } from '../../../functions/support/log.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';
import { bodyOf, filesUnder, fixtures, groupsOf, nameOf } from '../../shared/event/harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'escalator-'));
const digestKeyFile = join(dir, 'digest.key');
const configFile = shippedFrom(fileURLToPath(new URL('../../../examples/shop/escalator.yaml', import.meta.url)));
const bodies = filesUnder(fixtures).map((file) => bodyOf(nameOf(file)));
const batchSize = 10;

let tables: TrailTables;
let environment: Environment;

beforeAll(async () => {
  logTo(() => {});
  writeFileSync(digestKeyFile, Buffer.alloc(32, 7), { mode: 0o600 });
  tables = await startTrailTables();
  environment = { ...(await tables.make()), digestKeyFile, configFile };
});

afterAll(() => {
  tables.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The batch as a queue hands it over. */
const batchOf = (some: string[], delivery: string): SQSEvent => ({
  Records: some.map((body, index) => ({
    messageId: `${delivery}-${index}`,
    receiptHandle: 'r',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:escalator-bulk',
    awsRegion: 'us-east-1',
  })),
});

const record = async (delivery: string): Promise<void> => {
  const handler = handlerFor(environment);
  for (let from = 0; from < bodies.length; from += batchSize) {
    const answer = await handler(batchOf(bodies.slice(from, from + batchSize), delivery));
    expect(answer).toEqual({ batchItemFailures: [] });
  }
};

const lane = async (): Promise<Entry[]> =>
  (await createTrail(environment).since(0, 1_000)).flatMap(({ entries }) => entries);

describe('record-change, wired as it runs', () => {
  it('puts every fixture on the trail, each fact once, gap-free', async () => {
    await record('first');
    const entries = await lane();
    const facts = new Set(bodies.flatMap((body) => groupsOf(body, { account: '000000000000' })).map(({ key }) => key));
    // a key that holds a digest differs by the key of the digest: the number of facts does not
    expect(entries).toHaveLength(facts.size);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index));
  });

  it('adds nothing when all of it is delivered again', async () => {
    const before = await lane();
    await record('again');
    expect(await lane()).toEqual(before);
  });

  it('finds where things belong in the configuration, and vouches for nobody on one machine', async () => {
    const push = (await lane()).find(({ kind }) => kind === 'reference.created');
    expect(push).toMatchObject({ environment: 'production', service: 'shop', actor: { name: 'mia', verified: false } });
  });
});
