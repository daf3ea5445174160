import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionJob } from '../../../local/pipeline/provider.ts';
import { account, buildspec, ended, executions, region, shop, storyOf, testBed, wholeStory } from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

describe('a pipeline', () => {
  it('takes a commit from the repository through its build to the deployment', async () => {
    const commit = bed.push({
      'server.js': '// 1',
      'buildspec.yml': buildspec('echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" > built'),
    });
    const jobs: (ActionJob & { built: string })[] = [];
    const life = bed.open({
      EscalatorDeploy: async (job) => {
        jobs.push({ ...job, built: readFileSync(join(job.inputDir, 'built'), 'utf8').trim() });
        return { status: 'Succeeded', summary: 'deployed', externalId: 'd-1' };
      },
    });
    life.call('CreatePipeline', { pipeline: shop() });
    const [execution = ''] = executions(life);
    expect(await ended(life, execution)).toBe('Succeeded');
    expect(jobs).toMatchObject([
      { pipeline: 'shop', stage: 'Deploy', action: 'Deploy', execution, commit, rollback: false, built: commit },
    ]);
    expect(jobs[0]?.configuration).toEqual({ ServiceName: 'shop' });
  });

  it('tells each change of state in order, with the commit, in the shapes of CodePipeline', async () => {
    const commit = bed.push({ 'buildspec.yml': buildspec('true') }, 'the first release');
    const life = bed.open();
    life.call('CreatePipeline', { pipeline: shop() });
    const [execution = ''] = executions(life);
    await ended(life, execution);
    await expect.poll(() => storyOf(life, execution)).toEqual(wholeStory);
    const found = life.events.find(({ detail }) => detail.action === 'Source' && detail.state === 'SUCCEEDED');
    expect(found).toMatchObject({
      source: 'aws.codepipeline',
      detailType: 'CodePipeline Action Execution State Change',
      resources: [`arn:aws:codepipeline:${region}:${account}:shop`],
      detail: {
        pipeline: 'shop',
        'execution-id': execution,
        'start-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        stage: 'Source',
        'execution-result': { 'external-execution-summary': 'the first release', 'external-execution-id': commit },
        'output-artifacts': [
          { name: 'SourceOutput', s3location: { bucket: 'shop-artifacts', key: expect.any(String) } },
        ],
        'action-execution-id': expect.any(String),
        region,
        type: { owner: 'AWS', provider: 'CodeCommit', category: 'Source', version: '1' },
        version: 1,
        'pipeline-execution-attempt': 1,
      },
    });
  });
});
