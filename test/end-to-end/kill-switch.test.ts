import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gate, startGate } from '../harness/gate.ts';
import {
  type Answer,
  awsOf,
  incidentAfter,
  makePipeline,
  type Product,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { ladderForEach, quickConfig } from '../harness/quick.ts';
import type { Intent } from '../../shared/ladder/intents.ts';

type Row = {
  says: string;
  /** what it asks of AWS */
  operation: string;
  /** where nothing is the matter with its target: what it then says, past the kill switch */
  idle?: string;
};

/** Those that act beside the pipeline are asked for in `services.test.ts`, where what they act on is made. */
type Beside =
  | 'refresh-instances'
  | 'restart-service'
  | 'previous-task-definition'
  | 'stop-service-deployment'
  | 'stop-deployment'
  | 'previous-version'
  | 'run-automation';

/** Every other action there is, and how a level says it: TypeScript refuses one too few. */
const actions: { [action in Exclude<Intent['action'], Beside>]: Row } = {
  redeploy: { says: 'redeploy', operation: 'RollbackStage' },
  'retry-stage': {
    says: 'retry-stage',
    operation: 'RetryStageExecution',
    idle: 'the stage is Succeeded: there is nothing to retry',
  },
  'stop-execution': {
    says: 'stop-execution',
    operation: 'StopPipelineExecution',
    idle: 'nothing runs in the stage: there is nothing to stop',
  },
  'replace-instances': { says: '{ replace-instances: shop-asg }', operation: 'SetInstanceHealth' },
  'start-pipeline': { says: '{ start-pipeline: network }', operation: 'StartPipelineExecution' },
};
const rows = Object.entries(actions).map(([action, row]) => ({ action, ...row }));

const services = ladderForEach(rows);

describe('the kill switch thrown between intent and act', { timeout: 120_000 }, () => {
  const place = temporary();
  let gate: Gate;
  let product: Product;

  beforeAll(async () => {
    gate = await startGate();
    product = await startProduct(join(place.dir, 'data'), ['--config', quickConfig(place.dir, services)], gate.url);
    await makePipeline(product, 'network');
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
    const body = { id: randomUUID(), by: 'Ben', ladder: `production/${ladder}`, why: 'to see it stopped', order };
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

  it.each(rows)('stops $action: nothing is asked of AWS, a person is called; let go, it goes on', async (row) => {
    const ladder = `by-${row.action}`;
    const since = new Date().toISOString();
    const before = asked(row.operation);
    const standing = gate.stop('GetParameter');
    await force(ladder);
    const reading = await standing;
    await product.until('the intent is on record', async () => {
      const { items } = await product.get(`/api/entries?service=${ladder}&kind=step.intended`);
      return items.length === 1;
    });
    await say(`allow except ${row.action}`);
    reading.pass();
    const stopped = await closedOf(ladder, since);
    expect([stopped.status, stopped.reason]).toEqual(['handed-over', `the kill switch is thrown for ${row.action}`]);
    expect(stopped.story.map(({ kind }: Answer) => kind)).not.toContain('step.claimed');
    expect(asked(row.operation)).toBe(before);
    await product.until('a person is called', async () => {
      const { items } = await product.get(`/api/alerts?service=${ladder}`);
      return items.some(({ severity, incident }: Answer) => severity === 'page' && incident === stopped.id);
    });

    await say('allow');
    await force(ladder);
    if (row.idle !== undefined) {
      expect((await closedOf(ladder, stopped.closedAt)).reason).toBe(row.idle);
    } else {
      await product.until('it acts', () => Promise.resolve(asked(row.operation) === before + 1));
    }
  });
});
