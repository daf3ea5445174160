import { parseArgs } from 'node:util';
import type { Config } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { lockNotChosen } from '../read-config.ts';

export type Operation = 'deploy' | 'diff' | 'destroy';

/** What was given on the command line. */
export type Given = {
  /** the path of `escalator.yaml` */
  config: string;
  /** the bucket of another account that seals are kept in; one is made here where left out */
  archive?: string;
  /** the e-mail address of who is told when Escalator itself is silent, or `nobody` */
  watchdog?: string;
  /** options of the CDK's own, handed on as they are */
  rest: string[];
};

export const usage = `npm run deploy|diff|destroy -- [options]

  --config FILE       the configuration                                       (escalator.yaml)
  --watchdog EMAIL    who is told when Escalator itself is silent; or: nobody
  --archive BUCKET    keep seals in a bucket of another account
  --help              this text

Everything else is an option of the AWS CDK, such as --profile NAME.`;

/** Reads the command line; null when only help was asked for. What is not ours is the CDK's. */
export const readGiven = (args: string[]): Given | null => {
  const text = { type: 'string' } as const;
  const options = { config: text, archive: text, watchdog: text, help: { type: 'boolean' } } as const;
  const { values, tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  if (values.help === true) return null;
  const ours = new Set(
    tokens.flatMap((token) => {
      if (token.kind !== 'option' || !Object.hasOwn(options, token.name)) return [];
      return token.value !== undefined && token.inlineValue !== true ? [token.index, token.index + 1] : [token.index];
    }),
  );
  const { config, archive, watchdog } = values;
  return {
    config: typeof config === 'string' ? config : 'escalator.yaml',
    ...(typeof archive === 'string' && { archive }),
    ...(typeof watchdog === 'string' && { watchdog }),
    rest: args.filter((_, index) => !ours.has(index)),
  };
};

/** What an answer to who watches the watchman must look like; AWS itself asks that address whether it wants to. */
const emailForm = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/**
 * What is still to be answered before this may be done; all of it at once, each with what to do. Nothing of it has a
 * default: what is locked cannot be unlocked, and an alarm that nobody hears is none. To destroy takes no watchdog.
 */
export const unanswered = (operation: Operation, { archive, watchdog }: Given, config: Config): EscalatorError[] => {
  const open: EscalatorError[] = [];
  if (config.archive === undefined && archive === undefined) open.push(lockNotChosen());
  if (operation === 'destroy') return open;
  if (watchdog === undefined || (watchdog !== 'nobody' && !emailForm.test(watchdog)))
    open.push(watchdogNotChosen(watchdog));
  return open;
};

const watchdogNotChosen = (found: string | undefined): EscalatorError =>
  new EscalatorError(
    'ESC-050',
    found === undefined
      ? 'nobody is named who is told when Escalator itself is silent'
      : `--watchdog ${JSON.stringify(found)} is no e-mail address`,
    'pass --watchdog EMAIL, or --watchdog nobody to be told by no one',
  );

/** The words for the CDK, for the answers that were given. */
export const cdkWords = (operation: Operation, { config, archive, watchdog, rest }: Given): string[] => [
  operation,
  'Escalator',
  '-c',
  `config=${config}`,
  ...(archive === undefined ? [] : ['-c', `archive=${archive}`]),
  ...(watchdog === undefined || watchdog === 'nobody' ? [] : ['-c', `watchdog=${watchdog}`]),
  ...rest,
];
