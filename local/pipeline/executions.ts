import type { Transaction, World } from '../world.ts';
import type { Changes } from './changes.ts';
import type { Execution } from './execution.ts';
import type { Definition, PipelineStore } from './store.ts';

export type Start = {
  trigger: Execution['trigger'];
  overrides: { [action: string]: string };
  /** unique in the pipeline: asked again with it, the same execution is answered */
  token: string | null;
};

/** Starting executions; called inside a transaction. */
export const createStarts = (world: World, store: PipelineStore, changes: Changes) => {
  const blank = ({ name, version }: Definition, trigger: Execution['trigger']): Omit<Execution, 'type' | 'route'> => ({
    id: world.newId(),
    pipeline: name,
    version,
    rollbackTarget: null,
    status: 'InProgress',
    statusSummary: null,
    trigger,
    startedAt: world.now().getTime(),
    updatedAt: world.now().getTime(),
    attempt: 1,
    stages: {},
    overrides: {},
    revisions: [],
    artifacts: {},
  });
  return {
    /** An execution through all stages. @returns its id, or that of the one with the same token */
    start: (definition: Definition, { trigger, overrides, token }: Start): string => {
      const earlier = token === null ? null : store.findByToken(definition.name, token);
      if (earlier !== null) return earlier.id;
      const route = definition.structure.stages.map(({ name }) => name);
      const execution: Execution = { ...blank(definition, trigger), type: 'STANDARD', route, overrides };
      changes.begin(execution, token);
      return execution.id;
    },
    /** An execution of one stage with what `target` put there: its artifacts and revisions. */
    rollBack: (definition: Definition, stage: string, target: Execution, triggerDetail: string): string => {
      const { revisions, artifacts } = target;
      const execution: Execution = {
        ...blank(definition, { triggerType: 'ManualRollback', triggerDetail }),
        type: 'ROLLBACK',
        route: [stage],
        rollbackTarget: target.id,
        revisions,
        artifacts,
      };
      changes.begin(execution, null);
      return execution.id;
    },
  };
};

/** The caller, as far as one machine knows: nobody signs in here. */
export const localCaller = ({ account }: World): string => `arn:aws:iam::${account}:user/local`;

/** A source that moved: the branch of a repository, to a commit; null when the branch was deleted. */
export type SourceChange = { repository: string; branch: string; commit: string | null; id: string };

/**
 * Starts an execution in each pipeline that has the branch as its source; the same movement again starts nothing.
 *
 * @returns the names of the pipelines concerned
 */
export const startOnChange = (
  { world, store, transaction }: { world: World; store: PipelineStore; transaction: Transaction },
  start: (definition: Definition, start: Start) => string,
  { repository, branch, commit, id }: SourceChange,
): string[] => {
  if (commit === null) return [];
  const watching = allDefinitions(store).flatMap((definition) => {
    const action = sourceActionOn(definition, repository, branch);
    return action === null ? [] : [{ definition, action }];
  });
  const triggerDetail = `arn:aws:events:${world.region}:${world.account}:rule/codepipeline-${repository}-${branch}`;
  transaction(() => {
    for (const { definition, action } of watching)
      start(definition, {
        trigger: { triggerType: 'CloudWatchEvent', triggerDetail },
        overrides: { [action]: commit },
        token: `movement:${id}`, // no client's token holds a colon
      });
  });
  return watching.map(({ definition }) => definition.name);
};

/** Pipelines per account and Region that AWS allows. */
const maxPipelines = 1_000;
const allDefinitions = (store: PipelineStore): Definition[] => store.listDefinitions('', maxPipelines);

const sourceActionOn = ({ structure }: Definition, repository: string, branch: string): string | null =>
  structure.stages[0]?.actions.find(
    ({ configuration }) => configuration.RepositoryName === repository && configuration.BranchName === branch,
  )?.name ?? null;
