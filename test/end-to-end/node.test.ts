import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  awsOf,
  escalator,
  type Product,
  shopProcesses,
  startProduct,
  temporary,
} from '../harness/product.ts';
import { quickConfig } from '../harness/quick.ts';

describe('the process of the shop is killed', { timeout: 120_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;

  beforeAll(async () => {
    product = await startProduct(data, ['--config', quickConfig(place.dir)]);
    await product.until('a last good release', async () =>
      (await product.get('/api/releases')).items.some((release: Answer) => release.lastGood),
    );
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  /** What the command line answers to whoever tells the shop's ladder something. */
  const tell = (order: string, ...more: string[]): Promise<string> =>
    escalator(product, order, 'production/shop', '--by', 'Ben', ...more);

  it('and a new node is started, then deployed to where that is not so already, and it converges', async () => {
    const killed = shopProcesses(data);
    expect(killed).not.toEqual([]);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    const incident = await product.until('converged', async () =>
      (await product.get('/api/incidents')).items.find((item: Answer) => item.status === 'converged'),
    );
    const steps: [string, string][] = incident.steps.map((step: Answer) => [step.level, step.outcome]);
    expect(steps[0]).toEqual(['node', 'done']);
    expect(steps[1]?.[0]).toBe('deploy');
    expect(['already-so', 'done']).toContain(steps[1]?.[1]);
    expect((await fetch(new URL('/health', product.ready.services.shop))).status).toBe(200);
    expect(shopProcesses(data)).toHaveLength(1);
  });

  it('and nothing is done while a person holds it; when they resume it, it is restored', async () => {
    const before = (await product.get('/api/incidents')).items[0].openedAt;
    expect(await tell('hold', '--why', 'the sale')).toContain('Ben holds it: the sale');
    for (const pid of shopProcesses(data)) process.kill(pid, 'SIGKILL');
    const incident = await product.until('held', async () =>
      (await product.get('/api/incidents')).items.find(
        (item: Answer) => item.openedAt > before && item.status === 'held',
      ),
    );
    expect(incident.reason).toBe('held by Ben: the sale');
    expect(shopProcesses(data)).toEqual([]);
    expect(await tell('resume', '--why', 'it is over')).toContain('Ben lets it go on: it is over');
    await product.until('converged', async () => {
      const { status } = await product.get(`/api/incidents/${incident.id}`);
      return status === 'converged' ? true : null;
    });
    expect(shopProcesses(data)).toHaveLength(1);
    await expect(tell('resume', '--why', 'again')).rejects.toThrow('nothing is held here');
  });

  it('and nothing is done while the kill switch is thrown: a person is called', async () => {
    const { items } = await product.get('/api/incidents');
    const ssm = new SSMClient(awsOf(product));
    await ssm.send(new PutParameterCommand({ Name: '/escalator/kill-switch', Value: 'stop', Overwrite: true }));
    for (const pid of shopProcesses(data)) process.kill(pid, 'SIGKILL');
    const incident = await product.until('handed over', async () =>
      (await product.get('/api/incidents')).items.find(
        (item: Answer) => item.openedAt > items[0].openedAt && item.closedAt,
      ),
    );
    expect([incident.status, incident.reason]).toEqual(['handed-over', 'the kill switch is thrown']);
    expect(shopProcesses(data)).toEqual([]);
    const { story } = await product.get(`/api/incidents/${incident.id}`);
    expect(story.map((entry: Answer) => entry.kind)).not.toContain('step.claimed');
  });
});
