import type * as Esbuild from 'esbuild';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
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

const build = (): Map<string, Bundle> => {
  // Asked for here: where this is installed as a package, functions come bundled and nobody has esbuild.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
  const { outputFiles } = buildSync({
    ...options,
    entryPoints: functionNames().map((name) => root(`functions/${name}/handler.ts`)),
  });
  const files = new Map(
    outputFiles.map(({ path, contents }) => [`${basename(dirname(path))}/${basename(path)}`, contents]),
  );
  return new Map(
    functionNames().map((name) => [
      name,
      { code: files.get(`${name}/handler.mjs`) ?? new Uint8Array(), map: files.get(`${name}/handler.mjs.map`) ?? null },
    ]),
  );
};

const options = {
  absWorkingDir: root(''),
  outbase: root('functions'),
  outdir: 'bundles',
  outExtension: { '.js': '.mjs' },
  write: false,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'external', // kept beside the template: in a bundle it would be loaded at every cold start
  // CommonJS packages inside an ES module still ask for `require`.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
} as const satisfies Esbuild.BuildOptions;
