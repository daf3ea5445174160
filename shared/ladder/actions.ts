import type { ActionConfig, LadderConfig } from '../config/config.ts';
import type { Action, Grant } from './actions/action.ts';
import { previousTaskDefinition } from './actions/previous-task-definition.ts';
import { previousVersion } from './actions/previous-version.ts';
import { redeploy } from './actions/redeploy.ts';
import { refreshInstances } from './actions/refresh-instances.ts';
import { replaceInstances } from './actions/replace-instances.ts';
import { retryStage } from './actions/retry-stage.ts';
import { startPipeline } from './actions/start-pipeline.ts';
import { stopExecution } from './actions/stop-execution.ts';
import { restartService } from './actions/restart-service.ts';
import { runAutomation } from './actions/run-automation.ts';
import { stopDeployment } from './actions/stop-deployment.ts';
import { stopServiceDeployment } from './actions/stop-service-deployment.ts';
import type { Intent } from './intents.ts';

/** Every action there is, by the name that the configuration uses. */
export const actions: { [Of in Intent as Of['action']]: Action<Of> } = {
  redeploy,
  'replace-instances': replaceInstances,
  'retry-stage': retryStage,
  'start-pipeline': startPipeline,
  'stop-execution': stopExecution,
  'refresh-instances': refreshInstances,
  'restart-service': restartService,
  'previous-task-definition': previousTaskDefinition,
  'stop-service-deployment': stopServiceDeployment,
  'stop-deployment': stopDeployment,
  'previous-version': previousVersion,
  'run-automation': runAutomation,
};

/** What is known of an act of this kind: an intent and the action of its name belong together. */
export const actionOf = ({ action }: Intent): Action<Intent> => actions[action];

/** Whether an act goes back to what was before, which is done seldom: a redeployment for cause, and what does nothing else. */
export const goesBack = (intent: Intent): boolean =>
  intent.action === 'redeploy' ? intent.forCause !== null : actionOf(intent).goesBack === true;

/** What a level does, in words: `roll back to 9f8e7d6`. */
export const describeIntent = (intent: Intent): string => actionOf(intent).says(intent);

/**
 * What a level of the configuration aims at: the part of its intent that no decision is needed for. Null where it acts
 * on a service and the ladder is an environment's.
 */
export const aimOf = (form: ActionConfig, ladder: LadderConfig): { action: string; target: string } | null => {
  const aim = formed(form).aim(form, ladder);
  return aim === null ? null : { action: form.type, ...aim };
};

/** The dimension whose failing values a level acts on, and whether it acts on nothing else; null where it takes none. */
export const takenBy = (form: ActionConfig): { per: string; only: boolean } | null => {
  const action = formed(form);
  const per = action.takes?.(form) ?? null;
  return per === null ? null : { per, only: action.onlyTargets === true };
};

/** What a level acts on, by the names of the configuration. */
export const targetOf = (form: ActionConfig, ladder: LadderConfig): string | null =>
  aimOf(form, ladder)?.target ?? null;

/** What take-step must be allowed for a level, and what whoever looks must be. */
export const grantsOf = (form: ActionConfig, ladder: LadderConfig): Grant[] => formed(form).grants(form, ladder);
export const seesOf = (form: ActionConfig, ladder: LadderConfig): Grant[] => formed(form).sees(form, ladder);

/** The action that a form is of, for forms of any kind. */
type Formed = {
  takes?(form: ActionConfig): string | null;
  onlyTargets?: true;
  aim(form: ActionConfig, ladder: LadderConfig): { target: string } | null;
  grants(form: ActionConfig, ladder: LadderConfig): Grant[];
  sees(form: ActionConfig, ladder: LadderConfig): Grant[];
};
const formed = ({ type }: ActionConfig): Formed => actions[type];
