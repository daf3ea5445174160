import { type Action, already, type IntentBase, type Known, not, type Permission, wait } from './action.ts';
import { onStage, pipelineArn, seesPipeline, type StageReading, stageOf, wayInto } from './pipeline.ts';

export type RetryStage = IntentBase & { action: 'retry-stage'; pipeline: string; stage: string };

/**
 * Runs the failed actions of the service's stage again, for the execution that failed there. Of two such calls the
 * second is refused while the first runs, and runs them once more when that has failed: it is not to be called twice.
 */
export const retryStage: Action<RetryStage> = {
  contract: 'none',
  about: {
    written: 'retry-stage',
    does: "Runs the failed actions of the service's stage again, for the execution that failed there. Never for a commit that is refused here, nor past a newer change.",
    known: 'the stage, for the same execution; a lost answer by whether any action of it changed since',
  },
  resumes: true,
  aim: (_form, ladder) => stageOf(ladder),
  mayAct: ({ pipeline }, { traffic, target }, known) => {
    const way = wayInto(pipeline, traffic);
    if (way.may !== 'act') return way;
    return target?.of === 'stage' ? mayRetry(target, known) : wait('the stage cannot be read');
  },
  says: ({ stage, pipeline }) => `retry the failed actions of stage ${stage} of ${pipeline}`,
  grants: (_form, ladder) =>
    onStage(ladder, ({ pipeline, stage }) => [
      { actions: ['codepipeline:RetryStageExecution'], on: [pipelineArn(pipeline, stage)] },
    ]),
  sees: (_form, ladder) => onStage(ladder, ({ pipeline }) => seesPipeline(pipeline)),
};

const mayRetry = ({ latest }: StageReading, { refusal }: Known): Permission => {
  if (latest === null) return not('nothing ever came to the stage: there is nothing to retry');
  if (latest.status !== 'Failed') return already(`the stage is ${latest.status}: there is nothing to retry`);
  if (latest.commit === null) return wait(`what execution ${latest.execution} carries cannot be read`);
  const reason = refusal(latest.commit);
  return reason === null ? { may: 'act' } : not(`${latest.commit.slice(0, 7)} is not put there again: ${reason}`);
};
