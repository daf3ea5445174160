import { describe, expect, it } from 'vitest';
import { parseBuildspec } from '../../../local/pipeline/buildspec.ts';

const refusal = (source: string): string => {
  const answer = parseBuildspec(source);
  return 'refused' in answer ? answer.refused : 'accepted';
};

describe('a buildspec', () => {
  it('has variables, phases with commands and finally, and artifacts', () => {
    const answer = parseBuildspec(`
version: 0.2
env: { variables: { LEVEL: 3 } }
phases:
  install: { commands: echo one, runtime-versions: { nodejs: 22 } }
  build:
    commands: [make, 42]
    finally: [clean]
artifacts: { files: ['**/*'], base-directory: out, discard-paths: yes }
`);
    expect(answer).toEqual({
      buildspec: {
        version: '0.2',
        env: { shell: 'sh', variables: { LEVEL: '3' } },
        phases: {
          install: { commands: ['echo one'], finally: [], 'runtime-versions': { nodejs: 22 } },
          build: { commands: ['make', '42'], finally: ['clean'] },
        },
        artifacts: { files: ['**/*'], 'base-directory': 'out', 'discard-paths': true },
      },
    });
  });

  const mistakes: [string, string, RegExp][] = [
    ['that is not YAML', 'version: 0.2\nphases: [', /^it is not YAML: /],
    ['that is empty', '', /^it holds no keys/],
    ['that is a list', '- version: 0.2', /^it holds no keys/],
    ['without a version', 'phases: { build: { commands: [a] } }', /version/],
    ['of another version', 'version: 0.1\nphases: { build: { commands: [a] } }', /version wants version: 0\.2/],
    ['without phases', 'version: 0.2', /phases is missing/],
    ['with no phase in phases', 'version: 0.2\nphases: {}', /phases wants at least one phase/],
    ['with an unknown phase', 'version: 0.2\nphases: { biuld: { commands: [a] } }', /phases: biuld is not carried out/],
    [
      'with a command that is a map',
      'version: 0.2\nphases: { build: { commands: [{ a: b }] } }',
      /phases\.build\.commands/,
    ],
    [
      'with secrets to be fetched',
      'version: 0.2\nenv: { secrets-manager: { A: b } }\nphases: { build: {} }',
      /env: secrets-manager is not carried out/,
    ],
    [
      'with another way on failure',
      'version: 0.2\nphases: { build: { on-failure: CONTINUE } }',
      /phases\.build: on-failure is not carried out/,
    ],
    [
      'with a variable that has no name',
      'version: 0.2\nenv: { variables: { "A B": c } }\nphases: { build: {} }',
      /env\.variables/,
    ],
    [
      'that unfolds without end',
      `version: 0.2\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}`,
      /not YAML|not carried out/,
    ],
  ];
  it.each(mistakes)('%s is refused, with what and where', (_what, source, message) => {
    expect(refusal(source)).toMatch(message);
  });
});
