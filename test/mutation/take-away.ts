import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Vitest } from 'vitest/node';
import { copyTracked } from './copy.ts';
import { removals } from './rails.ts';
import type { Removal } from './removal.ts';
import { start } from './try.ts';

/**
 * `npm run mutate:rails -- [--every N] [RAIL...]`: takes one guard rail away at a time, in a copy of the repository, and
 * runs the one test that is to notice it. Prints what came of each; exit code 1 where one is not noticed.
 */

/** How the one test of a title ends in a file; null where it is not there, or nothing ran. */
const stateOf = async (vitest: Vitest, { file, title }: Removal['test']): Promise<string | null> => {
  vitest.setGlobalTestNamePattern(new RegExp(`${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([file]));
  const tests = testModules.flatMap(({ children }) => [...children.allTests()]).filter(({ name }) => name === title);
  return tests[0]?.result().state ?? null;
};

/** Why a rail cannot be said to be noticed; null where it is. */
const missing = async (vitest: Vitest, { file, find, put, test }: Removal): Promise<string | null> => {
  const path = join(vitest.config.root, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) return `does not stand once in ${file}: ${find}`;
  const write = (text: string): void => {
    writeFileSync(path, text);
    vitest.invalidateFile(path);
  };
  try {
    const before = await stateOf(vitest, test);
    if (before !== 'passed') return `its test is ${before ?? 'not there'} with nothing taken away`;
    write(source.replace(find, () => put));
    const without = await stateOf(vitest, test);
    return without === 'failed' ? null : `its test is ${without ?? 'not there'} without it`;
  } finally {
    write(source);
  }
};

const readArguments = (): Removal[] => {
  const options = { every: { type: 'string', default: '1' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const asked = positionals.length === 0 ? removals : removals.filter(({ rail }) => positionals.includes(rail));
  return asked.filter((_, index) => index % Number(values.every) === 0);
};

const root = copyTracked(process.cwd());
try {
  const asked = readArguments();
  process.chdir(root); // Vitest looks for test files from where it stands
  const vitest = await start(root);
  let missed = 0;
  for (const removal of asked) {
    const reason = await missing(vitest, removal);
    if (reason !== null) missed += 1;
    const { file, title } = removal.test;
    console.log(`${reason === null ? 'noticed' : 'MISSED '}  ${removal.rail}  ${reason ?? `${file}: ${title}`}`);
  }
  await vitest.close();
  console.log(`${asked.length} guard rails taken away, ${missed} not noticed`);
  process.exitCode = missed === 0 && asked.length > 0 ? 0 : 1;
} finally {
  process.chdir(tmpdir());
  rmSync(root, { recursive: true, force: true });
}
