import {
  type AutomationExecutionMetadata,
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { AutomationReading, RunAutomation } from '../../shared/ladder/actions/run-automation.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Eye } from './eyes.ts';
import { seen, seenOf } from './seen.ts';

/** What is seen of an SSM document that an act runs. */
export const automationBefore =
  (client: SSMClient): Eye<RunAutomation>['before'] =>
  async (_ladder, { document }) => ({ target: await seen(() => readRunning(client, document)) });

/** What became of the act. */
export const automationAfter =
  (client: SSMClient): Eye<RunAutomation>['after'] =>
  ({ operation }) =>
    seenOf(operation, (id) => readAutomation(client, id));

/** Ends of an execution, and whether each is a good one; whatever else it says, it is under way. */
const ends: { [status: string]: 'done' | 'failed' } = {
  Success: 'done',
  CompletedWithSuccess: 'done',
  CompletedWithFailure: 'failed',
  Failed: 'failed',
  TimedOut: 'failed',
  Cancelled: 'failed',
  Rejected: 'failed',
  Exited: 'failed',
  ChangeCalendarOverrideRejected: 'failed',
};

const readRunning = async (client: SSMClient, document: string): Promise<AutomationReading> => {
  const found = await findAutomations(client, 'DocumentNamePrefix', document);
  const underWay = found.find(
    (one) => one.DocumentName === document && ends[one.AutomationExecutionStatus ?? ''] === undefined,
  );
  return {
    of: 'automation',
    underWay:
      underWay === undefined
        ? null
        : { id: underWay.AutomationExecutionId ?? '', status: underWay.AutomationExecutionStatus ?? 'Pending' },
  };
};

/** The newest fifty executions that a filter finds. */
export const findAutomations = async (
  client: SSMClient,
  Key: 'DocumentNamePrefix' | 'TagKey',
  value: string,
): Promise<AutomationExecutionMetadata[]> => {
  const asked = new DescribeAutomationExecutionsCommand({ Filters: [{ Key, Values: [value] }], MaxResults: 50 });
  return (await client.send(asked)).AutomationExecutionMetadataList ?? [];
};

const readAutomation = async (client: SSMClient, id: string): Promise<OutcomeReading> => {
  const asked = new GetAutomationExecutionCommand({ AutomationExecutionId: id });
  const { AutomationExecutionStatus: says = 'Pending', FailureMessage: why } =
    (await client.send(asked)).AutomationExecution ?? {};
  const reason = `execution ${id} is ${says}${why === undefined ? '' : `: ${withoutSecrets(why)}`}`;
  return { status: ends[says] ?? 'running', reason };
};
