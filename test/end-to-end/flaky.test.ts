import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  cloneOf,
  incidentAfter,
  type Product,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { quickConfig } from '../harness/quick.ts';

const ladder = {
  checks: ['delivered: { pipeline: shop, stage: Deploy, level: retry }', 'smoke: { alarm: shop-smoke, level: deploy }'],
  ladder: [
    '{ level: retry, do: retry-stage, quiescence: 1s, mode: act }',
    '{ level: deploy, do: redeploy, quiescence: 1s, mode: act }',
  ],
  quiescence: '3s',
};

describe('a release that failed because of something else', { timeout: 120_000 }, () => {
  const place = temporary();
  const outage = join(place.dir, 'outage');
  let product: Product;

  beforeAll(async () => {
    const config = quickConfig(place.dir, { shop: ladder });
    product = await startProduct(join(place.dir, 'data'), ['--config', config]);
    await untilGood(product);
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('is put there by running the failed actions of its stage again; nothing is redeployed or gone back to', async () => {
    const clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    const server = await clone.read('server.js');
    writeFileSync(outage, '');
    const since = new Date().toISOString();
    const needs = `import { existsSync } from 'node:fs';\nif (process.env.COMMIT !== 'test' && existsSync(${JSON.stringify(outage)})) process.exit(1);\n`;
    const commit = await clone.push('need a database', { 'server.js': needs + server });
    const failed = ({ failing }: Answer): boolean => failing.includes('delivered');
    await incidentAfter(product, since, failed);
    rmSync(outage);
    const { id } = await incidentAfter(product, since);
    const incident = await product.get(`/api/incidents/${id}`);
    expect(incident.status).toBe('converged');
    expect(incident.steps).toMatchObject([
      { action: 'retry-stage', outcome: 'done' },
      { level: 'deploy', outcome: 'already-so' },
    ]);
    const { running } = await product.get('/api/ladders/production/shop');
    expect(running).toMatchObject({ commit });
  });
});
