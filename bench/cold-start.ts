/**
 * How long a function takes to begin: `node bench/cold-start.ts [rounds] [function]...`. Each round starts a fresh process
 * for each subject, there and back again, reads its bundle and makes everything that a first call needs; there is no
 * network. Beside each function as it is deployed: a bare handler with the same SDK clients and commands, bundled as CDK
 * does; and the same function bundled so with the usual powertools around it (`npm ci --prefix bench/powertools`; left out,
 * and said so, where they are not installed). Ratios are taken pair by pair in a round. Prints JSON and a table.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { variables } from '../functions/support/environment.ts';
import { type Bundle, bundleFunctions } from '../infra/bundle/bundle.ts';
import { slim } from '../infra/bundle/slim.ts';
import { loadConfig } from '../local/load-config.ts';
import { shipConfig } from '../local/ship-config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[2] ?? 11);
const named = process.argv.slice(3);
const hasTools = existsSync(join(root, 'bench/powertools/node_modules'));
const dir = mkdtempSync(join(tmpdir(), 'escalator-cold-'));

type Start = { wall: number; cpu: number; rss: number };
const subjects = ['ours', 'bare', 'bareSlim', ...(hasTools ? ['usual' as const] : [])] as const;
type Subject = (typeof subjects)[number];

/** What a function's sources take from the SDK: `{ '@aws-sdk/client-ssm': ['SSMClient', 'GetParameterCommand'] }`. */
const takenBy = ({ parts }: Bundle): Map<string, Set<string>> => {
  const taken = new Map<string, Set<string>>();
  for (const path of Object.keys(parts.inputs).filter((one) => !/^(node_modules\/|alike:)/.test(one)))
    for (const [, names = '', from = ''] of readFileSync(join(root, path), 'utf8').matchAll(sdkImport))
      for (const name of names.split(',').map((one) => one.trim()))
        if (/(Client|Command)$/.test(name) && !name.startsWith('type '))
          taken.set(from, (taken.get(from) ?? new Set()).add(name));
  return taken;
};
const sdkImport = /^import \{([^}]*)\} from '(@aws-sdk\/client-[^']+)';$/gm;

/** A handler that does nothing but have its clients, made as ours are. */
const bareOf = (bundle: Bundle): string => {
  const taken = [...takenBy(bundle)];
  const names = taken.flatMap(([, from]) => [...from]);
  return `${taken.map(([from, all]) => `import { ${[...all].join(', ')} } from '${from}';`).join('\n')}
export const handlerFor = ({ region }) => {
  const clients = [${names
    .filter((name) => name.endsWith('Client'))
    .map((name) => `new ${name}({ region })`)
    .join(', ')}];
  return async () => [clients, ${names.filter((name) => name.endsWith('Command')).join(', ')}].length;
};`;
};

const usualOf = ({ name }: Bundle): string => `
import * as ours from '../../functions/${name}/handler.ts';
import { around } from './around.mjs';
export const handlerFor = (environment, about) => around(ours.handlerFor(environment, about));`;

const asUsual = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'error',
} satisfies BuildOptions;

const written = async (name: string, contents: string, resolveDir: string, plugins: Plugin[] = []): Promise<string> => {
  const outfile = join(dir, `${name}.mjs`);
  await build({ ...asUsual, stdin: { contents, resolveDir, loader: 'ts' }, outfile, plugins });
  return outfile;
};

const filesOf = async (bundle: Bundle): Promise<{ [subject in Subject]?: string }> => {
  const { name, code } = bundle;
  const ours = join(dir, `${name}.mjs`);
  writeFileSync(ours, code);
  const bare = await written(`${name}-bare`, bareOf(bundle), root);
  const bareSlim = await written(`${name}-bare-slim`, bareOf(bundle), root, [slim()]);
  if (!hasTools) return { ours, bare, bareSlim };
  return {
    ours,
    bare,
    bareSlim,
    usual: await written(`${name}-usual`, usualOf(bundle), join(root, 'bench/powertools')),
  };
};

const lambda = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_LAMBDA_FUNCTION_NAME: 'f',
};
const oneStart = fileURLToPath(new URL('cold-start-process.ts', import.meta.url));
const start = (file: string): Start => {
  const args = ['--disable-warning=ExperimentalWarning', oneStart, file, configFile];
  const env = { PATH: process.env['PATH'], ...lambda, [variables.digestKeyFile]: digestKeyFile };
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as Start;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: number[], digits = 2): string =>
  `${median(values).toFixed(digits)} [${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}]`;

type Round = { [subject in Subject]?: Start };
const measure = async (bundle: Bundle) => {
  const files = await filesOf(bundle);
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed();
    const starts = Object.fromEntries(order.map((subject) => [subject, start(files[subject] ?? '')])) as Round;
    if (round > 0) measured.push(starts); // the first fills the disk's cache
  }
  const of = (subject: Subject, what: keyof Start) => measured.map((round) => round[subject]?.[what] ?? Number.NaN);
  const beside = (subject: Subject, what: keyof Start) =>
    spread(measured.map((round) => (round.ours?.[what] ?? 0) / (round[subject]?.[what] ?? Number.NaN)));
  const kilobytes = (subject: Subject) => Math.round(readFileSync(files[subject] ?? '').byteLength / 1024);
  return {
    function: bundle.name,
    ms: spread(of('ours', 'wall'), 0),
    rss: Math.round(median(of('ours', 'rss'))),
    kilobytes: Object.fromEntries(subjects.map((subject) => [subject, kilobytes(subject)])),
    bare: { wall: beside('bare', 'wall'), cpu: beside('bare', 'cpu') },
    bareSlim: { wall: beside('bareSlim', 'wall'), cpu: beside('bareSlim', 'cpu') },
    ...(hasTools && { usual: { wall: beside('usual', 'wall'), cpu: beside('usual', 'cpu') } }),
  };
};

const digestKeyFile = join(dir, 'digest.key');
writeFileSync(digestKeyFile, randomBytes(32));
const configFile = shipConfig(loadConfig(join(root, 'examples/shop/escalator.yaml')), dir);
try {
  if (!hasTools) console.error('the usual tools are left out: npm ci --prefix bench/powertools installs them');
  const results = [];
  for (const bundle of await bundleFunctions(named.length > 0 ? named : undefined)) results.push(await measure(bundle));
  console.log(JSON.stringify({ rounds, node: process.version, cpu: cpus()[0]?.model, results }));
  console.log(
    '\n| function | KB | ms | beside bare, CPU | wall | beside bare with our bundler, CPU | beside the usual tools, CPU | wall |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { function: name, ms, kilobytes, bare, bareSlim, usual } of results)
    console.log(
      `| ${name} | ${kilobytes['ours']} | ${ms} | ${bare.cpu} | ${bare.wall} | ${bareSlim.cpu} | ${usual?.cpu ?? '-'} | ${usual?.wall ?? '-'} |`,
    );
} finally {
  rmSync(dir, { recursive: true });
}
