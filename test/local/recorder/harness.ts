import { randomUUID } from 'node:crypto';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { StandIns } from '../../../local/endpoint/endpoint.ts';
import type { Plan } from '../../../local/recorder/plan.ts';
import { createRecorder } from '../../../local/recorder/recorder.ts';
import { openStore, type Store } from '../../../local/store.ts';
import { account, region, type Running, temporary } from '../endpoint/harness.ts';

/** A recorder behind the endpoint, with the SDK's own clients on it and a clock that is moved by hand. */
export type Recorder = Awaited<ReturnType<typeof startRecorder>>;

/** How long things stay in each state (ms). */
export const pace = 1_000;

export const startRecorder = async (plan: Partial<Plan> = {}, more: Partial<StandIns> = {}) => {
  const place = temporary();
  let clock = Date.parse('2026-11-21T12:00:00Z');
  const open = async (port = 0): Promise<{ store: Store; endpoint: Running }> => {
    const now = () => new Date(clock);
    const options = { dataDir: place.dataDir, account, region, now, newId: randomUUID, log: () => undefined };
    const store = openStore(options);
    const recorder = createRecorder(store.world, store.transaction, { pace, fails: [], hangs: [], ...plan });
    return { store, endpoint: await place.start({ ...recorder, ...more }, port) };
  };
  let running = await open();
  const { config, url } = running.endpoint;
  const close = async (): Promise<void> => {
    await running.endpoint.close();
    await running.store.close();
  };
  return {
    url,
    config,
    ecs: new ECSClient(config),
    cloudformation: new CloudFormationClient(config),
    cloudtrail: new CloudTrailClient(config),
    codedeploy: new CodeDeployClient(config),
    lambda: new LambdaClient(config),
    ssm: new SSMClient(config),
    autoscaling: new AutoScalingClient(config),
    now: () => new Date(clock),
    /** lets time pass (ms) */
    pass: (ms: number): void => void (clock += ms),
    /** what a process that is started anew finds */
    restart: async (): Promise<void> => {
      await close();
      running = await open(Number(new URL(url).port));
    },
    stop: async (): Promise<void> => {
      await close();
      place.remove();
    },
  };
};
