import { type Action, type IntentBase, wait } from './action.ts';
import { noSuch, pipelineArn, seesPipeline } from './pipeline.ts';

/** Runs a pipeline that builds what is below the service: a network, a cluster, an account's foundation. */
export type StartPipeline = IntentBase & { action: 'start-pipeline'; pipeline: string };

export const startPipeline: Action<StartPipeline> = {
  contract: 'token',
  about: {
    written: '{ start-pipeline: network }',
    does: 'Runs a pipeline from its beginning: one that builds what is below the service. Waits for a run that is under way.',
    known: 'the execution it started, by its end',
  },
  aim: ({ pipeline }) => ({ target: pipeline, pipeline }),
  // A run that is under way may be the very one that helps; two at once would race.
  mayAct: ({ pipeline }, { traffic }) => {
    if (traffic === null) return wait(`pipeline ${pipeline} cannot be read`);
    if (traffic.missing === true) return noSuch(pipeline);
    if (traffic.newer !== null) return wait(`pipeline ${pipeline} runs already (execution ${traffic.newer})`);
    const held = traffic.healing ?? traffic.closed;
    return held === undefined ? { may: 'act' } : wait(held);
  },
  says: ({ pipeline }) => `run pipeline ${pipeline}`,
  grants: ({ pipeline }) => [{ actions: ['codepipeline:StartPipelineExecution'], on: [pipelineArn(pipeline)] }],
  sees: ({ pipeline }) => seesPipeline(pipeline),
};
