import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { buildspec, ended, executions, failureOf, type Life, shop, storyOf, testBed } from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

describe('a build in a pipeline', () => {
  const run = async (life: Life): Promise<string> => {
    life.call('CreatePipeline', { pipeline: shop() });
    const [execution = ''] = executions(life);
    await ended(life, execution);
    return execution;
  };

  it('that fails ends the execution, with the reason in its action', async () => {
    bed.push({ 'buildspec.yml': buildspec('echo 2 tests failed; exit 1') });
    const life = bed.open();
    const execution = await run(life);
    expect(failureOf(life, execution)).toMatchObject({
      action: 'Build',
      externalExecutionId: expect.stringMatching(/^shop-build:/),
      errorDetails: {
        code: 'JobFailed',
        message: expect.stringMatching(
          /^Build terminated with state: FAILED\. Phase: BUILD, COMMAND_EXECUTION_ERROR: .*exit status 1\n2 tests failed$/s,
        ),
      },
    });
    await expect
      .poll(() => storyOf(life, execution).slice(-3))
      .toEqual(['Build/Build FAILED', 'Build FAILED', 'pipeline FAILED']);
    const failed = life.events.find(({ detail }) => detail.action === 'Build' && detail.state === 'FAILED');
    expect(failed?.detail['execution-result']).toMatchObject({ 'error-code': 'JobFailed' });
  });

  it('tells its states and completed phases in the shapes of CodeBuild', async () => {
    bed.push({ 'buildspec.yml': buildspec('true') });
    const life = bed.open();
    await run(life);
    const told = (): Members[] => life.events.filter(({ source }) => source === 'aws.codebuild');
    await expect
      .poll(() => told().map(({ detail }) => detail['build-status'] ?? detail['completed-phase']))
      .toEqual([
        'IN_PROGRESS',
        'SUBMITTED',
        'PROVISIONING',
        'DOWNLOAD_SOURCE',
        'INSTALL',
        'PRE_BUILD',
        'BUILD',
        'POST_BUILD',
        'UPLOAD_ARTIFACTS',
        'FINALIZING',
        'COMPLETED',
        'SUCCEEDED',
      ]);
    expect(told().at(-1)).toMatchObject({
      detailType: 'CodeBuild Build State Change',
      resources: [expect.stringMatching(/^arn:aws:codebuild:eu-west-1:111122223333:build\/shop-build:/)],
      detail: {
        'project-name': 'shop-build',
        'current-phase': 'COMPLETED',
        'additional-information': {
          'build-complete': true,
          initiator: 'codepipeline/shop',
          'build-start-time': expect.stringMatching(/^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M$/),
        },
        version: '1',
      },
    });
  });
});
