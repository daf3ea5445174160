import type { Release } from '../events.ts';
import { type Action, type IntentBase } from './action.ts';
import { onStage, pipelineArn, seesPipeline, stageOf, wayInto } from './pipeline.ts';

/** Why a release is gone back from, and quarantined once that is done. */
export type Cause = { release: string; commit: string; check: string; reason: string };

export type Redeploy = IntentBase & {
  action: 'redeploy';
  pipeline: string;
  stage: string;
  /** the release to put there */
  release: Release;
  /** set when this goes back to last good because the running release is the cause */
  forCause: Cause | null;
};

/** Puts a release into its stage again: the running one, or last good. Which one is the ladder's to choose. */
export const redeploy: Action<Redeploy> = {
  contract: 'none',
  about: {
    written: 'redeploy',
    does: "Puts the running release into the service's stage again, or goes back to last good where the running one is the cause: `RollbackStage` to the execution it came from; where CodePipeline does not take that, `StartPipelineExecution` with all its source revisions; where neither can be, a person is called. Waits for a newer change on its way, for whoever occupies or mends the stage already, and for a transition that somebody closed.",
    known:
      'the execution it started, by its end in the stage; a lost answer by the newest execution that goes back to the same target, or was asked for at the same commit',
  },
  aim: (_form, ladder) => stageOf(ladder),
  mayAct: ({ pipeline }, { traffic }) => wayInto(pipeline, traffic),
  says: ({ release, forCause }) => `${forCause === null ? 'redeploy' : 'roll back to'} ${release.commit.slice(0, 7)}`,
  grants: (_form, ladder) =>
    onStage(ladder, ({ pipeline, stage }) => [
      { actions: ['codepipeline:RollbackStage'], on: [pipelineArn(pipeline, stage)] },
      { actions: ['codepipeline:StartPipelineExecution'], on: [pipelineArn(pipeline)] },
    ]),
  sees: (_form, ladder) => onStage(ladder, ({ pipeline }) => seesPipeline(pipeline)),
};
