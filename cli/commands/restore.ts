import { Command } from 'commander';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import type { Restored } from '../../local/restore/restore.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type Options = {
  key: string;
  by: string;
  data?: string;
  config: string;
  bucket?: string;
  table?: string;
  account?: string;
  killSwitch: string;
};

/** `escalator restore`: the trail, put together again from its archive. Exit 0 where it stands again. */
export const restoreCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('restore')
    .description('put a lost trail together again from its archive: --data DIR here, --bucket and --table on AWS')
    .requiredOption('--key <file>', 'the public key that it was signed with, from anywhere but the archive')
    .option('--by <name>', 'who does it, for the record', userInfo().username)
    .option('--data <dir>', 'on one machine: the data directory of a product that is stopped')
    .option('--config <file>', 'on one machine: the configuration', 'examples/shop/escalator.yaml')
    .option('--bucket <name>', 'on AWS: the bucket of the archive')
    .option('--table <name>', 'on AWS: the table to restore to, which has no entries')
    .option('--account <id>', 'on AWS: the account that the trail is of')
    .option('--kill-switch <name>', 'on AWS: the parameter that stops all acting', '/escalator/acting')
    .action(async (options: Options) => {
      const restored = await restore(terminal, options);
      for (const line of linesOf(restored, options)) terminal.print(plain(line));
      done(exitCodes.good);
    });

/** What it takes to restore is loaded only here: no other command needs it. */
const restore = async (terminal: Terminal, options: Options): Promise<Restored> => {
  const { restoreOneMachine, restoreOnAws } = await import('../../local/restore/places.ts');
  const { key: keyFile, by, data, config, bucket, table, account, killSwitch } = options;
  const told = { keyFile, by, now: terminal.now, progress: progressOn(terminal) };
  const region = process.env['AWS_REGION'];
  if (data !== undefined) return restoreOneMachine(told, { data: resolve(data), config: resolve(config) });
  if (bucket !== undefined && table !== undefined && account !== undefined && region !== undefined)
    return restoreOnAws(told, { bucket, table, account, region, killSwitch });
  const todo = 'give --data DIR on one machine, or --bucket, --table and --account on AWS, with AWS_REGION set';
  throw new EscalatorError('ESC-007', 'restore does not know from where and to where', todo);
};

const tellEvery = 10_000;

const progressOn = ({ remark }: Terminal): ((entries: number, of: number) => void) => {
  let told = 0;
  return (entries, of) => {
    if (entries - told < tellEvery) return;
    told = entries;
    remark(`restored ${entries} of ${of} entries`);
  };
};

const linesOf = ({ size, root, sealedUntil }: Restored, { killSwitch, data }: Options): string[] => [
  `restored    ${size} entries, as they were signed`,
  `root        ${root}`,
  `lost        what was recorded after ${sealedUntil}, if anything was: it had not been sealed yet`,
  `acting      nothing acts until the kill switch${data === undefined ? ` ${killSwitch}` : ''} says allow again`,
];
