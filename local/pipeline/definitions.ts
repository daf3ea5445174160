import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { World } from '../world.ts';
import { checkStructure } from './check-structure.ts';
import { pipelineArn } from './events.ts';
import { limit, text } from './members.ts';
import type { Definition, PipelineStore } from './store.ts';
import type { Structure } from './structure.ts';
import { pipelineSummary, stateView, structureView } from './views.ts';

/** The pipeline of that name. @throws AwsError PipelineNotFoundException */
export const definitionNamed = (store: PipelineStore, { account }: World, name: string): Definition => {
  const definition = store.findDefinition(name);
  if (definition !== null) return definition;
  throw new AwsError('PipelineNotFoundException', `Account '${account}' does not have a pipeline with name '${name}'`);
};

export type DefinitionOptions = {
  world: World;
  store: PipelineStore;
  /** names of the custom providers */
  providers: string[];
  transaction: <T>(work: () => T) => T;
  /** called in the transaction that creates a pipeline, as AWS starts its first execution by itself */
  onCreate: (definition: Definition) => void;
  onDelete: (pipeline: string) => void;
};

/** Creating, updating, reading and deleting pipelines. */
export const definitionOperations = (options: DefinitionOptions): Operations => {
  const { world, store, transaction, onCreate, onDelete } = options;
  const now = (): number => world.now().getTime();
  return {
    CreatePipeline: (input) => {
      const structure = checked(input, options.providers);
      return transaction(() => {
        if (store.findDefinition(structure.name) !== null)
          throw new AwsError('PipelineNameInUseException', `A pipeline with name '${structure.name}' already exists`);
        const definition = { name: structure.name, version: 1, structure, created: now(), updated: now() };
        store.saveDefinition(definition);
        onCreate(definition);
        return { pipeline: structureView(definition) };
      });
    },
    UpdatePipeline: (input) => {
      const structure = checked(input, options.providers);
      return transaction(() => {
        const before = definitionNamed(store, world, structure.name);
        const definition = { ...before, version: before.version + 1, structure, updated: now() };
        store.saveDefinition(definition);
        return { pipeline: structureView(definition) };
      });
    },
    GetPipeline: (input) => getPipeline(world, store, input),
    ListPipelines: (input) => listPipelines(store, input),
    GetPipelineState: (input) => stateView(store, definitionNamed(store, world, text(input, 'name'))),
    DeletePipeline: (input) => {
      const name = text(input, 'name');
      transaction(() => store.removePipeline(name)); // one that is not there is deleted already
      onDelete(name);
      return {};
    },
  };
};

const checked = (input: Members, providers: string[]): Structure => {
  const answer = checkStructure(input.pipeline, providers);
  if ('refused' in answer) throw new AwsError(answer.refused.code, answer.refused.message);
  return answer.structure;
};

const getPipeline = (world: World, store: PipelineStore, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'name'));
  const version = input.version === undefined ? definition.version : Number(input.version);
  const structure = store.findVersion(definition.name, version);
  if (structure === null)
    throw new AwsError(
      'PipelineVersionNotFoundException',
      `Pipeline '${definition.name}' has no version ${String(input.version)}; the current one is ${definition.version}`,
    );
  const { created, updated } = definition;
  const metadata = {
    pipelineArn: pipelineArn(world, definition.name),
    created: new Date(created),
    updated: new Date(updated),
  };
  return { pipeline: structureView({ structure, version }), metadata };
};

/** The token is the name to go on after. */
const listPipelines = (store: PipelineStore, input: Members) => {
  const size = limit(input);
  const after = typeof input.nextToken === 'string' ? Buffer.from(input.nextToken, 'base64url').toString('utf8') : '';
  const page = store.listDefinitions(after, size);
  const last = page.at(-1);
  return {
    pipelines: page.map(pipelineSummary),
    ...(page.length < size || last === undefined ? {} : { nextToken: Buffer.from(last.name).toString('base64url') }),
  };
};
