import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readChecksOf, readSources } from '../../../functions/support/read-checks.ts';
import { AwsError, type Operations } from '../../../local/endpoint/operations.ts';
import type { CheckConfig } from '../../../shared/config/config.ts';
import type { Reads } from '../../../shared/ladder/reads.ts';
import { shop } from '../../harness/ladder.ts';
import { temporary } from '../../local/endpoint/harness.ts';

const place = temporary();
afterAll(place.remove);

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

const now = new Date('2026-11-21T12:00:00.000Z');
const ended = new Date('2026-11-21T11:58:00.500Z');
const pipeline: CheckConfig = { name: 'run', pipeline: 'tests', stage: null, level: 'deploy' };
const stage: CheckConfig = { name: 'staged', pipeline: 'tests', stage: 'Smoke', level: 'deploy' };

/** The real client, over the wire, to a CodePipeline that answers so. */
const reading = async (operations: Operations) => {
  const endpoint = await place.start({ codepipeline: operations });
  const client = new CodePipelineClient(endpoint.config);
  stop = async () => {
    client.destroy();
    await endpoint.close();
  };
  return (...checks: CheckConfig[]) => readSources(client, checks, () => now);
};

const executions = (...statuses: string[]): Operations => ({
  ListPipelineExecutions: async () => ({
    pipelineExecutionSummaries: statuses.map((status, index) => ({
      pipelineExecutionId: `x-${index}`,
      status,
      startTime: now,
      lastUpdateTime: ended,
    })),
  }),
});
const stages = (status: string): Operations => ({
  GetPipelineState: async () => ({
    pipelineName: 'tests',
    stageStates: [
      { stageName: 'Source', latestExecution: { pipelineExecutionId: 'x-2', status: 'Succeeded' } },
      {
        stageName: 'Smoke',
        latestExecution: { pipelineExecutionId: 'x-1', status },
        actionStates: [
          { latestExecution: { lastStatusChange: ended } },
          { latestExecution: { lastStatusChange: new Date(0) } },
        ],
      },
    ],
  }),
});

describe('the result of a pipeline as it is read', () => {
  it.each([
    [['Succeeded'], 'pass', 'x-0'],
    [['Failed', 'Succeeded'], 'fail', 'x-0'],
    [['InProgress', 'Superseded', 'Stopped', 'Failed', 'Succeeded'], 'fail', 'x-3'],
  ])('is that of the newest execution that succeeded or failed: %o', async (statuses, value, id) => {
    const read = await reading(executions(...statuses));
    expect(await read(pipeline)).toMatchObject({
      run: { value, at: ended.toISOString(), reason: expect.stringContaining(id) },
    });
  });

  it('is nothing new while none has', async () => {
    const read = await reading(executions('InProgress', 'Stopped'));
    expect(await read(pipeline)).toEqual({});
  });

  it.each([
    [
      'Succeeded',
      { staged: { value: 'pass', at: ended.toISOString(), reason: 'execution x-1 succeeded in stage Smoke' } },
    ],
    ['Failed', { staged: { value: 'fail', at: ended.toISOString(), reason: 'execution x-1 failed in stage Smoke' } }],
    ['InProgress', {}],
    ['Stopped', {}],
  ])('is that of the stage, where one is named: %s', async (status, wanted) => {
    const read = await reading(stages(status));
    expect(await read(stage)).toEqual(wanted);
  });

  it('is unknown where there is no such stage or pipeline', async () => {
    const read = await reading({
      ...stages('Succeeded'),
      ListPipelineExecutions: async () => {
        throw new AwsError('PipelineNotFoundException', 'no');
      },
    });
    expect(await read({ ...stage, stage: 'Nowhere' }, pipeline)).toEqual({
      staged: { value: 'unknown', at: now.toISOString(), reason: 'pipeline tests has no stage Nowhere' },
      run: { value: 'unknown', at: now.toISOString(), reason: 'there is no pipeline tests' },
    });
  });

  it('is not known at all where CodePipeline does not answer', async () => {
    const read = await reading({
      ...executions('Succeeded'),
      GetPipelineState: async () => {
        throw new AwsError('ThrottlingException', 'slowly');
      },
    });
    expect(await read(pipeline, stage)).toBeNull();
  });
});

describe('the checks of a ladder', () => {
  it('are read each from its source, and only those that have one', async () => {
    const asked: unknown[] = [];
    const reads = {
      sources: (checks: CheckConfig[]) => (asked.push(checks.map(({ name }) => name)), Promise.resolve({})),
      alarms: (names: string[]) => (asked.push(names), Promise.resolve({})),
    } as unknown as Reads;
    const told: CheckConfig = { name: 'told', fail: { source: ['a'] }, pass: { source: ['b'] }, level: 'deploy' };
    expect(await readChecksOf(reads, shop({ checks: { ...shop().checks, run: pipeline, told } }))).toEqual({
      alarms: {},
      sources: {},
    });
    expect(await readChecksOf(reads, shop())).toEqual({ alarms: {} });
    expect(asked).toEqual([['run'], ['shop-node', 'shop-smoke'], ['shop-node', 'shop-smoke']]);
  });
});
