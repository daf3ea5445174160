import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gate, startGate } from '../harness/gate.ts';
import {
  type Answer,
  awsOf,
  incidentAfter,
  type Product,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { ladderForEach, quickConfig } from '../harness/quick.ts';
import { recorded, recorderPlan } from '../harness/recorded.ts';

type There = ReturnType<typeof recorded>;
type Row = {
  action: string;
  says: string;
  /** how it is asked on the wire */
  operation: string;
  /** what must be so before it can act */
  prepare?: (there: There) => Promise<void>;
  /** what it brought about */
  proof?: (there: There) => Promise<unknown>;
  brings?: unknown;
};

/** Each action that is not CodePipeline's: how a level says it, what it asks of AWS, and what is so afterwards. */
const rows: Row[] = [
  { action: 'restart-service', says: '{ restart-service: shop/web }', operation: 'UpdateService' },
  {
    action: 'previous-task-definition',
    says: '{ previous-task-definition: shop/web }',
    operation: 'UpdateService',
    prepare: (there) => there.rollOut('web', 'web:2'),
    proof: (there) => there.taskDefinition('web'),
    brings: 'web:1',
  },
  {
    action: 'stop-service-deployment',
    says: '{ stop-service-deployment: shop/stuck }',
    operation: 'StopServiceDeployment',
    prepare: (there) => there.rollOut('stuck', 'stuck:2'),
    proof: (there) => there.taskDefinition('stuck'),
    brings: 'stuck:1',
  },
  {
    action: 'stop-deployment',
    says: '{ stop-deployment: shop/blue }',
    operation: 'StopDeployment',
    prepare: (there) => there.deploy('slow.zip'),
    proof: async (there) => (await there.deployments()).length,
    brings: 3,
  },
  {
    action: 'previous-version',
    says: '{ previous-version: "shop:live" }',
    operation: 'PUT /2015-03-31/functions/shop/aliases/live',
    proof: (there) => there.alias(),
    brings: '1',
  },
  { action: 'run-automation', says: '{ run-automation: shop-rebuild }', operation: 'StartAutomationExecution' },
  { action: 'refresh-instances', says: '{ refresh-instances: shop-asg }', operation: 'StartInstanceRefresh' },
];

const services = ladderForEach(rows);

describe('on the running product, an action beside the pipeline', { timeout: 120_000 }, () => {
  const place = temporary();
  let gate: Gate;
  let product: Product;
  let there: There;

  const data = join(place.dir, 'data');
  const start = () => startProduct(data, ['--config', quickConfig(place.dir, services)], gate.url);

  beforeAll(async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'recorder.json'), recorderPlan);
    gate = await startGate();
    product = await start();
    there = recorded(awsOf(product));
    for (const family of ['web', 'stuck']) await there.makeService(family);
    await there.makeGroup();
    await there.deploy('good.zip');
    await there.makeAlias();
    await there.makeDocument();
    await untilGood(product);
  });
  afterAll(async () => {
    await product?.stop();
    gate?.close();
    place.remove();
  });

  const say = (Value: string) =>
    new SSMClient(awsOf(product)).send(
      new PutParameterCommand({ Name: '/escalator/kill-switch', Value, Overwrite: true }),
    );
  const force = async (ladder: string): Promise<void> => {
    const order = { name: 'force', level: 'only' };
    const body = { id: randomUUID(), by: 'Ben', ladder: `production/${ladder}`, why: 'to see it', order };
    const answer = await fetch(new URL(`/api/orders/${order.name}`, product.ready.console), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  };
  const closedOf = async (ladder: string, since: string): Promise<Answer> => {
    const isItsOwn = ({ service, closedAt }: Answer): boolean => service === ladder && closedAt !== null;
    const { id } = await incidentAfter(product, since, isItsOwn);
    return product.get(`/api/incidents/${id}`);
  };
  const asked = (operation: string): number => gate.passed().filter((one) => one === operation).length;

  it.each(rows)(
    '$action: the kill switch thrown before it stops it; let go, it acts once and is seen through',
    async (row) => {
      const ladder = `by-${row.action}`;
      await product.until('what was done before is steady', () => there.isSteady('web'));
      await row.prepare?.(there);
      if (row.action !== 'stop-service-deployment')
        await product.until('what it acts on is steady', () => there.isSteady('web'));
      const before = asked(row.operation);
      const since = new Date().toISOString();
      const standing = gate.stop('GetParameter');
      await force(ladder);
      const reading = await standing;
      await say(`allow except ${row.action}`);
      reading.pass();
      const stopped = await closedOf(ladder, since);
      expect([stopped.status, stopped.reason]).toEqual(['handed-over', `the kill switch is thrown for ${row.action}`]);
      expect(asked(row.operation)).toBe(before);

      await say('allow');
      const again = new Date().toISOString();
      await force(ladder);
      const ended = await product.until('its step is over', async () => {
        const { items } = await product.get(`/api/entries?service=${ladder}&kind=step.ended`);
        return items[0];
      });
      expect([ended.outcome, asked(row.operation)]).toEqual(['done', before + 1]);
      expect(await row.proof?.(there)).toBe(row.brings);
      await closedOf(ladder, again);
    },
  );
});
