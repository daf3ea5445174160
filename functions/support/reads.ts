import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { LadderReads } from '../../shared/ladder/reads.ts';
import { readAlarms } from './alarms.ts';
import { type ReadCommit, readSourced } from './ancestry.ts';
import { clientConfig } from './aws-clients.ts';
import { createCommits } from './codecommit.ts';
import type { Environment } from './environment.ts';
import type { TargetClients } from './eyes.ts';
import { readKillSwitch } from './kill-switch.ts';
import { readPast } from './past.ts';
import { createOutcomes } from './outcomes.ts';
import { readExecution } from './pipelines.ts';
import { readSources } from './read-checks.ts';

/** What a ladder decides on, from AWS. */
export const createReads = (
  environment: Environment,
  clients = createTargetClients(clientConfig(environment)),
): LadderReads => {
  const config = clientConfig(environment);
  const cloudWatch = new CloudWatchClient(config);
  const parameters = new SSMClient(config);
  const readCommit = commitReader(environment);
  return {
    alarms: (names, dimensions, withMetrics) =>
      readAlarms(cloudWatch, names, withMetrics === true ? new Date() : null, dimensions),
    past: (names, span) => readPast(cloudWatch, names, span),
    execution: (pipeline, execution) => readExecution(clients.codePipeline, pipeline, execution),
    sources: (checks) => readSources(clients.codePipeline, checks, () => new Date()),
    sourced: (repository, commit, refused) => readSourced(readCommit, repository, commit, refused),
    killSwitch: () => readKillSwitch(parameters, environment.killSwitch),
    outcome: createOutcomes(clients),
  };
};

/** Clients for what acts are seen and done with. */
export const createTargetClients = (
  config: ReturnType<typeof clientConfig> & { maxAttempts?: number },
): TargetClients => ({
  codePipeline: new CodePipelineClient(config),
  autoScaling: new AutoScalingClient(config),
  codeDeploy: new CodeDeployClient(config),
  ecs: new ECSClient(config),
  lambda: new LambdaClient(config),
  ssm: new SSMClient(config),
});

const commitReader = (environment: Environment): ReadCommit => {
  const commits = createCommits(environment);
  return async (repository, commit) => {
    const found = await commits.get(repository, commit);
    return found === null
      ? null
      : { message: found.message, author: found.author?.name ?? null, parents: found.parents };
  };
};
