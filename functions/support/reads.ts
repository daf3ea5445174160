import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Reads } from '../../shared/ladder/reads.ts';
import { readAlarms } from './alarms.ts';
import { type ReadCommit, readSourced } from './ancestry.ts';
import { clientConfig } from './aws-clients.ts';
import { createCommits } from './codecommit.ts';
import type { Environment } from './environment.ts';
import { readInstances, readReplacement } from './instances.ts';
import { readKillSwitch } from './kill-switch.ts';
import { readExecution, readRedeploy, readRun, readTraffic } from './pipelines.ts';

/** Everything the ladder reads, from AWS. */
export const createReads = (environment: Environment): Reads => {
  const config = clientConfig(environment);
  const cloudWatch = new CloudWatchClient(config);
  const pipelines = new CodePipelineClient(config);
  const groups = new AutoScalingClient(config);
  const parameters = new SSMClient(config);
  const readCommit = commitReader(environment);
  return {
    alarms: (names) => readAlarms(cloudWatch, names),
    execution: (pipeline, execution) => readExecution(pipelines, pipeline, execution),
    sourced: (repository, commit, refused) => readSourced(readCommit, repository, commit, refused),
    traffic: (service, running) => readTraffic(pipelines, service, running),
    instances: (group) => readInstances(groups, group),
    killSwitch: () => readKillSwitch(parameters, environment.killSwitch),
    outcome: async ({ intent, execution, instances }) => {
      if (intent.action === 'replace-instances') return readReplacement(groups, intent, instances);
      if (execution === null) return null;
      return intent.action === 'redeploy'
        ? readRedeploy(pipelines, intent, execution)
        : readRun(pipelines, intent, execution);
    },
  };
};

const commitReader = (environment: Environment): ReadCommit => {
  const commits = createCommits(environment);
  return async (repository, commit) => {
    const found = await commits.get(repository, commit);
    return found === null
      ? null
      : { message: found.message, author: found.author?.name ?? null, parents: found.parents };
  };
};
