import { Command } from 'commander';
import { alarmsOf } from '../../shared/config/checks.ts';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import { formatMistake, type Mistake } from '../../shared/config/mistake.ts';
import { configJsonSchema } from '../../shared/config/json-schema.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { remarksOn } from '../../shared/config/remarks.ts';
import { remarksOnAlarms } from '../../shared/config/remarks-on-alarms.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { readText } from '../events/files.ts';
import { exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator check`: every mistake of a configuration at once, asking nobody but, where wanted, CloudWatch. Exit 0 where it would be taken, else 2. */
export const checkCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('check')
    .description('check a configuration: every mistake, and what is allowed but hardly meant')
    .argument('[file]', 'the configuration; - for standard input', 'escalator.yaml')
    .option('--online', 'also look at the alarms, with the credentials, Region and endpoint of the AWS SDK')
    .action(async (file: string, { online }: { online?: boolean }) => {
      const text = await readText(file, terminal.stdin);
      const read = parseConfig(text, file);
      if ('mistakes' in read) {
        for (const mistake of read.mistakes) terminal.print(plain(formatMistake(mistake)));
        return done(exitCodes.usage);
      }
      const remarks = [
        ...remarksOn(read.config, text, file),
        ...(online === true ? await onAlarms(read.config, text, file) : []),
      ];
      for (const remark of remarks) terminal.remark(plain(`${formatMistake(remark)} (a remark, no mistake)`));
      if (online !== true) terminal.remark('the alarms themselves were not looked at; --online does');
      terminal.print(`${plain(file)} is good: ${laddersIn(laddersOf(read.config))}`);
      return done(exitCodes.good);
    });

/** The SDK is loaded only where it is wanted: to check a file takes no AWS. */
const onAlarms = async (config: Config, text: string, file: string): Promise<Mistake[]> => {
  const { describeAlarmsThere } = await import('../../local/read-alarms.ts');
  const alarms = await describeAlarmsThere(laddersOf(config).flatMap(alarmsOf));
  if (alarms !== null) return remarksOnAlarms(config, alarms, text, file);
  const todo = 'are AWS_REGION and credentials set that may call cloudwatch:DescribeAlarms?';
  throw new EscalatorError('ESC-043', 'the alarms cannot be read', todo);
};

const laddersIn = (ladders: { ladder: string }[]): string =>
  `${ladders.length === 1 ? 'one ladder' : `${ladders.length} ladders`}, ${ladders.map(({ ladder }) => ladder).join(', ')}`;

/** `escalator schema`: the configuration as a JSON Schema, for editors. */
export const schemaCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('schema').description('print the JSON Schema of escalator.yaml, for editors').action(() => {
    printJson(terminal, configJsonSchema());
    done(exitCodes.good);
  });
