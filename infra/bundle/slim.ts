import type { OnLoadResult, Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Leaves out of a bundle what the AWS SDK brings along and our functions never use. Nothing that is called is changed:
 *
 * - shapes: an esbuild that cannot know whether a computed key has an effect keeps every shape of a service; with the keys
 *   written out it keeps those of the calls that are made;
 * - errors: a service's are registered all, each with its class and shapes. Those that our code knows by name stay. Any
 *   other becomes the service's own exception, as one does that is newer than the SDK: with its name, message and status;
 * - credentials: Lambda gives them to a function in its environment; those of files, sign-ins and other machines go;
 * - event streams: no call of ours has one.
 *
 * docs/decisions/0050 says what that is worth, and test/infra/bundles holds it.
 */
export const slim = (): Plugin => ({
  name: 'slim',
  setup: (build) => {
    const known = wordsOf(['functions', 'shared']);
    build.onLoad({ filter: schemas }, ({ path }) =>
      loaded(path, (source) => withKnownErrors(withPlainKeys(source), known)),
    );
    build.onLoad({ filter: packages }, ({ path }) => loaded(path, nameAndVersion, 'json'));
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: given('credentials.ts') }));
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, () => ({ path: given('event-streams.ts') }));
  },
});

const schemas = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const packages = /[\\/]@aws-sdk[\\/](client-[^\\/]+|nested-clients)[\\/]package\.json$/;

const given = (file: string): string => join(root, 'infra/bundle/instead', file);

const loaded = async (
  path: string,
  change: (source: string) => string,
  loader: 'js' | 'json' = 'js',
): Promise<OnLoadResult> => ({ contents: change(await readFile(path, 'utf8')), loader });

/** `{ [_xN]: 'a' }` becomes `{ "xmlName": 'a' }`: the key is a constant of the same file. */
export const withPlainKeys = (source: string): string => {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = constants.get(name);
    return text === undefined ? key : `${text}:`;
  });
};

/** Leaves out the registration of errors that are not known; what nothing refers to then, esbuild leaves out. */
export const withKnownErrors = (source: string, known: ReadonlySet<string>): string =>
  source.replaceAll(/^n0_registry\.registerError\((\w+)\$, \w+\);$/gm, (registration, name: string) =>
    known.has(name) ? registration : '',
  );

/** The SDK tells its own version to services; of the rest of its package nothing is read. */
const nameAndVersion = (source: string): string => {
  const { name, version } = JSON.parse(source) as { name: string; version: string };
  return JSON.stringify({ name, version });
};

/** Every word in the sources of some folders: whoever asks for an error by its name writes that. */
const wordsOf = (folders: string[]): ReadonlySet<string> => new Set(folders.flatMap(filesOf).flatMap(wordsIn));

const wordsIn = (file: string): string[] => readFileSync(file, 'utf8').match(/\w+/g) ?? [];

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file));
