import type { OnLoadResult, Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneOfAlike } from './alike.ts';
import { type Known, withKnownErrors, withKnownMembers, withPlainKeys } from './shapes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Leaves out of a bundle what the AWS SDK brings along and our functions never use. Nothing that is called is changed:
 *
 * - shapes: an esbuild that cannot know whether a computed key has an effect keeps every shape of a service; with the keys
 *   written out it keeps those of the calls that are made;
 * - errors: a service's are registered all, each with its class and shapes. Those whose class our code asks for stay, and
 *   those that it knows by a name which is not the one on the wire. Any other becomes the service's own exception, as one
 *   does that is newer than the SDK: with its name, message and status;
 * - answers: members that no source of ours names go, with their shapes, unless a call of ours may pass them on;
 * - what stands instead (`instead/`): credentials of files, sign-ins and other machines, for Lambda puts a function's into its
 *   environment; files in `~/.aws`; event streams and streams of browsers; discovery of endpoints; hashes written in
 *   JavaScript; retries that adapt; signatures for many Regions; S3 Express; extensions of clients; the Region of an EC2
 *   instance; rules of where a service is, and the lists of Regions that only those read.
 *
 * docs/decisions/0059 says what that is worth, and test/infra/bundles holds it.
 */
export const slim = (): Plugin => ({
  name: 'slim',
  setup: (build) => {
    const known = knownTo(naming());
    build.onLoad({ filter: schemas }, ({ path }) =>
      loaded(path, (source) => withPlainKeys(withKnownErrors(withKnownMembers(source, known), known))),
    );
    build.onLoad({ filter: resolvers }, ({ path }) => loadedEndpoint(path));
    oneOfAlike(build);
    build.onLoad({ filter: packages }, ({ path }) => loaded(path, nameAndVersion, 'json'));
    build.onResolve({ filter: /^@noble\/hashes\/sha2\.js$/ }, ({ importer }) =>
      inPackages.test(importer) ? null : { path: given('sha2.ts') },
    );
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
  [/^\.\/runtimeExtensions$/, 'runtime-extensions.ts'],
  [/\/aws\/partition$/, 'partition.ts'],
  [/\/getInstanceMetadataRegion$/, 'instance-region.ts'],
  [
    /\/(sdk-stream-mixin|stream-collector|createChecksumStream|getAwsChunkedEncodingStream)\.browser$/,
    'web-streams.ts',
  ],
  [/^\.\/date-utils$/, 'dates.ts'],
  [/^\.\/HeaderFormatter$/, 'header-formatter.ts'],
  [/\/S3ExpressIdentityProviderImpl$/, 's3-express.ts'],
  [/\/(CreateSessionCommand|Md5Js|Sha1Js|Sha256Js|DefaultRateLimiter)$/, 'unused.ts'],
];
const inPackages = /[\\/]node_modules[\\/]/;
const ofTheSdk = /[\\/]node_modules[\\/]@(aws-sdk|smithy)[\\/]|^alike:/;

const given = (file: string): string => join(root, 'infra/bundle/instead', file);

const loaded = async (
  path: string,
  change: (source: string) => string,
  loader: 'js' | 'json' = 'js',
): Promise<OnLoadResult> => ({ contents: change(await readFile(path, 'utf8')), loader });

const exported = (file: string, name: string, resolver: string): string =>
  `import { ${name} } from ${JSON.stringify(given(file))}; export const defaultEndpointResolver = ${resolver};`;

/**
 * Where its rules say nothing but the service's name and the Region they are not shipped, and those of S3 never. Others would
 * be, as they are; they would need the list of Regions too, so that a test asks that there are none.
 */
const loadedEndpoint = async (path: string): Promise<OnLoadResult | null> => {
  if (/client-s3\b/.test(path))
    return { contents: exported('s3-endpoint.ts', 's3Endpoint', 's3Endpoint'), loader: 'js' };
  const service = serviceIn(await readFile(join(dirname(path), 'bdd.js'), 'utf8'));
  if (service === null) return null;
  return { contents: exported('endpoint.ts', 'endpointOf', `endpointOf('${service}')`), loader: 'js' };
};

/** The name that a service has in its addresses, by its rules; null where they say more than that. */
export const serviceIn = (rules: string): string | null =>
  /"https:\/\/([a-z]+)\.\{Region\}\.\{PartitionResult#dnsSuffix\}"/.exec(rules)?.[1] ?? null;

/** The SDK tells its own version to services; of the rest of its package nothing is read. */
const nameAndVersion = (source: string): string => {
  const { name, version } = JSON.parse(source) as { name: string; version: string };
  return JSON.stringify({ name, version });
};

/** The folders of our sources, and of what the SDK does with single services: both name what they read of an answer. */
const naming = (): string[] => {
  const sdk = 'node_modules/@aws-sdk';
  const packages = readdirSync(join(root, sdk)).filter((name) =>
    /^(middleware-|checksums$|dynamodb-codec$)/.test(name),
  );
  return ['functions', 'shared', ...packages.map((name) => `${sdk}/${name}/dist-es`)];
};

const knownTo = (folders: string[]): Known => {
  const sources = folders.flatMap(filesOf).map((file) => readFileSync(file, 'utf8'));
  const imports = sources.flatMap((source) => source.match(/import \{[^}]*\} from '@aws-sdk\/client-/g) ?? []);
  return { classes: new Set(imports.flatMap(wordsIn)), words: new Set(sources.flatMap(wordsIn)) };
};

const wordsIn = (source: string): string[] => source.match(/\w+/g) ?? [];

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => join(root, folder, file));
