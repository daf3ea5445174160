import { createHash } from 'node:crypto';
import { type SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import type { RunAutomation } from '../../shared/ladder/actions/run-automation.ts';
import { findAutomations } from '../support/automations.ts';
import type { Action } from './actions.ts';
import { refused, result } from './answers.ts';

/**
 * StartAutomationExecution with a token (contract `token`): the same act is the same execution. Whoever lost the answer
 * still looks first, by the tag that names the act: what was read before the call may no longer hold.
 */
export const createRunAutomation = (client: SSMClient): Action<RunAutomation> => ({
  start: async (_service, intent) => {
    try {
      const { AutomationExecutionId: operation } = await client.send(
        new StartAutomationExecutionCommand({
          DocumentName: intent.document,
          Parameters: parametersOf(intent),
          ClientToken: tokenOf(intent),
          Tags: [{ Key: tagOf(intent), Value: intent.actKey.replaceAll(/[^\w./:@-]/g, '-') }],
        }),
      );
      return result(
        'started',
        `StartAutomationExecution of ${intent.document}`,
        operation === undefined ? {} : { operation },
      );
    } catch (error) {
      return refused(error, ['AutomationExecutionLimitExceededException']);
    }
  },
  readBack: async (_service, intent) => {
    const [ours] = await findAutomations(client, 'TagKey', tagOf(intent));
    return ours?.AutomationExecutionId === undefined
      ? result('not-started', `no execution of ${intent.document} was started for it`)
      : result('started', 'found by reading back', { operation: ours.AutomationExecutionId });
  },
});

const parametersOf = ({ parameters, into, targets }: RunAutomation) =>
  into === undefined || targets === undefined ? parameters : { ...parameters, [into]: targets };

/** A UUID, as SSM wants it, that only this act has: made of its key. */
const tokenOf = ({ actKey }: RunAutomation): string => {
  const hex = createHash('sha256').update(actKey).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
};

/** Executions are found by the key of a tag, not by its value: the act is in the key. */
const tagOf = (intent: RunAutomation): string => `escalator:act:${tokenOf(intent)}`;
