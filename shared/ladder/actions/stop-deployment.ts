import type { Instant } from '../../trail/entry.ts';
import { type Action, already, type IntentBase, mayStop, not, type Resource, wait } from './action.ts';

export type StopDeployment = IntentBase & { action: 'stop-deployment'; application: string; group: string };

/** A deployment group of CodeDeploy as it was right before an act on it. */
export type DeploymentGroupReading = {
  of: 'deployment-group';
  /** its newest deployment under way; `rollback` when CodeDeploy or a person started it to go back */
  underWay: { id: string; status: string; since: Instant; rollback: boolean } | null;
  /** the deployment that last succeeded, which a rollback deploys again */
  good: string | null;
};

export const groupReading = (reading: { of: string } | null | undefined): DeploymentGroupReading | null =>
  reading?.of === 'deployment-group' ? (reading as DeploymentGroupReading) : null;

const groupResource = (form: { application: string; group: string }): Resource => ({
  service: 'codedeploy',
  name: `deploymentgroup:${form.application}/${form.group}`,
});

/**
 * Stops the deployment under way in a deployment group and deploys what last succeeded: StopDeployment with its
 * rollback. Stopping twice stops once. What scripts of the deployment did elsewhere is not undone, and the environment
 * is diverged until the pipeline agrees.
 */
export const stopDeployment: Action<StopDeployment> = {
  contract: 'natural',
  aside: true,
  about: {
    written: '{ stop-deployment: shop/blue }',
    does: 'Stops the deployment of a CodeDeploy group that is under way, and lets CodeDeploy put back what was there: StopDeployment with autoRollbackEnabled. Waits for one that began after the incident did, and for a rollback under way. Refused for a group where none ever succeeded; already so where none is under way. It goes around the pipeline.',
    known: 'the rollback deployment Succeeded; a lost answer by whether the deployment is Stopped or has a rollback',
  },
  aim: ({ application, group }) => ({ target: `${application}/${group}`, application, group }),
  mayAct: ({ target }, readings, known) => {
    const reading = groupReading(readings.target);
    if (reading === null) return wait(`deployment group ${target} cannot be read`);
    const { underWay, good } = reading;
    if (underWay === null) return already(`no deployment is under way in deployment group ${target}`);
    if (underWay.rollback) return wait(`CodeDeploy rolls back already (${underWay.id}): it is let finish`);
    return good === null
      ? not(`no deployment ever succeeded in deployment group ${target}: there is nothing to go back to`)
      : mayStop(underWay, known);
  },
  says: ({ target }) => `stop the deployment in deployment group ${target} and roll it back, around its pipeline`,
  // CodeDeploy knows no resource for StopDeployment.
  grants: () => [{ actions: ['codedeploy:StopDeployment'], on: '*' }],
  sees: (form) => [
    {
      actions: ['codedeploy:GetDeployment', 'codedeploy:GetDeploymentGroup', 'codedeploy:ListDeployments'],
      on: [groupResource(form)],
    },
  ],
};
