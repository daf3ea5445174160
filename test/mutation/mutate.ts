import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyTracked } from './copy.ts';
import { equivalents } from './equivalent.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { start, tryMutants } from './try.ts';

/**
 * `npm run mutate -- [--every N] [FILE[:LINE]...]`: makes one small change at a time to what decides and what acts, in
 * a copy of the repository, and runs the tests that should notice. Prints what came of each change, and the score by
 * file. Equivalent mutants, which no test can notice, do not count. Exit code 1 where a file scores below 90 %.
 */

/** What is mutated, and the tests that answer for it. `handler.ts` only wires, and is tried end to end. */
const suites = [
  { sources: 'shared/ladder/**/*.ts', tests: 'test/shared/ladder' },
  { sources: 'functions/take-step/*.ts', tests: 'test/functions/take-step' },
  { sources: 'functions/react/*.ts', tests: 'test/functions/react' },
];
const wantedPercent = 90;

type Asked = { every: number; places: { file: string; line: number | null }[] };
type Task = { file: string; tests: string; mutants: Mutant[]; equivalent: number };
type Score = { file: string; killed: number; survived: number; equivalent: number };

const readArguments = (): Asked => {
  const options = { every: { type: 'string', default: '1' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const every = Number(values.every);
  if (!Number.isInteger(every) || every < 1)
    throw new Error(`--every must be a whole number from 1 on, found ${JSON.stringify(values.every)}`);
  const places = positionals.map((place) => {
    const [file = '', line] = place.split(':');
    return { file, line: line === undefined ? null : Number(line) };
  });
  return { every, places };
};

const tasksIn = (root: string, asked: Asked): Task[] =>
  suites
    .flatMap(({ sources, tests }) => globSync(sources, { cwd: root }).map((file) => ({ file, tests })))
    .filter(({ file }) => !file.endsWith('handler.ts'))
    .toSorted((one, other) => one.file.localeCompare(other.file))
    .map(({ file, tests }) => taskOf(root, file, tests, asked))
    .filter(({ mutants }) => mutants.length > 0);

const taskOf = (root: string, file: string, tests: string, { every, places }: Asked): Task => {
  const isAsked = ({ line }: Mutant): boolean =>
    places.length === 0 || places.some((place) => place.file === file && (place.line ?? line) === line);
  const all = mutantsOf(readFileSync(join(root, file), 'utf8')).filter(isAsked);
  const mutants = all.filter((mutant) => !isEquivalent(file, mutant));
  return {
    file,
    tests,
    mutants: mutants.filter((_, index) => index % every === 0),
    equivalent: all.length - mutants.length,
  };
};

const isEquivalent = (file: string, { text, change }: Mutant): boolean =>
  equivalents.some((known) => known.file === file && known.text === text && known.change === change);

/** Equivalents whose line was changed since: whether they still are must be looked at anew. */
const staleIn = (root: string): string[] =>
  equivalents
    .filter(({ file, text, change }) => {
      const path = join(root, file);
      const mutants = existsSync(path) ? mutantsOf(readFileSync(path, 'utf8')) : [];
      return !mutants.some((mutant) => mutant.text === text && mutant.change === change);
    })
    .map(({ file, text, change }) => `no longer there: ${file}  ${text}  ${change}`);

/** A file has a Vitest of its own: nothing of the file before is left in its worker. */
const scoreOf = async (root: string, task: Task): Promise<Score> => {
  const score = { file: task.file, killed: 0, survived: 0, equivalent: task.equivalent };
  const vitest = await start(root);
  for await (const { mutant, killed } of tryMutants(vitest, task)) {
    score[killed ? 'killed' : 'survived'] += 1;
    console.log(`${killed ? 'killed  ' : 'SURVIVED'}  ${task.file}:${mutant.line}  ${mutant.change}`);
  }
  await vitest.close();
  return score;
};

const percentOf = ({ killed, survived }: Pick<Score, 'killed' | 'survived'>): number =>
  (100 * killed) / (killed + survived);

const lineOf = (score: Score): string =>
  `${percentOf(score).toFixed(1).padStart(5)} %  ${score.file}: ${score.killed} killed, ${score.survived} survived` +
  (score.equivalent === 0 ? '' : `, ${score.equivalent} equivalent`);

const root = copyTracked(process.cwd());
try {
  const tasks = tasksIn(root, readArguments());
  process.chdir(root); // Vitest looks for test files from where it stands
  const scores: Score[] = [];
  for (const task of tasks) scores.push(await scoreOf(root, task));
  for (const line of [...staleIn(root), ...scores.map(lineOf)]) console.log(line);
  const sum = (of: 'killed' | 'survived' | 'equivalent') => scores.reduce((total, score) => total + score[of], 0);
  const all = { killed: sum('killed'), survived: sum('survived'), equivalent: sum('equivalent') };
  console.log(lineOf({ file: 'all', ...all }));
  process.exitCode = scores.every((score) => percentOf(score) >= wantedPercent) ? 0 : 1;
} finally {
  process.chdir(tmpdir());
  rmSync(root, { recursive: true, force: true });
}
