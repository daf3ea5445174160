import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVitest, type Vitest } from 'vitest/node';
import type { Mutant } from './mutants.ts';

/** A kill must be one that a named test makes every time: tests that draw what they do at random are left out. */
const random = 'replay.test.ts';
/** No honest run of these tests takes as long; a mutant that waits for ever was noticed. */
const testAtMostMs = 5_000;

/** One Vitest in one worker, kept between mutants: only what a mutant changes is loaded again. */
export const start = (root: string): Promise<Vitest> =>
  createVitest(
    {
      root,
      watch: true,
      bail: 1,
      pool: 'threads',
      isolate: false,
      maxWorkers: 1,
      cache: false,
      reporters: [{}],
      silent: true,
      testTimeout: testAtMostMs,
    },
    { server: { watch: null }, cacheDir: join(root, '.vite') },
  );

/**
 * Tries mutants of one file, each written over the copy, which is whole again afterwards.
 * @param file path from the root of the copy
 * @param tests folder whose tests answer for the file
 * @yields each mutant, and whether a test noticed it
 * @throws Error when the tests fail, or are none, with nothing changed: then a kill would say nothing
 */
export async function* tryMutants(
  vitest: Vitest,
  { file, tests, mutants }: { file: string; tests: string; mutants: Mutant[] },
): AsyncGenerator<{ mutant: Mutant; killed: boolean }> {
  const path = join(vitest.config.root, file);
  const source = readFileSync(path, 'utf8');
  const passesWith = async (text: string): Promise<boolean> => {
    writeFileSync(path, text);
    vitest.invalidateFile(path);
    return passes(vitest, tests);
  };
  try {
    if (!(await passesWith(source)))
      throw new Error(`the tests in ${tests} fail with nothing changed: mend them first`);
    for (const mutant of mutants) yield { mutant, killed: !(await passesWith(mutant.mutated)) };
  } finally {
    writeFileSync(path, source);
    vitest.invalidateFile(path);
  }
}

/** A run that says nothing, because not all of it ran though nothing failed, is made again this often. */
const triesAtMost = 3;

/** Runs the tests of a folder until one fails. */
const passes = async (vitest: Vitest, tests: string): Promise<boolean> => {
  const found = await vitest.globTestSpecifications([tests]);
  const repeatable = found.filter(({ moduleId }) => !moduleId.endsWith(random));
  if (repeatable.length === 0) throw new Error(`there are no tests in ${tests}`);
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(repeatable);
    if (testModules.some((module) => module.state() === 'failed')) return false;
    const passed = testModules.filter((module) => module.state() === 'passed').length;
    if (passed === repeatable.length && unhandledErrors.length === 0) return true;
  }
  return false;
};
