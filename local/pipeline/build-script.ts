import type { Buildspec, CommandPhase } from './buildspec.ts';

/** What a shell's work directory holds beside the sources, for the script and for us. */
export const stateFiles = { environment: 'environment', directory: 'directory', at: 'at' } as const;

/**
 * The shell script of one list of commands. Exported variables and the working directory go on from list to list, as
 * in the one shell of version 0.2; the first command that fails ends it with its exit code.
 *
 * The script first leaves behind a process that waits on descriptor 3, which the product holds open: when the product
 * dies, even by `kill -9`, the whole process group goes with it, and no build is left running that nobody watches.
 *
 * @param stateDir directory for what goes on from list to list; `at` names the command that ran last, from 0
 */
export const buildScript = (commands: string[], stateDir: string, succeeding: boolean): string => {
  const state = (file: keyof typeof stateFiles): string => quote(`${stateDir}/${stateFiles[file]}`);
  return [
    // not a child of this shell, so that the commands' own `wait` does not wait for it
    `( ( read _ <&3; kill -9 0 ) >/dev/null 2>&1 & )`,
    `exec 3<&-`,
    `[ ! -f ${state('environment')} ] || . ${state('environment')}`,
    `export CODEBUILD_BUILD_SUCCEEDING=${succeeding ? 1 : 0}`,
    `[ ! -f ${state('directory')} ] || cd "$(cat ${state('directory')})" || cd "$CODEBUILD_SRC_DIR"`,
    `trap 'escalator_code=$?; export -p >${inTrap(state('environment'))}; pwd >${inTrap(state('directory'))}; exit $escalator_code' EXIT`,
    ...commands.flatMap((command, index) => [
      `echo ${index} >${state('at')}`,
      `printf '[Container] Running command %s\\n' ${quote(command)}`,
      `eval ${quote(command)}`,
      `escalator_code=$?; [ "$escalator_code" -eq 0 ] || exit "$escalator_code"`,
    ]),
    '',
  ].join('\n');
};

/** Text as one word of the shell, whatever it holds. */
const quote = (text: string): string => `'${text.replaceAll(`'`, `'\\''`)}'`;
/** The same inside a quoted word. */
const inTrap = (quoted: string): string => quoted.replaceAll(`'`, `'\\''`);

/** The commands of a phase, or none. */
export const commandsOf = (buildspec: Buildspec, phase: CommandPhase): { commands: string[]; finally: string[] } => ({
  commands: buildspec.phases[phase]?.commands ?? [],
  finally: buildspec.phases[phase]?.finally ?? [],
});
