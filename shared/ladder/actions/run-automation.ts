import { fewOf } from '../per.ts';
import { type Action, type IntentBase, type Resource, wait } from './action.ts';

export type RunAutomation = IntentBase & {
  action: 'run-automation';
  document: string;
  /** what the document is given, by the names it declares */
  parameters: { [name: string]: string[] };
  /** the parameter that is given what fails (`targets`) */
  into?: string;
};

/** What runs of an SSM document right before an act with it. */
export type AutomationReading = {
  of: 'automation';
  /** an execution of it under way */
  underWay: { id: string; status: string } | null;
};

export const automationReading = (reading: { of: string } | null | undefined): AutomationReading | null =>
  reading?.of === 'automation' ? (reading as AutomationReading) : null;

const ssm = (name: string): Resource => ({ service: 'ssm', name });

/** The parameter that documents take their role by, as AWS's own name it. */
export const roleParameter = 'AutomationAssumeRole';

/**
 * Runs an SSM Automation document: the one general way out. StartAutomationExecution takes a token (contract `token`):
 * the same token is the same execution. Each is tagged with its act, by which it is found when the answer is lost.
 */
export const runAutomation: Action<RunAutomation> = {
  contract: 'token',
  about: {
    written: '{ run-automation: shop-rebuild }',
    does: 'Runs an SSM Automation document: StartAutomationExecution, with a token and a tag of the act; a parameter that is `{ per: InstanceId }` is given what fails of that dimension. Waits for an execution of the document under way.',
    known: 'the execution is Success or CompletedWithSuccess; a lost answer by an execution with the tag',
  },
  takes: ({ failing }) => failing?.per ?? null,
  onlyTargets: true,
  aim: ({ document, role, parameters, failing }) => ({
    target: document,
    document,
    parameters: role === null ? parameters : { ...parameters, [roleParameter]: [role] },
    ...(failing !== undefined && { into: failing.parameter }),
  }),
  mayAct: ({ document }, readings) => {
    const reading = automationReading(readings.target);
    if (reading === null) return wait(`the executions of document ${document} cannot be read`);
    const { underWay } = reading;
    // What runs may be the very one that helps; two at once would race.
    return underWay === null
      ? { may: 'act' }
      : wait(`document ${document} runs already (execution ${underWay.id}, ${underWay.status})`);
  },
  says: ({ document, targets }) =>
    targets === undefined ? `run SSM document ${document}` : `run SSM document ${document} for ${fewOf(targets)}`,
  grants: ({ document, role }) => [
    {
      actions: ['ssm:StartAutomationExecution'],
      on: [ssm(`document/${document}`), ssm(`automation-definition/${document}:*`), ssm('automation-execution/*')],
    },
    { actions: ['ssm:AddTagsToResource'], on: [ssm('automation-execution/*')] },
    ...(role === null ? [] : [{ actions: ['iam:PassRole'], on: [{ arn: role }] }]),
  ],
  sees: () => [
    { actions: ['ssm:GetAutomationExecution'], on: [ssm('automation-execution/*')] },
    // AWS knows no resource for a list of executions.
    { actions: ['ssm:DescribeAutomationExecutions'], on: '*' },
  ],
};
