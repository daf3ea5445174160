import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorCodes } from '../../shared/errors.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['shared', 'functions', 'local', 'cli', 'infra'];
const sources = rooms
  .flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
  )
  .filter((file) => file.endsWith('.ts') && file !== 'shared/errors.ts')
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

it('docs/reference/errors.md is what the code says (vitest -u writes it)', async () => {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const page = `# Errors

Every error that a person may meet has a code that never changes. The message says what happened and where, what was
found and what was wanted; what to do next comes after the semicolon. Made from \`shared/errors.ts\`.

| code | meaning |
| --- | --- |
${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/errors.md'));
});

it.each(Object.keys(errorCodes))('%s is met somewhere', (code) => {
  expect(sources).toContain(`'${code}'`);
});
