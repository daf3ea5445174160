import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, allEntries, awsOf, cloneOf, type Product, startProduct, temporary } from '../harness/product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('evidence is taken away, and checked without the product', { timeout: 120_000 }, () => {
  const place = temporary();
  const at = (name: string): string => join(place.dir, name);
  let product: Product;
  let commit: string;

  /** Made anew each time: no scanner of sources should have to wonder. */
  const token = `ghp_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  const secret = `AWS_SECRET_ACCESS_KEY=${randomBytes(30).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  const planted = { token, secret, encoded: Buffer.from(secret).toString('base64') };

  type Ran = { code: number; out: string; err: string };
  const escalator = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const env = { ...process.env, ESCALATOR_URL: product.ready.console };
      execFile(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'cli/main.ts', ...args],
        { cwd: root, env },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  beforeAll(async () => {
    product = await startProduct(at('data'));
    const clone = await cloneOf(product.ready.git, at('shop'));
    const message = `a small change, ABC-123\n\ntoken ${planted.token}\nsee ${planted.encoded}`;
    commit = await clone.push(message, { 'NOTES.md': 'hello' });
    await product.until('the change is described', async () =>
      (await product.get(`/api/entries?kind=commit.described&change=${commit}`)).items.at(0),
    );
    writeFileSync(at('key'), (await escalator('key')).out);
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('everything: complete, and good; the export is itself on record', async () => {
    expect(await escalator('export', '--out', at('all'), '--by', 'ada')).toMatchObject({ code: 0 });
    const { code, out } = await escalator('verify', at('all'), '--key', at('key'), '--json');
    const report: Answer = JSON.parse(out);
    expect({ code, ...report }).toMatchObject({
      code: 0,
      exit: 0,
      complete: 'yes',
      genuine: true,
      first: 0,
      problems: [],
    });
    const exported = (await product.get('/api/entries?kind=trail.exported')).items[0];
    expect(exported).toMatchObject({ seq: report.last, actor: { name: 'ada', verified: false } });
    const lines = readFileSync(join(at('all'), 'entries.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, seq) => seq));
  });

  it('a period is complete; a change is genuine, and says that it cannot be shown to be complete', async () => {
    expect((await escalator('export', '--out', at('hour'), '--since', '1h')).out).toContain(
      'genuine: yes; complete: yes',
    );
    expect((await escalator('export', '--out', at('change'), '--change', commit.slice(0, 8))).out).toContain(
      'genuine: yes; complete: not provable, export the period',
    );
    expect(readFileSync(join(at('change'), 'entries.jsonl'), 'utf8')).toContain('a small change, ABC-123');
    expect(await escalator('verify', at('change'), '--key', at('key'))).toMatchObject({ code: 0 });
  });

  it('what is secret in a commit message is neither on record, nor in a pack, nor on the terminal', async () => {
    const places = [
      JSON.stringify(await allEntries(product)),
      JSON.stringify(await product.get(`/api/changes/${commit}`)),
      ...['entries.jsonl', 'changes.csv', 'exceptions.csv', 'verify.html'].map((file) =>
        readFileSync(join(at('all'), file), 'utf8'),
      ),
      product.stderr(),
    ];
    expect(places[0]).toContain('a small change, ABC-123');
    for (const place of places)
      for (const secret of [...Object.values(planted), planted.secret.split('=')[1] ?? ''])
        expect(place.includes(secret)).toBe(false);
  });

  it('a change of one byte is found, and the entry named', async () => {
    cpSync(at('all'), at('altered'), { recursive: true });
    const file = join(at('altered'), 'entries.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[5] = (lines[5] ?? '').replace('"kind":"', '"kind":"x');
    writeFileSync(file, lines.join('\n'));
    const { code, out } = await escalator('verify', at('altered'), '--key', at('key'));
    expect({ code, out }).toEqual({ code: 2, out: expect.stringMatching(/first bad +entry 5\n/) });
  });

  it('a key from within the pack proves nothing', async () => {
    cpSync(at('all'), at('with-key'), { recursive: true });
    cpSync(at('key'), join(at('with-key'), 'key'));
    const { code, out } = await escalator('verify', at('with-key'), '--key', join(at('with-key'), 'key'));
    expect({ code, out }).toEqual({ code: 4, out: expect.stringContaining('self-consistent only') });
  });

  it('a pack that was made later continues the checkpoint kept from this one, and only this one', async () => {
    const kept = join(at('all'), 'checkpoint');
    await escalator('export', '--out', at('later'), '--change', commit, '--checkpoint', kept);
    expect((await escalator('verify', at('later'), '--key', at('key'), '--checkpoint', kept)).out).toMatch(
      /kept +same history/,
    );
    const newer = join(at('later'), 'checkpoint');
    const old = await escalator('verify', at('all'), '--key', at('key'), '--checkpoint', newer);
    expect({ ...old }).toMatchObject({ code: 2, out: expect.stringContaining('the one kept from last time had') });
  });

  it('there must be nothing where a pack is written, and nothing is left of one that could not be', async () => {
    const { code, err } = await escalator('export', '--out', at('all'));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('ESC-007') });
    expect(await escalator('export', '--out', at('none'), '--change', 'abcdef1')).toMatchObject({ code: 2 });
    expect(await escalator('verify', at('none'), '--key', at('key'))).toMatchObject({ code: 1 });
  });

  it('recorded events are replayed onto the record, each once, and heal nothing', async () => {
    const event = {
      version: '0',
      id: '11111111-2222-3333-4444-555555555555',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '000000000000',
      time: '2026-11-21T08:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-smoke'],
      detail: {
        alarmName: 'shop-smoke',
        state: { value: 'ALARM', reason: 'replayed', timestamp: '2026-11-21T08:00:00.000+0000' },
        previousState: { value: 'OK', timestamp: '2026-11-21T07:00:00.000+0000' },
      },
    };
    writeFileSync(at('event.json'), JSON.stringify([event, event]));
    expect(await escalator('replay', at('event.json'))).toMatchObject({ code: 0 });
    expect(await escalator('replay', at('event.json'))).toMatchObject({ code: 0 });
    await product.until('it is on record', async () =>
      (await allEntries(product)).find(({ reason }) => reason === 'replayed'),
    );
    const recorded = (await allEntries(product)).filter(({ reason }) => reason === 'replayed');
    expect(recorded).toHaveLength(1);
    expect(recorded[0]?.detail['replayed']).toMatch(/^replay-2/);
    expect((await product.get('/api/incidents')).items).toEqual([]);
  });

  it('an entry altered in the table is found by the next seal: nothing is signed, and a person is called', async () => {
    const before = await (await fetch(new URL('/api/checkpoint', product.ready.console))).text();
    await alterNewest(product);
    expect(await escalator('redrive', 'bulk')).toMatchObject({ code: 0, out: '0 put back to bulk\n' });
    expect(await escalator('export', '--out', at('tampered'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ESC-014 .*runbook/),
    });
    const refused = await product.until('the seal is refused', async () =>
      (await product.get('/api/entries?kind=seal.refused')).items.at(0),
    );
    expect(refused.detail.refusal).toMatch(/chain-broken|roots-differ/);
    await product.until('a person is called', async () =>
      (await product.get('/api/alerts')).items.find(({ severity }: Answer) => severity === 'page'),
    );
    expect(await (await fetch(new URL('/api/checkpoint', product.ready.console))).text()).toBe(before);
  });
});

/** What somebody with rights on the table can do: rewrite what the newest segment holds. */
const alterNewest = async (product: Product): Promise<void> => {
  const client = new DynamoDBClient(awsOf(product));
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: 'escalator-trail',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'LANE#000000000000.us-east-1' } },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  const [item] = Items;
  const zstd = item?.['encoding']?.S === 'zstd';
  const body = Buffer.from(item?.['body']?.B ?? []);
  const text = (zstd ? zstdDecompressSync(body) : body).toString('utf8').replace('"kind":"', '"kind":"x');
  const altered = zstd ? zstdCompressSync(Buffer.from(text)) : Buffer.from(text);
  await client.send(new PutItemCommand({ TableName: 'escalator-trail', Item: { ...item, body: { B: altered } } }));
};
