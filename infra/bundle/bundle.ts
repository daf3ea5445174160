import { build, type BuildOptions, type BuildResult, type Metafile } from 'esbuild';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionNames } from '../bundles.ts';
import { slim } from './slim.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A function as Lambda loads it: one module, minified, with the SDK it was tested with; `parts` says what it is made of. */
export type Bundle = { name: string; code: Uint8Array; map: Uint8Array; parts: Metafile['outputs'][string] };

/** Bundles functions in one run: what they share is read once. */
export const bundleFunctions = async (names = functionNames()): Promise<Bundle[]> => {
  const built = await build({ ...options, entryPoints: names.map((name) => `functions/${name}/handler.ts`) });
  return names.map((name) => ({
    name,
    code: fileOf(built, name, '.mjs'),
    map: fileOf(built, name, '.mjs.map'),
    parts: partsOf(built, name),
  }));
};

type Built = BuildResult<{ write: false; metafile: true }>;

const fileOf = ({ outputFiles }: Built, name: string, ending: string): Uint8Array => {
  const file = outputFiles.find(
    ({ path }) => basename(dirname(path)) === name && basename(path) === `handler${ending}`,
  );
  if (file === undefined) throw new Error(`esbuild made no ${ending} of functions/${name}`);
  return file.contents;
};

const partsOf = ({ metafile }: Built, name: string): Bundle['parts'] => {
  const parts = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/handler.mjs`));
  if (parts === undefined) throw new Error(`esbuild does not say what functions/${name} is made of`);
  return parts[1];
};

const options = {
  absWorkingDir: root,
  outbase: 'functions',
  outdir: 'bundles',
  outExtension: { '.js': '.mjs' },
  write: false as const,
  metafile: true as const,
  bundle: true,
  platform: 'node' as const,
  format: 'esm' as const,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'external' as const, // kept beside the template: in a bundle it would be loaded at every cold start
  // CommonJS packages inside an ES module still ask for `require`.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning' as const,
  plugins: [slim()],
} satisfies BuildOptions;
