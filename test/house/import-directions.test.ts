import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const oxlint = join(root, 'node_modules/.bin/oxlint');

/** A file of a room, and what it imports. The files stand in a folder of their own: the lint's settings are the repository's. */
const refused: [file: string, imports: string][] = [
  ['shared/trail/a.ts', '../../functions/support/environment.ts'],
  ['shared/trail/b.ts', '../../local/world.ts'],
  ['shared/c.ts', '../cli/main.ts'],
  ['shared/d.ts', '../infra/app.ts'],
  ['shared/e.ts', '@aws-sdk/client-sqs'],
  ['shared/f.ts', '@middy/core'],
  ['shared/g.ts', 'node:fs'],
  ['shared/h.ts', 'node:fs/promises'],
  ['functions/react/a.ts', '../../local/world.ts'],
  ['functions/react/b.ts', '../../cli/main.ts'],
  ['functions/react/c.ts', '../../infra/app.ts'],
  ['functions/react/d.ts', '../take-step/take-step.ts'],
  ['local/runtime/a.ts', '../../cli/main.ts'],
  ['local/b.ts', '../infra/app.ts'],
  ['infra/a.ts', '../local/world.ts'],
  ['infra/constructs/b.ts', '../../cli/main.ts'],
  ['infra/constructs/c.ts', '../../functions/react/handler.ts'],
  ['cli/a.ts', '../infra/app.ts'],
  ['cli/commands/b.ts', '../../functions/react/handler.ts'],
  ['local/c.ts', '../test/harness/product.ts'],
  ['shared/i.ts', '../test/harness/product.ts'],
];

const allowed: [file: string, imports: string][] = [
  ['shared/trail/ok.ts', '../errors.ts'],
  ['shared/trail/ok2.ts', 'node:crypto'],
  ['shared/trail/ok3.ts', 'node:zlib'],
  ['shared/trail/ok4.ts', 'zod'],
  ['functions/react/ok.ts', '../support/environment.ts'],
  ['functions/react/ok2.ts', '../../shared/errors.ts'],
  ['functions/react/ok3.ts', './react.ts'],
  ['functions/react/ok4.ts', '@aws-sdk/client-sqs'],
  ['local/runtime/ok.ts', '../../functions/react/handler.ts'],
  ['cli/commands/ok.ts', '../../local/options.ts'],
  ['infra/constructs/ok.ts', '../../functions/support/environment.ts'],
  ['infra/constructs/ok2.ts', '../../shared/event/rules.ts'],
];

let folder = '';
let found = new Map<string, string[]>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'escalator-lint-'));
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
  for (const [file, imports] of [...refused, ...allowed])
    write(file, `import * as it from '${imports}';\nexport { it };\n`);
  write('shared/ring/one.ts', `import { two } from './two.ts';\nexport const one = (): number => two() + 1;\n`);
  write('shared/ring/two.ts', `import { one } from './one.ts';\nexport const two = (): number => one() + 1;\n`);
  found = lint();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** The rules that a file breaks, by file. */
const lint = (): Map<string, string[]> => {
  const rooms = ['shared', 'functions', 'local', 'cli', 'infra'];
  const broken = new Map<string, string[]>();
  for (const { filename, code } of diagnostics(rooms)) broken.set(filename, [...(broken.get(filename) ?? []), code]);
  return broken;
};

const diagnostics = (rooms: string[]): { filename: string; code: string }[] => {
  const read = (text: string) =>
    (JSON.parse(text) as { diagnostics: { filename: string; code: string }[] }).diagnostics;
  try {
    return read(execFileSync(oxlint, ['--format', 'json', ...rooms], { cwd: folder, encoding: 'utf8' }));
  } catch (error) {
    return read((error as { stdout: string }).stdout);
  }
};

describe('imports point one way: cli -> local -> functions -> shared, infra -> shared', () => {
  it.each(refused)('%s may not import %s', (file) => {
    expect(found.get(file) ?? []).toContain('eslint(no-restricted-imports)');
  });

  it.each(allowed)('%s may import %s', (file) => {
    expect(found.get(file) ?? []).not.toContain('eslint(no-restricted-imports)');
  });

  it('and never in a ring', () => {
    expect(found.get('shared/ring/one.ts') ?? []).toContain('import(no-cycle)');
  });
});

describe('what runs in Lambda', () => {
  it('imports zod as `* as z`: the named import brings the whole library into the bundle', () => {
    const sources = ['shared', 'functions', 'local', 'cli', 'infra'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(room, file)),
    );
    expect(sources.length).toBeGreaterThan(50);
    const named = sources.filter((file) =>
      /import\s*\{[^}]*\bz\b[^}]*\}\s*from 'zod/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(named).toEqual([]);
  });
});
