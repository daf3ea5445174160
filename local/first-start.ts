import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CodePipelineClient,
  CreatePipelineCommand,
  type CreatePipelineCommandInput,
} from '@aws-sdk/client-codepipeline';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readAlarms } from '../functions/support/alarms.ts';
import { clientConfig } from '../functions/support/aws-clients.ts';
import type { Environment } from '../functions/support/environment.ts';

/**
 * Makes the pipeline of the example, in AWS's own words and through its API, where there is none yet. Creating it
 * starts its first execution, which puts the first good release in place.
 *
 * @returns whether it was made now
 */
export const createPipeline = async (environment: Environment, file: string): Promise<boolean> => {
  const client = new CodePipelineClient(clientConfig(environment));
  try {
    await client.send(new CreatePipelineCommand(JSON.parse(readFileSync(file, 'utf8')) as CreatePipelineCommandInput));
    return true;
  } catch (error) {
    if ((error as Error).name === 'PipelineNameInUseException') return false;
    throw error;
  }
};

/** How long the first release may take before the rest is called ready without it. */
const patienceMs = 60_000;

/** Waits until every service answers: what is called ready can be used. */
export const untilServed = async (services: { [service: string]: string }): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  for (const url of Object.values(services)) {
    while (Date.now() < deadline && !(await answers(url))) await pause(50);
  }
};

/** How long alarms may take for their first word (ms). */
const firstWordMs = 15_000;

/** Waits until the checks have been read once: what is called ready is watched. An alarm nobody made says nothing. */
export const untilWatched = async (environment: Environment, alarms: string[]): Promise<void> => {
  const client = new CloudWatchClient(clientConfig(environment));
  const deadline = Date.now() + firstWordMs;
  while (Date.now() < deadline) {
    const readings = await readAlarms(client, alarms);
    if (readings !== null && Object.values(readings).every(({ value }) => value !== 'unknown')) return;
    await pause(50);
  }
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status < 500;
  } catch {
    return false;
  }
};
