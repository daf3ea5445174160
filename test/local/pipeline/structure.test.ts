import { describe, expect, it } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { checkStructure } from '../../../local/pipeline/check-structure.ts';
import { build, custom, pipeline, shop, source } from './harness.ts';

const check = (definition: unknown) => checkStructure(definition, ['EscalatorDeploy', 'EscalatorSmoke']);
const refusal = (definition: unknown): string => {
  const answer = check(definition);
  return 'refused' in answer ? `${answer.refused.code}: ${answer.refused.message}` : 'accepted';
};
const deploy = (changes: Members = {}): Members => ({ ...custom('Deploy', 'EscalatorDeploy'), ...changes });
const withDeploy = (...actions: Members[]): Members =>
  pipeline({ name: 'Source', actions: [source()] }, { name: 'Deploy', actions });

describe('a pipeline definition', () => {
  it('is taken in the structure format of CodePipeline, with its defaults', () => {
    const answer = check(shop());
    expect(answer).toMatchObject({ structure: { name: 'shop', pipelineType: 'V2', executionMode: 'SUPERSEDED' } });
    expect(answer).toMatchObject({
      structure: { stages: [{ actions: [{ runOrder: 1, inputArtifacts: [] }] }, {}, {}] },
    });
  });

  const mistakes: [string, unknown, RegExp][] = [
    ['without a definition', undefined, /^ValidationException: 1 validation error detected: Value at 'pipeline'/],
    [
      'with a name that leads elsewhere',
      { ...shop(), name: '../shop' },
      /^ValidationException: .*'pipeline\.name' failed to satisfy constraint: .*pattern/,
    ],
    [
      'with an action name of a wrong form',
      withDeploy(deploy({ name: 'a b' })),
      /^ValidationException: .*'pipeline\.stages\.2\.member\.actions\.1\.member\.name'/,
    ],
    [
      'with a configuration value that is no text',
      withDeploy(deploy({ configuration: { Port: 1 } })),
      /^ValidationException: .*configuration\.Port/,
    ],
    [
      'with one stage',
      pipeline({ name: 'Source', actions: [source()] }),
      /^InvalidStructureException: .*1 stage.*minimum of 2/,
    ],
    [
      'with two stages of one name',
      pipeline({ name: 'Same', actions: [source()] }, { name: 'Same', actions: [deploy()] }),
      /^InvalidStructureException: .*'Same'.*unique/,
    ],
    [
      'in a mode that is not carried out',
      { ...shop(), executionMode: 'QUEUED' },
      /^InvalidStructureException: .*QUEUED/,
    ],
    ['with triggers', { ...shop(), triggers: [{}] }, /^InvalidStructureException: 'triggers'/],
    [
      'with a condition on a stage',
      pipeline({ name: 'Source', actions: [source()] }, { name: 'Deploy', actions: [deploy()], onFailure: {} }),
      /^InvalidStageDeclarationException: 'onFailure' of stage 'Deploy'/,
    ],
    ['with an empty stage', withDeploy(), /^InvalidStageDeclarationException: Stage 'Deploy' has no action/],
    [
      'whose first stage is not source alone',
      pipeline({ name: 'Source', actions: [source(), deploy()] }, { name: 'Deploy', actions: [deploy()] }),
      /^InvalidStageDeclarationException: The first stage 'Source'.*'Deploy'/,
    ],
    [
      'with a source action in a later stage',
      withDeploy(deploy(), { ...source(), name: 'Again', outputArtifacts: [{ name: 'Other' }] }),
      /^InvalidStageDeclarationException: Source action 'Again' is in stage 'Deploy'/,
    ],
    [
      'with two actions of one name',
      withDeploy(deploy(), deploy()),
      /^InvalidStageDeclarationException: Stage 'Deploy'.*'Deploy'.*unique/,
    ],
    [
      'with an unknown provider',
      withDeploy(custom('Deploy', 'EscalatorDepoly')),
      /^InvalidActionDeclarationException: Action 'Deploy' in stage 'Deploy': .*EscalatorDepoly.*known are .*EscalatorDeploy/,
    ],
    [
      'without a branch',
      pipeline(
        { name: 'Source', actions: [{ ...source(), configuration: { RepositoryName: 'shop' } }] },
        { name: 'Deploy', actions: [deploy()] },
      ),
      /^InvalidActionDeclarationException: .*missing required configuration 'BranchName'/,
    ],
    [
      'with an unknown configuration key',
      pipeline({ name: 'Source', actions: [source()] }, { name: 'Build', actions: [build({ Projekt: 'x' })] }),
      /^InvalidActionDeclarationException: .*unknown configuration 'Projekt'/,
    ],
    [
      'with a deadline that is no number',
      pipeline(
        { name: 'Source', actions: [source()] },
        { name: 'Build', actions: [build({ TimeoutInSeconds: 'soon' })] },
      ),
      /^InvalidActionDeclarationException: .*TimeoutInSeconds is 'soon'/,
    ],
    [
      'with a variable',
      withDeploy(deploy({ configuration: { Commit: '#{SourceVariables.CommitId}' } })),
      /^InvalidActionDeclarationException: .*'Commit' uses a variable/,
    ],
    [
      'that takes an artifact nobody produces',
      withDeploy(custom('Deploy', 'EscalatorDeploy', 'Nothing')),
      /^InvalidActionDeclarationException: .*'Deploy'.*'Nothing', which no action before it produces/,
    ],
    [
      'that takes an artifact of its own run order',
      pipeline(
        { name: 'Source', actions: [source()] },
        { name: 'Build', actions: [build(), custom('Deploy', 'EscalatorDeploy', 'BuildOutput')] },
      ),
      /^InvalidActionDeclarationException: .*'BuildOutput', which no action before it produces/,
    ],
    [
      'with one output name twice',
      pipeline(
        { name: 'Source', actions: [source()] },
        { name: 'Build', actions: [build(), { ...build(), name: 'Again' }] },
      ),
      /^InvalidActionDeclarationException: The artifact 'BuildOutput' is produced twice/,
    ],
    [
      'with a source that has an input',
      pipeline(
        { name: 'Source', actions: [{ ...source(), inputArtifacts: [{ name: 'X' }] }] },
        { name: 'Deploy', actions: [deploy()] },
      ),
      /^InvalidActionDeclarationException: .*has 1 input artifact\(s\); it takes 0/,
    ],
  ];
  it.each(mistakes)('%s is refused, with what and where', (_what, definition, message) => {
    expect(refusal(definition)).toMatch(message);
  });

  it('with several mistakes of a kind names all of them', () => {
    const message = refusal(withDeploy(custom('A', 'One'), custom('B', 'Two')));
    expect(message).toContain("Action 'A'");
    expect(message).toContain("Action 'B'");
  });
});
