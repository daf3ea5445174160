import { execFileSync } from 'node:child_process';
import type { Members } from '../../../local/endpoint/operations.ts';
import type { PipelineSource } from '../../../local/pipeline/source-action.ts';

/** What tests are given; it knows nothing of the test runner, so that a process of its own can use it. */

export const account = '111122223333';
export const region = 'eu-west-1';

/** The source side over a real bare repository named `shop`. */
export const sourceOf = (bare: string): PipelineSource => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  return {
    head: async (repository, branch) => {
      if (repository !== 'shop') return null;
      try {
        return git('rev-parse', '--verify', '-q', `refs/heads/${branch}`);
      } catch {
        return null;
      }
    },
    checkout: async (_repository, commit, dir) => {
      const archive = execFileSync('git', ['-C', bare, 'archive', commit], { stdio: ['ignore', 'pipe', 'pipe'] });
      execFileSync('tar', ['-x', '-C', dir], { input: archive });
    },
    message: async (_repository, commit) => git('log', '-1', '--format=%s', commit),
  };
};

export const source = (): Members => ({
  name: 'Source',
  actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeCommit', version: '1' },
  configuration: { RepositoryName: 'shop', BranchName: 'main' },
  outputArtifacts: [{ name: 'SourceOutput' }],
});
export const build = (configuration: Members = {}): Members => ({
  name: 'Build',
  actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
  configuration: { ProjectName: 'shop-build', ...configuration },
  inputArtifacts: [{ name: 'SourceOutput' }],
  outputArtifacts: [{ name: 'BuildOutput' }],
});
export const custom = (name: string, provider: string, input = 'SourceOutput', runOrder = 1): Members => ({
  name,
  runOrder,
  actionTypeId: { category: 'Deploy', owner: 'Custom', provider, version: '1' },
  configuration: { ServiceName: 'shop' },
  inputArtifacts: [{ name: input }],
});

export const pipeline = (...stages: Members[]): Members => ({
  name: 'shop',
  roleArn: `arn:aws:iam::${account}:role/shop-pipeline`,
  artifactStore: { type: 'S3', location: 'shop-artifacts' },
  stages,
  pipelineType: 'V2',
  executionMode: 'SUPERSEDED',
});

/** Source, Build, and Deploy with a smoke check after it. */
export const shop = (configuration: Members = {}): Members =>
  pipeline(
    { name: 'Source', actions: [source()] },
    { name: 'Build', actions: [build(configuration)] },
    {
      name: 'Deploy',
      actions: [
        custom('Deploy', 'EscalatorDeploy', 'BuildOutput'),
        custom('Smoke', 'EscalatorSmoke', 'BuildOutput', 2),
      ],
    },
  );

/** Source and Deploy alone, for what does not need a build. */
export const short = (): Members =>
  pipeline(
    { name: 'Source', actions: [source()] },
    {
      name: 'Deploy',
      actions: [custom('Deploy', 'EscalatorDeploy'), custom('Smoke', 'EscalatorSmoke', 'SourceOutput', 2)],
    },
  );

export const buildspec = (build: string, more = ''): string =>
  `version: 0.2\nphases:\n  build:\n    commands:\n      - ${build}\n${more}artifacts:\n  files: ['**/*']\n`;
