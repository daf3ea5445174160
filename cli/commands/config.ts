import { Command } from 'commander';
import { laddersOf } from '../../shared/config/config.ts';
import { formatMistake } from '../../shared/config/mistake.ts';
import { configJsonSchema } from '../../shared/config/json-schema.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { remarksOn } from '../../shared/config/remarks.ts';
import { readText } from '../events/files.ts';
import { exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator check`: every mistake of a configuration at once, asking nobody. Exit 0 where it would be taken, else 2. */
export const checkCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('check')
    .description('check a configuration: every mistake, and what is allowed but hardly meant')
    .argument('[file]', 'the configuration; - for standard input', 'escalator.yaml')
    .action(async (file: string) => {
      const text = await readText(file, terminal.stdin);
      const read = parseConfig(text, file);
      if ('mistakes' in read) {
        for (const mistake of read.mistakes) terminal.print(plain(formatMistake(mistake)));
        return done(exitCodes.usage);
      }
      for (const remark of remarksOn(read.config, text, file))
        terminal.remark(plain(`${formatMistake(remark)} (a remark, no mistake)`));
      terminal.print(`${plain(file)} is good: ${laddersIn(laddersOf(read.config))}`);
      return done(exitCodes.good);
    });

const laddersIn = (ladders: { ladder: string }[]): string =>
  `${ladders.length === 1 ? 'one ladder' : `${ladders.length} ladders`}, ${ladders.map(({ ladder }) => ladder).join(', ')}`;

/** `escalator schema`: the configuration as a JSON Schema, for editors. */
export const schemaCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('schema').description('print the JSON Schema of escalator.yaml, for editors').action(() => {
    printJson(terminal, configJsonSchema());
    done(exitCodes.good);
  });
