import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { commitOf, created, ended, short, started, testBed } from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

describe('reading', () => {
  it('executions comes in pages, newest first, and may be those that succeeded in a stage', async () => {
    bed.push({ a: '1' });
    let deployments = 0;
    const life = bed.open({
      EscalatorDeploy: async () => ({ status: (deployments += 1) % 2 === 0 ? 'Failed' : 'Succeeded', summary: '' }),
    });
    const ids = [await created(life)];
    for (let count = 0; count < 3; count += 1) {
      const id = started(life);
      await ended(life, id);
      ids.unshift(id);
    }
    const page = (input: Members): Members => life.call('ListPipelineExecutions', { pipelineName: 'shop', ...input });
    const idsOf = (answer: Members): string[] =>
      answer.pipelineExecutionSummaries.map((each: Members) => each.pipelineExecutionId as string);
    const first = page({ maxResults: 3 });
    const rest = page({ maxResults: 3, nextToken: first.nextToken });
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids);
    expect(rest.nextToken).toBeUndefined();
    const succeeded = page({ filter: { succeededInStage: { stageName: 'Deploy' } } });
    expect(idsOf(succeeded)).toEqual([ids[1], ids[3]]);
    expect(first.pipelineExecutionSummaries[0]).toMatchObject({
      status: 'Failed',
      executionType: 'STANDARD',
      executionMode: 'SUPERSEDED',
      startTime: expect.any(Date),
      sourceRevisions: [{ actionName: 'Source', revisionId: commitOf(life, ids[0] ?? '') }],
    });
    expect(life.refusal('ListPipelineExecutions', { pipelineName: 'shop', nextToken: 'x' }).code).toBe(
      'InvalidNextTokenException',
    );
    expect(life.refusal('ListPipelineExecutions', { pipelineName: 'shop', maxResults: 101 }).code).toBe(
      'ValidationException',
    );
  });

  it('actions comes in pages, newest first, of one execution or of all', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const execution = await created(life);
    await ended(life, started(life));
    const list = (input: Members): Members => life.call('ListActionExecutions', { pipelineName: 'shop', ...input });
    const names = (answer: Members): string[] =>
      answer.actionExecutionDetails.map((each: Members) => each.actionName as string);
    expect(names(list({}))).toEqual(['Smoke', 'Deploy', 'Source', 'Smoke', 'Deploy', 'Source']);
    const filter = { pipelineExecutionId: execution };
    const first = list({ filter, maxResults: 2 });
    expect(names(first)).toEqual(['Smoke', 'Deploy']);
    expect(names(list({ filter, maxResults: 2, nextToken: first.nextToken }))).toEqual(['Source']);
    expect(
      life.refusal('ListActionExecutions', { pipelineName: 'shop', filter: { pipelineExecutionId: randomUUID() } })
        .code,
    ).toBe('PipelineExecutionNotFoundException');
  });

  it('a pipeline gives its structure as it was taken, by version', async () => {
    const life = bed.open();
    await created(life);
    life.call('UpdatePipeline', { pipeline: { ...short(), roleArn: 'arn:aws:iam::111122223333:role/other' } });
    expect(life.call('GetPipeline', { name: 'shop' })).toMatchObject({
      pipeline: { name: 'shop', version: 2, roleArn: 'arn:aws:iam::111122223333:role/other' },
      metadata: { pipelineArn: 'arn:aws:codepipeline:eu-west-1:111122223333:shop', created: expect.any(Date) },
    });
    expect(life.call('GetPipeline', { name: 'shop', version: 1 }).pipeline).toMatchObject({ ...short(), version: 1 });
    expect(life.refusal('GetPipeline', { name: 'shop', version: 3 }).code).toBe('PipelineVersionNotFoundException');
    expect(life.call('ListPipelines').pipelines).toMatchObject([{ name: 'shop', version: 2, pipelineType: 'V2' }]);
  });

  it('a name that is taken is refused, a deleted pipeline is gone with its history', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const pipelineExecutionId = await created(life);
    expect(life.refusal('CreatePipeline', { pipeline: short() }).code).toBe('PipelineNameInUseException');
    life.call('DeletePipeline', { name: 'shop' });
    expect(life.refusal('GetPipelineState', { name: 'shop' }).code).toBe('PipelineNotFoundException');
    expect(life.refusal('UpdatePipeline', { pipeline: short() }).code).toBe('PipelineNotFoundException');
    life.call('CreatePipeline', { pipeline: short() });
    expect(life.refusal('GetPipelineExecution', { pipelineName: 'shop', pipelineExecutionId }).code).toBe(
      'PipelineExecutionNotFoundException',
    );
  });

  it('a definition that is refused changes nothing', async () => {
    const life = bed.open();
    expect(life.refusal('CreatePipeline', { pipeline: { ...short(), stages: [] } }).code).toBe(
      'InvalidStructureException',
    );
    expect(life.call('ListPipelines').pipelines).toEqual([]);
  });
});
