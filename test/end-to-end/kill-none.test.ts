import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import { CodePipelineClient, GetPipelineStateCommand } from '@aws-sdk/client-codepipeline';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../shared/ladder/actions.ts';
import { type Gate, startGate } from '../harness/gate.ts';
import {
  type Answer,
  awsOf,
  cloneOf,
  incidentAfter,
  type Product,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { ladderForEach, quickConfig } from '../harness/quick.ts';
import { recorded, recorderPlan } from '../harness/recorded.ts';

type Row = {
  action: string;
  says: string;
  /** what it asks of AWS, which would do it twice if it were asked twice */
  operation: string;
  /** what must be so before it can act */
  prepare: () => Promise<void>;
  /** how often AWS did it */
  done: () => Promise<number>;
};

const place = temporary();
const data = join(place.dir, 'data');
/** Where this is, what is deployed runs. */
const mended = join(place.dir, 'mended');
let gate: Gate;
let product: Product;

const refreshes = async (): Promise<InstanceRefresh[]> => {
  const asked = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'shop-asg' });
  return (await new AutoScalingClient(awsOf(product)).send(asked)).InstanceRefreshes ?? [];
};
const stage = async () =>
  (await new CodePipelineClient(awsOf(product)).send(new GetPipelineStateCommand({ name: 'shop' }))).stageStates?.find(
    ({ stageName }) => stageName === 'Deploy',
  );

/** A release that does not come up until somebody mends what it needs: its deployment fails. */
const failDeployment = async (): Promise<void> => {
  rmSync(mended, { force: true });
  const clone = await cloneOf(product.ready.git, join(place.dir, randomUUID()));
  const guarded = `if (process.env.RELEASE && !require('node:fs').existsSync(${JSON.stringify(mended)})) process.exit(1);`;
  const server = await clone.read('server.js');
  const failed = (await stage())?.latestExecution?.pipelineExecutionId;
  await clone.push('wants what is not there', { 'server.js': `${guarded}\n${server}\n// ${randomUUID()}` });
  await product.until('its deployment failed', async () => {
    const { pipelineExecutionId, status } = (await stage())?.latestExecution ?? {};
    return pipelineExecutionId !== failed && status === 'Failed';
  });
  writeFileSync(mended, '');
};

const rows: Row[] = [
  {
    action: 'retry-stage',
    says: 'retry-stage',
    operation: 'RetryStageExecution',
    prepare: failDeployment,
    done: async () => {
      const { items } = await product.get('/api/entries?kind=stage.resumed&limit=100');
      return items.length;
    },
  },
  {
    action: 'refresh-instances',
    says: '{ refresh-instances: shop-asg }',
    operation: 'StartInstanceRefresh',
    prepare: () =>
      product
        .until('the refresh before is over', async () =>
          (await refreshes()).every(({ EndTime }) => EndTime !== undefined),
        )
        .then(() => {}),
    done: async () => (await refreshes()).length,
  },
  {
    action: 'restart-service',
    says: '{ restart-service: shop/web }',
    operation: 'UpdateService',
    prepare: () =>
      product.until('what was done before is steady', () => recorded(awsOf(product)).isSteady('web')).then(() => {}),
    done: () => recorded(awsOf(product)).rollouts('web'),
  },
];

/** One of them is killed in any run and each in the long one: what each reads back has tests of its own. */
const tried = Number(process.env['ESCALATOR_RUNS'] ?? 1) >= 10 ? rows : rows.slice(1, 2);
const services = ladderForEach(tried);

describe('killed with SIGKILL between intent and act, of what AWS would do twice', { timeout: 180_000 }, () => {
  const start = () => startProduct(data, ['--config', quickConfig(place.dir, services)], gate.url);
  beforeAll(async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'recorder.json'), recorderPlan);
    gate = await startGate();
    product = await start();
    await recorded(awsOf(product)).makeService('web');
    await untilGood(product);
  }, 180_000);
  afterAll(async () => {
    await product?.stop();
    gate?.close();
    place.remove();
  });

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
  const asked = (operation: string): number => gate.passed().filter((one) => one === operation).length;

  /** Kills the product in the middle of the act, and lets another one see it through; answers what came of each act. */
  const through = async ({ action, operation, prepare }: Row, how: 'heard by nobody' | 'never there') => {
    await prepare();
    const ladder = `by-${action}`;
    const since = new Date().toISOString();
    const standing = gate.stop(operation);
    await force(ladder);
    const call = await standing;
    if (how === 'heard by nobody') await call.passUnheard();
    await product.kill();
    product = await start();
    const { id } = await incidentAfter(
      product,
      since,
      ({ service, closedAt }: Answer) => service === ladder && closedAt !== null,
    );
    const { items } = await product.get(`/api/entries?service=${ladder}&kind=step.result&limit=100`);
    return items.filter(({ detail }: Answer) => detail.incident === id).toReversed();
  };

  it.each(tried)(
    '$action whose effect was there, unheard: it is found by reading back, never asked for again',
    async (row) => {
      const [before, calls] = [await row.done(), asked(row.operation)];
      const results = await through(row, 'heard by nobody');
      expect(results.map(({ outcome }: Answer) => outcome)).toEqual(['started']);
      expect([await row.done(), asked(row.operation)]).toEqual([before + 1, calls + 1]);
    },
  );

  it.each(tried)(
    '$action that never arrived: that is read back too, and it is begun under a key of its own',
    async (row) => {
      const [before, calls] = [await row.done(), asked(row.operation)];
      const results = await through(row, 'never there');
      expect(results.map(({ outcome }: Answer) => outcome)).toEqual(['not-started', 'started']);
      expect(new Set(results.map(({ detail }: Answer) => detail.actKey)).size).toBe(2);
      expect([await row.done(), asked(row.operation)]).toEqual([before + 1, calls + 1]);
    },
  );

  it('that is all of them, but for a rollback, which has a story of its own', () => {
    const none = Object.entries(actions).filter(([, { contract }]) => contract === 'none');
    expect(none.map(([name]) => name).toSorted()).toEqual(['redeploy', ...rows.map(({ action }) => action)].toSorted());
  });
});
