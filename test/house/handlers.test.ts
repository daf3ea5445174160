import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const handlers = globSync('functions/*/handler.ts', { cwd: root });
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('a function', () => {
  it.each(handlers)('%s has the house around it, in its own name', (file) => {
    const name = basename(dirname(file));
    const made = [...textOf(file).matchAll(/\b(?:perBatch|perMessage|perWakeUp|perRequest)\(\s*'([\w-]+)'/g)];
    expect(new Set(made.map(([, named]) => named))).toEqual(new Set([name]));
  });

  it.each(globSync('functions/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('support/log.ts')))(
    '%s writes to no console: lines go through the log, which takes secrets out',
    (file) => expect(textOf(file)).not.toMatch(/\bconsole\.|process\.std(?:out|err)/),
  );
});
