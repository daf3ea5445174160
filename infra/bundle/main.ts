import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from './bundle.ts';

/** `node infra/bundle/main.ts DIR` writes the bundle of every function there, and its map. */
const [, , dir = ''] = process.argv;
for (const { name, code, map } of await bundleFunctions()) {
  writeFileSync(join(dir, `${name}.mjs`), code);
  writeFileSync(join(dir, `${name}.mjs.map`), map);
}
