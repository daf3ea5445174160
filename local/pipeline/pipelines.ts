import type { Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { createChanges } from './changes.ts';
import { definitionOperations } from './definitions.ts';
import { createStarts, localCaller, type SourceChange, startOnChange } from './executions.ts';
import { executionOperations } from './operations.ts';
import type { ActionProvider } from './provider.ts';
import { createRunner } from './runner.ts';
import type { PipelineSource } from './source-action.ts';
import { openPipelineStore } from './store.ts';

export type PipelinesOptions = {
  world: World;
  transaction: Transaction;
  source: PipelineSource;
  /** custom action providers by the name that `actionTypeId.provider` has */
  providers: { [provider: string]: ActionProvider };
  /** artifacts and builds are kept in folders of it */
  dataDir: string;
  log: (line: string) => void;
};

export type Pipelines = {
  /** CodePipeline's operations */
  operations: Operations;
  /** Tells that a branch moved; each movement, by its id, starts one execution in each pipeline that watches it. */
  onSourceChange: (change: SourceChange) => void;
  /** Begins to carry out what is recorded, first what an earlier process left unfinished. Until then nothing runs. */
  start: () => void;
  /** Ends what runs; it goes on at the next start. */
  stop: () => Promise<void>;
};

/**
 * CodePipeline on one machine: pipelines in AWS's own structure format that really run. Executions, their stages and
 * actions are in the stand-ins' store, each change in one transaction with its event; what was under way when the
 * process was killed runs again from its beginning at the next start.
 */
export const createPipelines = ({
  world,
  transaction,
  source,
  providers,
  dataDir,
  log,
}: PipelinesOptions): Pipelines => {
  const store = openPipelineStore(world.db);
  const changes = createChanges(world, store);
  const starts = createStarts(world, store, changes);
  const runner = createRunner({ world, transaction, store, changes, source, providers, dataDir, log });
  const { advance } = runner;
  const definitions = definitionOperations({
    world,
    store,
    transaction,
    providers: Object.keys(providers),
    onCreate: (definition) => {
      const trigger = { triggerType: 'CreatePipeline', triggerDetail: localCaller(world) };
      starts.start(definition, { trigger, overrides: {}, token: null });
      advance(definition.name);
    },
    onDelete: runner.abandon,
  });
  return {
    operations: { ...definitions, ...executionOperations({ world, store, transaction, changes, starts, advance }) },
    onSourceChange: (change) => startOnChange({ world, store, transaction }, starts.start, change).forEach(advance),
    start: runner.resume,
    stop: runner.stop,
  };
};
