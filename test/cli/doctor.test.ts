import { fileURLToPath } from 'node:url';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  escalator,
  type Product,
  root,
  run,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';

const shop = fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url));

/** Over the wire, against the whole product. */
describe('doctor', () => {
  let product: Product;
  const place = temporary();
  beforeAll(async () => {
    product = await startProduct(join(place.dir, 'data'));
    await untilGood(product);
  }, 120_000);
  afterAll(async () => {
    await product.stop();
    place.remove();
  });

  const doctor = async (file: string): Promise<{ code: number; findings: Answer[] }> => {
    const env = {
      ...process.env,
      ESCALATOR_URL: product.ready.console,
      AWS_ENDPOINT_URL: product.ready.aws,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const words = ['--disable-warning=ExperimentalWarning', 'cli/main.ts', 'doctor', file, '--json'];
    const said = await run(process.execPath, words, { cwd: root, env }).catch((error: Answer) => error);
    return { code: Number(said.code ?? 0), findings: JSON.parse(String(said.stdout)) as Answer[] };
  };

  it('finds of the example that there is nothing yet to go back to, and nothing else', async () => {
    const { code, findings } = await doctor(shop);
    expect([code, findings.map(({ rule }: Answer) => rule)]).toEqual([0, ['no-last-good']]);
  });

  it('finds what a changed configuration names and is not there', async () => {
    const file = join(place.dir, 'changed.yaml');
    const changed = { 'shop-asg': 'gone-asg', 'alarm: shop-smoke': 'alarm: gone', 'escalator-sre': 'gone' };
    const text = Object.entries(changed).reduce((one, [was, is]) => one.replace(was, is), readFileSync(shop, 'utf8'));
    writeFileSync(file, text);
    const { code, findings } = await doctor(file);
    expect([code, findings.map(({ rule }: Answer) => rule)]).toEqual([
      1,
      ['topic-missing', 'group-missing', 'alarm-missing', 'no-last-good'],
    ]);
  });

  it('says of an environment elsewhere that lets nobody in that nobody could look, and looks at the rest', async () => {
    const file = join(place.dir, 'elsewhere.yaml');
    const text = readFileSync(shop, 'utf8').replace(
      /^ {2}production:\n/m,
      "  production:\n    account: '444455556666'\n",
    );
    writeFileSync(file, text);
    const { code, findings } = await doctor(file);
    expect([code, findings.map(({ rule }: Answer) => rule)]).toEqual([1, ['member-not-read', 'no-last-good']]);
    expect(findings[0].what).toContain('production is in 444455556666 us-east-1, where nobody could look');
  });

  it('sees a thrown kill switch', async () => {
    const { parameter }: Answer = JSON.parse(await escalator(product, 'kill-switch', '--json'));
    const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient({
      endpoint: product.ready.aws,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(new PutParameterCommand({ Name: parameter, Value: 'stop', Overwrite: true, Type: 'String' }));
    expect((await doctor(shop)).findings.map(({ rule }) => rule)).toEqual(['kill-switch', 'no-last-good']);
  });
});
