import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { railsOf } from '../../shared/ladder/rails.ts';
import { accountRails } from '../../shared/ladder/rails-of-account.ts';
import { initialState } from '../../shared/ladder/state.ts';
import { fleet } from '../harness/fleet.ts';
import { level, shop } from '../harness/ladder.ts';
import { removals } from './rails.ts';
import type { Removal } from './removal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
/** All of them in the long runs, else every tenth. */
const every = Number(process.env['ESCALATOR_RUNS'] ?? 1) >= 10 ? 1 : 10;

/** What `escalator ladder show` names, of a ladder that has them all. */
const shown = (): string[] => {
  const config = shop({ levels: [level('node', { drastic: true }), level('deploy')] });
  const one = { config, state: initialState };
  const rails = [
    ...railsOf(initialState, fleet(), '2026-11-21T12:00:00.000Z'),
    ...railsOf(initialState, config, '2026-11-21T12:00:00.000Z'),
    ...accountRails([one], { services: [config] }, one),
  ];
  return [...new Set(rails.map(({ name }) => name))];
};

const row = ({ rail, file, test }: Removal): string =>
  `| ${rail} | [${file}](../../${file}) | [${test.title}](../../${test.file}) |`;

const page = `# Guard rails

What stands in the way of every act, and the test that fails where it is taken away. \`escalator ladder show\` says of each
what its limit is, how much of it is used, and when it frees; what each means stands in
[the ladder](../explanation/the-ladder.md).

\`npm run mutate:rails\` takes one away after the other, in a copy of the repository, and runs its test: it must pass before
and fail after. \`npm run test:long\` does so for all of them, \`npm test\` for every tenth. This page is made of
\`test/mutation/rails/\`. Many a rail stands in more than one place, and is noticed by more than the one test:
\`npm run mutate\` makes every small change to what decides and acts, one at a time.

| rail | where it stands | the test that fails without it |
| --- | --- | --- |
${removals.map(row).join('\n')}
`;

describe('the guard rails', () => {
  it('are all on the list of what is taken away', () => {
    const listed = new Set(removals.map(({ rail }) => rail.split(':')[0]));
    expect(shown().filter((name) => !listed.has(name))).toEqual([]);
    expect(new Set(removals.map(({ rail }) => rail)).size).toBe(removals.length);
  });

  it('stand where the list says, each once', () => {
    const astray = removals.filter(({ file, find }) => readFileSync(join(root, file), 'utf8').split(find).length !== 2);
    expect(astray.map(({ rail }) => rail)).toEqual([]);
  });

  it('and their tests are in docs/reference/guard-rails.md', async () => {
    await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/guard-rails.md'));
  });

  it('are each noticed by the test that is named with it, when it is taken away', { timeout: 600_000 }, async () => {
    const words = ['--disable-warning=ExperimentalWarning', 'test/mutation/take-away.ts', '--every', String(every)];
    const { stdout } = await run(process.execPath, words, { cwd: root });
    expect(stdout.trim().split('\n').at(-1)).toBe(
      `${Math.ceil(removals.length / every)} guard rails taken away, 0 not noticed`,
    );
  });
});
