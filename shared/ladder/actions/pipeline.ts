import type { LadderConfig } from '../../config/config.ts';
import type { Traffic } from '../reads.ts';
import { type Grant, not, type Permission, type Resource, wait } from './action.ts';

/** Nothing comes of waiting for a pipeline that does not exist: a person is called. */
export const noSuch = (pipeline: string): Permission => not(`there is no pipeline ${pipeline}`);

/** A pipeline, or a stage of it. */
export const pipelineArn = (pipeline: string, stage?: string): Resource => ({
  service: 'codepipeline',
  name: stage === undefined ? pipeline : `${pipeline}/${stage}`,
});

/** The stage that puts releases where a ladder looks after them; an environment itself has none. */
export const stageOf = (ladder: LadderConfig) =>
  ladder.service === null
    ? null
    : { target: `${ladder.pipeline}/${ladder.stage}`, pipeline: ladder.pipeline, stage: ladder.stage };

/** What is to be granted on that stage. */
export const onStage = (
  ladder: LadderConfig,
  grants: (of: { pipeline: string; stage: string }) => Grant[],
): Grant[] => {
  const stage = stageOf(ladder);
  return stage === null ? [] : grants(stage);
};

/** A stage as it was right before an act on what is in it. */
export type StageReading = {
  of: 'stage';
  /** what came there last, and how it stands there, in CodePipeline's words; null where nothing ever came */
  latest: {
    execution: string;
    status: string;
    commit: string | null;
    rollback: boolean;
    /** when an action of it last changed, by CodePipeline's clock */
    changedAt: string | null;
  } | null;
};

/** What reading a pipeline and its executions takes. */
export const seesPipeline = (pipeline: string): Grant[] => [
  {
    actions: [
      'codepipeline:GetPipelineState',
      'codepipeline:GetPipelineExecution',
      'codepipeline:ListPipelineExecutions',
    ],
    on: [pipelineArn(pipeline)],
  },
];

/** Whether the way into a stage is clear: whatever moves there is over before anything is put into it. */
export const wayInto = (pipeline: string, traffic: Traffic | null): Permission => {
  if (traffic === null) return wait('the pipeline cannot be read');
  if (traffic.missing === true) return noSuch(pipeline);
  if (traffic.newer !== null) return wait(`a newer change is on its way (execution ${traffic.newer})`);
  if (traffic.healing !== undefined) return wait(traffic.healing);
  if (traffic.stageBusy !== null) return wait(`the stage is busy with execution ${traffic.stageBusy}`);
  return traffic.closed === undefined ? { may: 'act' } : wait(traffic.closed);
};
