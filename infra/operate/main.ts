import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../shared/config/config.ts';
import { formatMistake } from '../../shared/config/mistake.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { cdkWords, type Given, type Operation, readGiven, unanswered, usage } from './answers.ts';
import { sayStays, type Template, whatStays } from './stays.ts';

/** `npm run deploy|diff|destroy`: the CDK with what it must be told, refused in words where something is not. */
const main = (operation: Operation, args: string[]): number => {
  const given = readGiven(args);
  if (given === null) return (console.log(usage), 0);
  const named = { ...given, config: resolve(given.config) };
  const config = configAt(named.config);
  const open = unanswered(operation, named, config);
  for (const error of open) console.error(error.toLine());
  if (open.length > 0) return 2;
  if (operation === 'destroy') for (const line of staying(named, config)) console.log(line);
  return cdk(cdkWords(operation, named), 'inherit');
};

const configAt = (file: string): Config => {
  const read = parseConfig(textOf(file), file);
  if ('config' in read) return read.config;
  for (const mistake of read.mistakes) console.error(formatMistake(mistake));
  throw new EscalatorError('ESC-005', `${file} has mistakes`, 'correct them; escalator check tells when it is good');
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const todo = 'name one by --config FILE; escalator init drafts one';
    throw new EscalatorError('ESC-006', `there is no configuration to read at ${file}`, todo, { cause });
  }
};

/** Asked of the template that would be deployed: it alone says what is kept. */
const staying = (given: Given, config: Config): string[] => {
  const out = mkdtempSync(join(tmpdir(), 'escalator-template-'));
  try {
    const [, ...words] = cdkWords('destroy', { ...given, rest: [] });
    if (cdk(['synth', ...words, '--quiet', '--output', out], 'ignore') !== 0)
      throw new EscalatorError('ESC-000', 'the stack cannot be synthesized', 'npm run synth says why');
    const template = JSON.parse(readFileSync(join(out, 'Escalator.template.json'), 'utf8')) as Template;
    return sayStays(whatStays(template, given.archive === undefined ? (config.archive ?? null) : null, new Date()));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const cdkBin = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');

const cdk = (words: string[], stdio: 'inherit' | 'ignore'): number =>
  spawnSync(process.execPath, [cdkBin, ...words], { cwd: root, stdio }).status ?? 1;

try {
  const [operation, ...args] = process.argv.slice(2);
  process.exitCode = main(operation as Operation, args);
} catch (error) {
  console.error(error instanceof EscalatorError ? error.toLine() : error);
  process.exitCode = error instanceof EscalatorError ? 2 : 1;
}
