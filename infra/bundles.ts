import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is bundled of a function: what Lambda loads, and the map that leads from a place in it to the source. */
export type Bundle = { code: Uint8Array; map: Uint8Array | null };

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The folder of a function's code: as source here, bundled already where this is installed as a package. */
export const folderOf = (name: string): string => root(`functions/${name}`);

/** The bundle of a function in `functions/`, by its name: `record-change`. */
export const bundleOf = (name: string): Bundle => {
  const made = root(`functions/${name}/index.mjs`);
  if (existsSync(made)) return { code: readFileSync(made), map: null };
  const bundle = (built ??= build()).get(name);
  if (bundle === undefined) throw new Error(`there is no function ${name}: functions/${name}/handler.ts is not there`);
  return bundle;
};

/** Every function there is the source of. */
export const functionNames = (): string[] =>
  readdirSync(root('functions')).filter((name) => existsSync(root(`functions/${name}/handler.ts`)));

/** One run for all of them: what they share is read once. */
let built: Map<string, Bundle> | undefined;

/**
 * In a process of its own: esbuild takes what leaves out the SDK's ballast (`bundle/slim.ts`) only where it may be waited
 * for, and a construct cannot wait. Where this is installed as a package, functions come bundled and nobody has esbuild.
 */
const build = (): Map<string, Bundle> => {
  const out = mkdtempSync(join(tmpdir(), 'escalator-bundles-'));
  try {
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', root('infra/bundle/main.ts'), out]);
    const read = (name: string, ending: string): Uint8Array => readFileSync(join(out, `${name}${ending}`));
    return new Map(functionNames().map((name) => [name, { code: read(name, '.mjs'), map: read(name, '.mjs.map') }]));
  } finally {
    rmSync(out, { recursive: true });
  }
};
