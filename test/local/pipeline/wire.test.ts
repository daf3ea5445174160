import {
  type CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidStructureException,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  PipelineExecutionNotFoundException,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  UnableToRollbackStageException,
} from '@aws-sdk/client-codepipeline';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ended, executions, type Life, short, testBed } from './harness.ts';
import { served } from './served.ts';

let bed: ReturnType<typeof testBed>;
let life: Life;
let there: Awaited<ReturnType<typeof served>>;
let client: CodePipelineClient;

const definition = (): PipelineDeclaration => short() as PipelineDeclaration;

beforeEach(async () => {
  bed = testBed();
  bed.push({ a: '1' }, 'the first release');
  life = bed.open();
  there = await served(life);
  client = there.client;
});
afterEach(async () => {
  await there.close();
  await bed.close();
});

describe('the SDK client', () => {
  it('reads dates, states, revisions and results as CodePipeline gives them', async () => {
    const created = await client.send(new CreatePipelineCommand({ pipeline: definition() }));
    expect(created.pipeline).toMatchObject({ name: 'shop', version: 1 });
    const [pipelineExecutionId = ''] = executions(life);
    await ended(life, pipelineExecutionId);
    const pipelineName = 'shop';
    const { pipelineExecution } = await client.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    expect(pipelineExecution).toMatchObject({
      status: 'Succeeded',
      executionType: 'STANDARD',
      artifactRevisions: [{ name: 'SourceOutput', revisionSummary: 'the first release', created: expect.any(Date) }],
    });
    const state = await client.send(new GetPipelineStateCommand({ name: 'shop' }));
    expect(state.stageStates?.[1]).toMatchObject({
      stageName: 'Deploy',
      latestExecution: { pipelineExecutionId, status: 'Succeeded' },
      actionStates: [{ latestExecution: { lastStatusChange: expect.any(Date), externalExecutionId: 'd-1' } }, {}],
    });
    const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName }));
    expect(listed.pipelineExecutionSummaries?.[0]?.startTime).toBeInstanceOf(Date);
    const actions = await client.send(new ListActionExecutionsCommand({ pipelineName }));
    expect(actions.actionExecutionDetails?.[0]).toMatchObject({
      actionName: 'Smoke',
      status: 'Succeeded',
      output: { executionResult: { externalExecutionSummary: 'answers' } },
    });
  });

  it('meets refusals as the exceptions it knows', async () => {
    const bad = { ...definition(), stages: [] };
    await expect(client.send(new CreatePipelineCommand({ pipeline: bad }))).rejects.toBeInstanceOf(
      InvalidStructureException,
    );
    await client.send(new CreatePipelineCommand({ pipeline: definition() }));
    const rollBack = (stageName: string, targetPipelineExecutionId: string) =>
      client.send(new RollbackStageCommand({ pipelineName: 'shop', stageName, targetPipelineExecutionId }));
    const [target = ''] = executions(life);
    await ended(life, target);
    await expect(rollBack('Source', target)).rejects.toBeInstanceOf(UnableToRollbackStageException);
    await expect(rollBack('Deploy', randomUUID())).rejects.toBeInstanceOf(PipelineExecutionNotFoundException);
    const { pipelineExecutionId = '' } = await rollBack('Deploy', target);
    expect(await ended(life, pipelineExecutionId)).toBe('Succeeded');
  });

  it('starts one execution when its answer was lost and it asks again with the same token', async () => {
    await client.send(new CreatePipelineCommand({ pipeline: definition() }));
    const start = () => client.send(new StartPipelineExecutionCommand({ name: 'shop', clientRequestToken: 'a-1' }));
    expect((await start()).pipelineExecutionId).toBe((await start()).pipelineExecutionId);
  });
});
