import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEntries, type Answer, escalator, type Product, startProduct, temporary } from '../harness/product.ts';

const shop = fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url));

/** On one machine the stand-ins of CloudFormation and CloudTrail keep what is done, and send no event of it. */
describe('what is done to a stack, and told by no event', { timeout: 180_000 }, () => {
  const place = temporary();
  let product: Product;
  beforeAll(async () => {
    const config = join(place.dir, 'escalator.yaml');
    const text = readFileSync(shop, 'utf8').replace(
      'repository: shop\n',
      'repository: shop\n        stacks: [shop-base]\n',
    );
    writeFileSync(config, text);
    product = await startProduct(join(place.dir, 'data'), ['--config', config]);
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('is found: the call and who made it, the stack with its service and each of its resources, once', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new CloudFormationClient({ endpoint: product.ready.aws, region: 'us-east-1', credentials });
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    await client.send(new CreateStackCommand({ StackName: 'shop-base', TemplateBody }));
    const found = async (): Promise<Answer[]> =>
      (await allEntries(product)).filter(({ source }) => source.name === 'aws.cloudformation');
    await product.until('the stack stands, and was found', async () =>
      (await found()).some(({ kind }) => kind === 'stack.succeeded'),
    );
    await product.until('the call was found', async () => (await found()).some(({ kind }) => kind === 'call'));
    const entries = await found();
    expect(
      entries.map(({ kind, detail }) => `${kind} ${detail.resource ?? detail.call ?? ''}`.trim()).toSorted(),
    ).toEqual([
      'call CreateStack',
      'stack-resource.changed Topic',
      'stack-resource.changed Topic',
      'stack.started',
      'stack.succeeded',
    ]);
    expect(new Set(entries.map(({ detail }) => detail.reconciled))).toEqual(new Set(['late']));
    const [stack] = entries.filter(({ kind }) => kind === 'stack.succeeded');
    expect([stack?.environment, stack?.service]).toEqual(['production', 'shop']);
    expect(entries.find(({ kind }) => kind === 'call')?.actor).toMatchObject({ type: 'person', name: 'local' });
    expect(await escalator(product, 'trail', '--limit', '200')).toMatch(/late: .*shop-base/);
  });
});
