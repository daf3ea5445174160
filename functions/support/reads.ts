import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Config } from '../../shared/config/config.ts';
import type { LadderReads } from '../../shared/ladder/reads.ts';
import { readAlarms } from './alarms.ts';
import { type ReadCommit, readSourced } from './ancestry.ts';
import { atEachPlace } from './assume-role.ts';
import { type ClientConfig, clientConfig } from './aws-clients.ts';
import { createCommits } from './codecommit.ts';
import type { Environment } from './environment.ts';
import type { TargetClients } from './eyes.ts';
import { readKillSwitch } from './kill-switch.ts';
import { readPast } from './past.ts';
import { createOutcomes } from './outcomes.ts';
import { readExecution } from './pipelines.ts';
import { readSources } from './read-checks.ts';

/** What ladders decide on, from AWS: each where it is. */
export const createReads = (environment: Environment, config: Config): LadderReads => {
  const killSwitch = killSwitchOf(environment);
  const { home, of } = atEachPlace(environment, config, 'read', (there) => readsWith(there, killSwitch));
  return { ...home, of };
};

/** There is one switch for all of them, at home: what stops all acting must not need a role of somebody else's. */
export const killSwitchOf = (environment: Environment): LadderReads['killSwitch'] => {
  const parameters = new SSMClient(clientConfig(environment));
  return () => readKillSwitch(parameters, environment.killSwitch);
};

/** What is read in one account and Region. */
export const readsWith = (
  config: ClientConfig,
  killSwitch: LadderReads['killSwitch'],
  clients = createTargetClients(config),
): LadderReads => {
  const cloudWatch = new CloudWatchClient(config);
  const readCommit = commitReader(config);
  return {
    alarms: (names, dimensions, withMetrics) =>
      readAlarms(cloudWatch, names, withMetrics === true ? new Date() : null, dimensions),
    past: (names, span) => readPast(cloudWatch, names, span),
    execution: (pipeline, execution) => readExecution(clients.codePipeline, pipeline, execution),
    sources: (checks) => readSources(clients.codePipeline, checks, () => new Date()),
    sourced: (repository, commit, refused) => readSourced(readCommit, repository, commit, refused),
    killSwitch,
    outcome: createOutcomes(clients),
  };
};

/** Clients for what acts are seen and done with. */
export const createTargetClients = (config: ClientConfig): TargetClients => ({
  codePipeline: new CodePipelineClient(config),
  autoScaling: new AutoScalingClient(config),
  codeDeploy: new CodeDeployClient(config),
  ecs: new ECSClient(config),
  lambda: new LambdaClient(config),
  ssm: new SSMClient(config),
});

const commitReader = (config: ClientConfig): ReadCommit => {
  const commits = createCommits(config);
  return async (repository, commit) => {
    const found = await commits.get(repository, commit);
    return found === null
      ? null
      : { message: found.message, author: found.author?.name ?? null, parents: found.parents };
  };
};
