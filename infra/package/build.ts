import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf, functionNames } from '../bundles.ts';

/**
 * `npm run package`: makes what a CDK app installs, in `dist/package`. Node runs no TypeScript under `node_modules`, so
 * the construct is bundled, and so is every function: the app needs the CDK, and nothing else of ours.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const out = join(root, 'dist/package');
const resolveFrom = createRequire(import.meta.url).resolve;

const build = (): void => {
  rmSync(out, { recursive: true, force: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: ['infra/index.ts'],
    outfile: 'dist/package/infra/index.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs', 'esbuild'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  for (const name of functionNames()) write(`functions/${name}/index.mjs`, bundleOf(name).code);
  writeTypes();
  write('package.json', JSON.stringify(described(), null, 2));
  cpSync(join(root, 'docs/how-to/use-the-construct.md'), join(out, 'README.md'));
};

const write = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), content);
};

const described = () => {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    [field: string]: string;
  } & { devDependencies: { [name: string]: string } };
  const { name, version, description, license, devDependencies } = own;
  const main = { types: './types/infra/index.d.ts', default: './infra/index.js' };
  return {
    name,
    version,
    description,
    license,
    private: true,
    type: 'module',
    engines: { node: '>=20' },
    exports: { '.': main },
    types: main.types,
    peerDependencies: {
      'aws-cdk-lib': `^${devDependencies['aws-cdk-lib']}`,
      constructs: `^${devDependencies['constructs']}`,
    },
  };
};

/** The types of what is exported, and of what that names; how it is made is nobody's business. */
const writeTypes = (): void => {
  const types = join(root, 'dist/types');
  const tsc = join(dirname(resolveFrom('typescript/package.json')), 'bin/tsc');
  const made = spawnSync(process.execPath, [tsc, '-p', join(root, 'infra/package')], { stdio: 'inherit' });
  if (made.status !== 0) throw new Error('the types cannot be made');
  const wanted = ['infra/index.d.ts'];
  for (const path of wanted) {
    const text = readFileSync(join(types, path), 'utf8');
    write(`types/${path}`, text);
    const named = [...text.matchAll(/from '(\.[^']+)\.ts'/g)].map(([, to]) => join(dirname(path), `${to}.d.ts`));
    wanted.push(...named.filter((one) => !wanted.includes(one)));
  }
  rmSync(types, { recursive: true });
};

build();
