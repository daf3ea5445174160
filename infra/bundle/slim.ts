import type { OnLoadResult, Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Leaves out of a bundle what the AWS SDK brings along and our functions never use. Nothing that is called is changed:
 *
 * - shapes: an esbuild that cannot know whether a computed key has an effect keeps every shape of a service; with the keys
 *   written out it keeps those of the calls that are made;
 * - errors: a service's are registered all, each with its class and shapes. Those whose class our code asks for stay, and
 *   those that it knows by a name which is not the one on the wire. Any other becomes the service's own exception, as one
 *   does that is newer than the SDK: with its name, message and status;
 * - what stands instead (`instead/`): credentials of files, sign-ins and other machines, for Lambda puts a function's into its
 *   environment; files in `~/.aws`; event streams; discovery of endpoints; hashes
 *   written in JavaScript; retries that adapt; signatures for many Regions; rules of where a service is, but for S3.
 *
 * docs/decisions/0059 says what that is worth, and test/infra/bundles holds it.
 */
export const slim = (): Plugin => ({
  name: 'slim',
  setup: (build) => {
    const known = knownTo(['functions', 'shared']);
    build.onLoad({ filter: schemas }, ({ path }) =>
      loaded(path, (source) => withPlainKeys(withKnownErrors(source, known))),
    );
    build.onLoad({ filter: resolvers }, ({ path }) => loadedEndpoint(path));
    build.onLoad({ filter: packages }, ({ path }) => loaded(path, nameAndVersion, 'json'));
    for (const [filter, file] of instead)
      build.onResolve({ filter }, ({ importer }) => (ofTheSdk.test(importer) ? { path: given(file) } : null));
  },
});

const schemas = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const resolvers = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]endpoint[\\/]endpointResolver\.js$/;
const packages = /[\\/]@aws-sdk[\\/](client-[^\\/]+|nested-clients)[\\/]package\.json$/;

const instead: [RegExp, string][] = [
  [/^@aws-sdk\/credential-provider-node$/, 'credentials.ts'],
  [/^@aws-sdk\/middleware-endpoint-discovery$/, 'endpoint-discovery.ts'],
  [/^@smithy\/core\/event-streams$/, 'event-streams.ts'],
  [/^@aws-sdk\/signature-v4-multi-region$/, 'signature.ts'],
  [/\/loadSharedConfigFiles$/, 'config-files.ts'],
  [/\/(Md5Js|Sha1Js|Sha256Js|DefaultRateLimiter)$/, 'unused.ts'],
];
const ofTheSdk = /[\\/]node_modules[\\/]@(aws-sdk|smithy)[\\/]/;

const given = (file: string): string => join(root, 'infra/bundle/instead', file);

const loaded = async (
  path: string,
  change: (source: string) => string,
  loader: 'js' | 'json' = 'js',
): Promise<OnLoadResult> => ({ contents: change(await readFile(path, 'utf8')), loader });

/** Where its rules say nothing but the service's name and the Region, they are not shipped; others are, as they are. */
const loadedEndpoint = async (path: string): Promise<OnLoadResult | null> => {
  const service = serviceIn(await readFile(join(dirname(path), 'bdd.js'), 'utf8'));
  if (service === null) return null;
  const from = JSON.stringify(given('endpoint.ts'));
  const contents = `import { endpointOf } from ${from}; export const defaultEndpointResolver = endpointOf('${service}');`;
  return { contents, loader: 'js' };
};

/** The name that a service has in its addresses, by its rules; null where they say more than that. */
export const serviceIn = (rules: string): string | null =>
  /"https:\/\/([a-z]+)\.\{Region\}\.\{PartitionResult#dnsSuffix\}"/.exec(rules)?.[1] ?? null;

/**
 * `{ [_xN]: 'a' }` becomes `{ "xmlName": 'a' }`: the key is a constant of the same file. A constant that is used only
 * once is written where it is used, which is shorter.
 */
export const withPlainKeys = (source: string): string => {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = '', text = '']) => [name, text]),
  );
  const plain = source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = constants.get(name);
    return text === undefined ? key : `${text}:`;
  });
  const uses = Map.groupBy(plain.matchAll(used), ([name]) => name);
  return plain.replaceAll(used, (name) => (uses.get(name)?.length === 1 ? (constants.get(name) ?? name) : name));
};

/** A constant, but where it is defined. */
const used = /(?<!const )\b_\w+\b/g;

/** What our sources know of errors: the classes they import, and every word, since a name is written where it is asked for. */
export type Known = { classes: ReadonlySet<string>; words: ReadonlySet<string> };

/**
 * Leaves out errors that are not known, with their shapes. In the query protocol an error has another name on the wire
 * (`awsQueryError`), and only its shape says which.
 */
export const withKnownErrors = (source: string, { classes, words }: Known): string => {
  const shapes = new Map([...source.matchAll(errorShape)].map(([shape, name = '']) => [name, shape]));
  const isRenamed = (name: string): boolean => shapes.get(name)?.includes('[_aQE]') === true;
  const isKept = (name: string): boolean => classes.has(name) || (words.has(name) && isRenamed(name));
  return source
    .replaceAll(/^n0_registry\.registerError\((\w+)\$, \w+\);\n/gm, (line, name: string) => (isKept(name) ? line : ''))
    .replaceAll(errorShape, (shape, name: string) => (isKept(name) ? shape : ''));
};

const errorShape = /^export var (\w+)\$ = \[-3, n0,[^;]*\];\n/gm;

/** The SDK tells its own version to services; of the rest of its package nothing is read. */
const nameAndVersion = (source: string): string => {
  const { name, version } = JSON.parse(source) as { name: string; version: string };
  return JSON.stringify({ name, version });
};

const knownTo = (folders: string[]): Known => {
  const sources = folders.flatMap(filesOf).map((file) => readFileSync(file, 'utf8'));
  const imports = sources.flatMap((source) => source.match(/import \{[^}]*\} from '@aws-sdk\/client-/g) ?? []);
  return { classes: new Set(imports.flatMap(wordsIn)), words: new Set(sources.flatMap(wordsIn)) };
};

const wordsIn = (source: string): string[] => source.match(/\w+/g) ?? [];

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file));
