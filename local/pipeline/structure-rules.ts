import type { ActionDeclaration, Refusal, StageDeclaration, Structure } from './structure.ts';

/**
 * What CodePipeline refuses about a definition whose members are well formed, and what one machine does not carry
 * out: silently ignoring a condition or a trigger would be worse than refusing it.
 */
export const mistakesIn = (input: object, structure: Structure, providers: string[]): Refusal[] => [
  ...pipelineMistakes(input, structure),
  ...structure.stages.flatMap((stage, index) => stageMistakes(input, stage, index)),
  ...structure.stages.flatMap(({ actions }, index) =>
    actions.flatMap((action) => actionMistakes(structure, index, action, providers)),
  ),
  ...artifactMistakes(structure),
];

const structureMistake = (message: string): Refusal => ({ code: 'InvalidStructureException', message });
const stageMistake = (message: string): Refusal => ({ code: 'InvalidStageDeclarationException', message });
const actionMistake = (message: string): Refusal => ({ code: 'InvalidActionDeclarationException', message });

const repeated = (names: string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

const present = (input: object, members: string[]): string[] =>
  members.filter((member) => Object.hasOwn(input, member) && !isEmpty((input as { [name: string]: unknown })[member]));
const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

const pipelineMistakes = (input: object, { stages, executionMode }: Structure): Refusal[] => {
  const found: Refusal[] = [];
  if (stages.length < 2)
    found.push(structureMistake(`Pipeline has ${stages.length} stage(s). There should be a minimum of 2 stages.`));
  for (const name of repeated(stages.map((stage) => stage.name)))
    found.push(structureMistake(`Pipeline has more than one stage named '${name}'; stage names must be unique.`));
  if (executionMode !== 'SUPERSEDED')
    found.push(structureMistake(`executionMode is ${executionMode}; on one machine only SUPERSEDED is carried out.`));
  for (const member of present(input, ['triggers', 'variables', 'artifactStores']))
    found.push(structureMistake(`'${member}' is not carried out on one machine; remove it.`));
  return found;
};

const stageMistakes = (input: object, stage: StageDeclaration, index: number): Refusal[] => {
  const { name, actions } = stage;
  const found: Refusal[] = [];
  if (actions.length === 0) found.push(stageMistake(`Stage '${name}' has no action; each stage needs at least one.`));
  for (const action of repeated(actions.map((each) => each.name)))
    found.push(stageMistake(`Stage '${name}' has more than one action named '${action}'; names must be unique.`));
  for (const { name: action, actionTypeId } of actions) {
    if (index === 0 && actionTypeId.category !== 'Source')
      found.push(
        stageMistake(
          `The first stage '${name}' may hold source actions only, '${action}' is ${actionTypeId.category}.`,
        ),
      );
    if (index > 0 && actionTypeId.category === 'Source')
      found.push(
        stageMistake(`Source action '${action}' is in stage '${name}'; source actions belong in the first stage.`),
      );
  }
  const raw = (input as { stages: object[] }).stages[index] ?? {};
  for (const member of present(raw, ['blockers', 'beforeEntry', 'onSuccess', 'onFailure']))
    found.push(stageMistake(`'${member}' of stage '${name}' is not carried out on one machine; remove it.`));
  return found;
};

/** What an action type of ours takes: how many artifacts, and which configuration. `null`: the provider knows. */
type Known = { inputs: [number, number]; outputs: [number, number]; needs: string[]; takes: string[] | null };

const custom: Known = { inputs: [0, 5], outputs: [0, 0], needs: [], takes: null };
const known: { [type: string]: Known } = {
  'Source/AWS/CodeCommit/1': {
    inputs: [0, 0],
    outputs: [1, 1],
    needs: ['RepositoryName', 'BranchName'],
    takes: ['RepositoryName', 'BranchName', 'PollForSourceChanges', 'OutputArtifactFormat'],
  },
  'Build/AWS/CodeBuild/1': {
    inputs: [1, 1],
    outputs: [0, 1],
    needs: ['ProjectName'],
    takes: ['ProjectName', 'TimeoutInMinutes', 'TimeoutInSeconds'],
  },
};

const actionMistakes = (
  { stages }: Structure,
  index: number,
  action: ActionDeclaration,
  providers: string[],
): Refusal[] => {
  const { category, owner, provider, version } = action.actionTypeId;
  const place = `Action '${action.name}' in stage '${stages[index]?.name}'`;
  const type = `${category}/${owner}/${provider}/${version}`;
  const rules =
    owner === 'Custom' && category !== 'Source' && providers.includes(provider)
      ? custom
      : Object.hasOwn(known, type)
        ? known[type]
        : undefined;
  if (rules === undefined) {
    const there = [...Object.keys(known), ...providers.map((each) => `Deploy/Custom/${each}/1`)].join(', ');
    return [actionMistake(`${place}: the action type ${type} is not known; known are ${there}.`)];
  }
  return [...countMistakes(place, action, rules), ...configurationMistakes(place, action, rules)];
};

const countMistakes = (place: string, action: ActionDeclaration, rules: Known): Refusal[] => {
  const outside = (what: string, count: number, [least, most]: [number, number]): Refusal[] =>
    count >= least && count <= most
      ? []
      : [
          actionMistake(
            `${place} has ${count} ${what} artifact(s); it takes ${least === most ? least : `${least} to ${most}`}.`,
          ),
        ];
  return [
    ...outside('input', action.inputArtifacts.length, rules.inputs),
    ...outside('output', action.outputArtifacts.length, rules.outputs),
  ];
};

const configurationMistakes = (place: string, { configuration }: ActionDeclaration, rules: Known): Refusal[] => {
  const missing = rules.needs
    .filter((key) => !configuration[key])
    .map((key) => actionMistake(`${place} is missing required configuration '${key}'.`));
  const unknown = Object.keys(configuration)
    .filter((key) => rules.takes !== null && !rules.takes.includes(key))
    .map((key) =>
      actionMistake(`${place} contains unknown configuration '${key}'; it takes ${rules.takes?.join(', ')}.`),
    );
  const notNumbers = ['TimeoutInMinutes', 'TimeoutInSeconds']
    .filter(
      (key) => rules.takes?.includes(key) && key in configuration && !/^[1-9]\d{0,5}$/.test(configuration[key] ?? ''),
    )
    .map((key) =>
      actionMistake(`${place}: ${key} is '${configuration[key]}'; it takes a whole number from 1 to 999999.`),
    );
  const variables = Object.entries(configuration)
    .filter(([, value]) => value.includes('#{'))
    .map(([key]) => actionMistake(`${place}: '${key}' uses a variable (#{...}), which one machine does not resolve.`));
  return [...missing, ...unknown, ...notNumbers, ...variables];
};

/** Each artifact has one producer, which comes before its consumers: an earlier stage, or a smaller run order. */
const artifactMistakes = ({ stages }: Structure): Refusal[] => {
  const found: Refusal[] = [];
  const produced = new Map<string, string>();
  for (const stage of stages) {
    const inOrder = stage.actions.toSorted((a, b) => a.runOrder - b.runOrder);
    for (const group of Map.groupBy(inOrder, ({ runOrder }) => runOrder).values()) {
      for (const action of group)
        for (const { name } of action.inputArtifacts)
          if (!produced.has(name))
            found.push(
              actionMistake(
                `Action '${action.name}' in stage '${stage.name}' takes the artifact '${name}', which no action before it produces.`,
              ),
            );
      for (const action of group)
        for (const { name } of action.outputArtifacts) {
          const other = produced.get(name);
          if (other !== undefined)
            found.push(
              actionMistake(
                `The artifact '${name}' is produced twice, by '${other}' and by '${action.name}' in stage '${stage.name}'; output names must be unique in a pipeline.`,
              ),
            );
          produced.set(name, action.name);
        }
    }
  }
  return found;
};
