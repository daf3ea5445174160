import type { OnLoadResult, PluginBuild } from 'esbuild';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Files that the clients of many services have word for word, but for the service's names, are in a bundle once: as a
 * function of those names and of the client's own files. Which they are nobody lists; a file that only one client has so
 * does the same in other words.
 */
export const oneOfAlike = (build: PluginBuild): void => {
  const made = new Map<string, { contents: string; resolveDir: string }>();
  build.onLoad({ filter: files }, async ({ path }): Promise<OnLoadResult> => {
    const { contents, factory } = splitOf(await readFile(path, 'utf8'));
    made.set(keyOf(factory), { contents: factory, resolveDir: dirname(path) });
    return { contents, loader: 'js' };
  });
  build.onResolve({ filter: /^alike:/ }, ({ path }) => ({ path, namespace: 'alike', sideEffects: false }));
  build.onLoad({ filter: /.*/, namespace: 'alike' }, ({ path }) => made.get(path) ?? null);
};

const files =
  /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/](runtimeConfig|auth[\\/]httpAuthSchemeProvider|[A-Z]\w+Client)\.js$/;

const keyOf = (factory: string): string => `alike:${hash('sha256', factory)}`;

/** What is left of a client's file, and the function that makes what it exports. */
export const splitOf = (source: string): { contents: string; factory: string } => {
  const own = source.match(ownImport) ?? [];
  const bound = own.flatMap(boundIn);
  const exported = [...source.matchAll(anExport)].map(([, name = '']) => name);
  const signedAs = /^ {12}name: ("[\w-]+"),$/m.exec(source)?.[1] ?? '""';
  const service = serviceIn(source);
  const named = (name: string): string => name.replace(service, 'Service');
  const factory = factoryOf({ source, bound, exported, signedAs, named });
  const contents = `${own.join('')}import { made } from '${keyOf(factory)}';
const all = /* @__PURE__ */ made(${[signedAs, ...bound].join(', ')});
${exported.map((name) => `export const ${name} = all.${named(name)};`).join('\n')}`;
  return { contents, factory };
};

type File = {
  source: string;
  /** the names that it has from the client's own files */
  bound: string[];
  exported: string[];
  /** the service's name in signatures, in quotes */
  signedAs: string;
  /** a name, without that of the service in it */
  named: (name: string) => string;
};

const factoryOf = ({ source, bound, exported, signedAs, named }: File): string => {
  const imports = source.replaceAll(ownImport, '').match(anyImport) ?? [];
  const names = new Set([...bound, ...exported]);
  const body = source
    .replaceAll(anyImport, '')
    .replaceAll(again, '')
    .replaceAll(anExport, (line) => line.slice('export '.length))
    .replaceAll(/\b\w+\b/g, (word) => (names.has(word) ? named(word) : word))
    .replace(`name: ${signedAs},`, 'name: signedAs,');
  return `${imports.join('')}
export const made = (${['signedAs', ...bound.map(named)].join(', ')}) => {
${body}
return { ${exported.map(named).join(', ')} };
};`;
};

const ownImport = /^import [^;]*? from "\.[^"]*";\n/gm;
const anyImport = /^import [^;]*;\n/gm;
const anExport = /^export (?:const|class) (\w+)/gm;
/** What is only passed on from elsewhere; nobody takes it from here. */
const again = /^export \{ \w+ \};\n/gm;

/** The service's name in names: `CodeCommit` of `CodeCommitClient`. Where there is none, nothing is named so. */
const serviceIn = (source: string): string => {
  const [, client, provider] =
    /^export (?:class (\w+)Client |const default(\w+)HttpAuthSchemeProvider )/m.exec(source) ?? [];
  return client ?? provider ?? ' none ';
};

/** `{ a, b as c, }` and `d`: the names that they are known by here. */
const boundIn = (line: string): string[] =>
  (/^import ([^;]*?) from/.exec(line)?.[1] ?? '')
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((one) => one.trim().split(' as ').at(-1) ?? '')
    .filter((one) => one !== '');
