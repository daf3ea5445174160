import { type Action, already, type IntentBase, type Known, not, type Permission, wait } from './action.ts';
import { noSuch, onStage, pipelineArn, seesPipeline, type StageReading, stageOf } from './pipeline.ts';

export type StopExecution = IntentBase & {
  action: 'stop-execution';
  pipeline: string;
  stage: string;
  /** leaves what its actions began to itself; else they are let finish */
  abandon: boolean;
};

/**
 * Stops the execution that occupies the service's stage. One that carries a newer change is stopped by nobody but a
 * person: it may be the fix. Asking twice is refused by CodePipeline, and is the same as asking once.
 */
export const stopExecution: Action<StopExecution> = {
  contract: 'natural',
  about: {
    written: 'stop-execution',
    does: "Stops the execution that occupies the service's stage; with `{ stop-execution: abandon }` without waiting for what it began. One that carries a newer change only where a person approved the level.",
    known: 'the execution is over, however it ended',
  },
  aim: ({ abandon }, ladder) => {
    const stage = stageOf(ladder);
    return stage === null ? null : { ...stage, abandon };
  },
  mayAct: ({ pipeline }, { traffic, target }, known) => {
    if (traffic?.missing === true) return noSuch(pipeline);
    if (traffic === null || target?.of !== 'stage') return wait('the stage cannot be read');
    return traffic.healing === undefined ? mayStop(target, known) : wait(traffic.healing);
  },
  says: ({ stage, pipeline, abandon }) =>
    `stop what runs in stage ${stage} of ${pipeline}${abandon ? ', leaving what it began' : ''}`,
  grants: (_form, ladder) =>
    onStage(ladder, ({ pipeline }) => [
      { actions: ['codepipeline:StopPipelineExecution'], on: [pipelineArn(pipeline)] },
    ]),
  sees: (_form, ladder) => onStage(ladder, ({ pipeline }) => seesPipeline(pipeline)),
};

const mayStop = ({ latest }: StageReading, { chosen, refusal, delivered }: Known): Permission => {
  if (latest?.status !== 'InProgress') return already('nothing runs in the stage: there is nothing to stop');
  if (chosen || latest.rollback) return { may: 'act' };
  if (latest.commit === null) return wait(`what execution ${latest.execution} carries cannot be read`);
  if (refusal(latest.commit) !== null || delivered(latest.commit)) return { may: 'act' };
  return not(
    `execution ${latest.execution} carries a newer change (${latest.commit.slice(0, 7)}), which only a person may stop`,
  );
};
