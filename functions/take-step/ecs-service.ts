import { type ECSClient, StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecsReading } from '../../shared/ladder/actions/ecs-service.ts';
import type { PreviousTaskDefinition } from '../../shared/ladder/actions/previous-task-definition.ts';
import type { RestartService } from '../../shared/ladder/actions/restart-service.ts';
import type { StopServiceDeployment } from '../../shared/ladder/actions/stop-service-deployment.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import { primaryOf, readService } from '../support/ecs-services.ts';
import type { Action } from './actions.ts';
import { refused, result } from './answers.ts';

/** What people are told of every act that goes around the pipeline. */
export const diverged = 'the environment is diverged until its pipeline agrees';

/** UpdateService with forceNewDeployment. No token: called once, and read back by the set of tasks that is new. */
export const createRestartService = (client: ECSClient): Action<RestartService> => ({
  start: async (_service, { cluster, service }) => {
    const answer = await sent(() =>
      client.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true })),
    );
    return 'outcome' in answer ? answer : begun('UpdateService with a new deployment', primaryOf(answer.service));
  },
  readBack: async (_service, intent, claim) => {
    const before = ecsReading(claim.target)?.primary ?? null;
    const { primary } = await readService(client, intent, null);
    return primary === null || primary === before
      ? result('not-started', 'no new tasks were asked for')
      : begun('new tasks have been asked for since', primary);
  },
});

/** UpdateService with the task definition before. Setting it twice sets it once: whether it is set proves the act. */
export const createPreviousTaskDefinition = (client: ECSClient): Action<PreviousTaskDefinition> => ({
  start: async (_service, { cluster, service, target }, readings) => {
    const previous = ecsReading(readings.target)?.previous ?? null;
    if (previous === null) return result('refused', `ECS service ${target} has no task definition before`);
    const answer = await sent(() =>
      client.send(new UpdateServiceCommand({ cluster, service, taskDefinition: previous })),
    );
    return 'outcome' in answer ? answer : begun(`UpdateService to ${previous}; ${diverged}`, primaryOf(answer.service));
  },
  readBack: async (_service, intent, claim) => {
    const wanted = ecsReading(claim.target)?.previous ?? null;
    const { taskDefinition, primary } = await readService(client, intent, null);
    return wanted !== null && taskDefinition === wanted
      ? begun(`ECS service ${intent.target} has ${wanted}; ${diverged}`, primary)
      : result('not-started', `ECS service ${intent.target} has ${taskDefinition}`);
  },
});

/** StopServiceDeployment with its rollback. Asked of one that goes back already, it changes nothing. */
export const createStopServiceDeployment = (client: ECSClient): Action<StopServiceDeployment> => ({
  start: async (_service, { target }, readings) => {
    const arn = ecsReading(readings.target)?.underWay?.id;
    if (arn === undefined) return result('refused', `no deployment of ECS service ${target} is under way`);
    // ConflictException: it ended in the moment before; what is under way now is looked at again.
    const answer = await sent(
      () => client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' })),
      ['ConflictException'],
    );
    return 'outcome' in answer ? answer : begun(`StopServiceDeployment with its rollback; ${diverged}`, arn);
  },
  readBack: async (_service, intent, claim) => {
    const arn = ecsReading(claim.target)?.underWay?.id ?? null;
    const { underWay } = await readService(client, intent, null);
    const isUntouched = underWay?.id === arn && ['PENDING', 'IN_PROGRESS'].includes(underWay?.status ?? '');
    return isUntouched
      ? result('not-started', 'the deployment goes on')
      : begun(`the deployment no longer goes on; ${diverged}`, arn);
  },
});

const begun = (reason: string, operation: string | null): ActResult =>
  result('started', reason, operation === null ? {} : { operation });

/** The answer of a call, or what its refusal means. */
const sent = async <T extends object>(call: () => Promise<T>, busy: string[] = []): Promise<T | ActResult> => {
  try {
    return await call();
  } catch (error) {
    return refused(error, busy);
  }
};
