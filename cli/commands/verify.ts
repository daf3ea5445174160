import { Command } from 'commander';
import { json } from '../options.ts';
import { colour, printJson, type Terminal, type ExitCode } from '../terminal.ts';
import { reportLines } from '../verify/print.ts';
import { verifyDirectory } from '../verify/run.ts';

type Options = { key: string; checkpoint?: string; json?: boolean };

/** `escalator verify`: whether an evidence pack is what was signed. Asks nobody. */
export const verifyCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('verify')
    .description('check an evidence pack, with no network: 0 good, 2 tampered with, 3 incomplete, 4 not vouched for')
    .argument('<dir>', 'what escalator export wrote')
    .requiredOption('--key <file>', 'the public key, from anywhere but the pack')
    .option('--checkpoint <file>', 'the checkpoint kept from last time: nothing signed then may have changed')
    .addOption(json())
    .action(async (dir: string, options: Options) => done(await verify(terminal, dir, options)));

const verify = async (terminal: Terminal, dir: string, { json: asJson, ...files }: Options): Promise<ExitCode> => {
  const report = await verifyDirectory({ dir, ...files }, progressOn(terminal));
  if (asJson === true) printJson(terminal, report);
  else {
    const [verdict = '', ...lines] = reportLines(report);
    terminal.print(colour(terminal, report.exit === 0 ? 'green' : 'red', verdict));
    for (const line of lines) terminal.print(line);
  }
  return report.exit;
};

const tellEvery = 100 * 1024 * 1024;

/** Long work says how far it is. */
const progressOn = (terminal: Terminal): ((read: number, of: number) => void) => {
  let told = 0;
  return (read, of) => {
    if (read - told < tellEvery) return;
    told = read;
    terminal.remark(`read ${Math.floor(read / 1024 / 1024)} of ${Math.floor(of / 1024 / 1024)} MiB`);
  };
};
