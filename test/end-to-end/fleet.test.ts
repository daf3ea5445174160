import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  awsOf,
  escalator,
  incidentAfter,
  type Product,
  shopProcesses,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';

const config = fileURLToPath(new URL('../../examples/fleet/escalator.yaml', import.meta.url));

describe('a service of three nodes, with a check per InstanceId', { timeout: 120_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;

  beforeAll(async () => {
    product = await startProduct(data, ['--config', config]);
    await untilGood(product);
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const instances = async (): Promise<string[]> => {
    const client = new AutoScalingClient(awsOf(product));
    const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({}));
    return (AutoScalingGroups?.[0]?.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
  };

  it('has the one that is killed replaced, and only that; the service goes on serving meanwhile', async () => {
    const since = new Date().toISOString();
    const before = { instances: await instances(), processes: shopProcesses(data) };
    expect([before.instances.length, before.processes.length]).toEqual([3, 3]);
    const [killed = 0, ...others] = before.processes;
    process.kill(killed, 'SIGKILL');
    const seen = new Set<number>();
    const incident = await product.until('the incident is over', async () => {
      seen.add((await fetch(new URL('/health', product.ready.services.shop))).status);
      const { items } = await product.get<{ items: Answer[] }>('/api/incidents');
      return items.find(({ openedAt, closedAt }: Answer) => openedAt > since && closedAt !== null);
    });
    expect([incident.status, [...seen]]).toEqual(['converged', [200]]);
    const [step] = incident.steps;
    const [target = ''] = step.targets;
    expect(step).toMatchObject({ level: 'node', action: 'replace-instances', targets: [target], outcome: 'done' });
    expect(incident.targets).toEqual({ node: [target] });
    expect(before.instances).toContain(target);

    const after = await instances();
    expect(after).toHaveLength(3);
    expect(after.filter((one) => before.instances.includes(one))).toEqual(
      before.instances.filter((one) => one !== target),
    );
    expect(shopProcesses(data)).toEqual(expect.arrayContaining(others));
    expect(shopProcesses(data)).toHaveLength(3);
    expect(await escalator(product, 'why', incident.id)).toContain(`about to replace ${target} of shop-asg`);
  });

  it('has nothing done where two are killed: that is more than its limit, and a person is called', async () => {
    const since = new Date().toISOString();
    const before = shopProcesses(data);
    for (const pid of before.slice(0, 2)) process.kill(pid, 'SIGKILL');
    const incident = await incidentAfter(product, since);
    expect([incident.status, incident.reason]).toEqual([
      'handed-over',
      expect.stringMatching(/^2 fail at once \(i-\w+, i-\w+\), and level node takes at most 1$/),
    ]);
    expect(shopProcesses(data)).toEqual(before.slice(2));
    const { items } = await product.get<{ items: Answer[] }>('/api/entries?kind=alert.raised&limit=50');
    const pages = items
      .map(({ detail }: Answer) => detail.alert)
      .filter((alert: Answer) => alert.incident === incident.id);
    expect(pages.find((alert: Answer) => alert.severity === 'page')?.headline).toContain(
      'a person is needed, 2 fail at once',
    );
    expect(await escalator(product, 'ladder', 'show', 'production/shop')).toMatch(/node +fail: i-\w+, i-\w+/);
  });
});
