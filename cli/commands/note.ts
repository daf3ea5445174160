import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';

type Options = { cause: string; preventedBy: string; by: string };

/** `escalator note`: puts on record what people found out about an incident. */
export const noteCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('note')
    .description('put on record what the cause of an incident was, and what was done so that it does not come again')
    .argument('<incident>', 'as production.shop.5')
    .requiredOption('--cause <text>', 'what people found the cause to be')
    .requiredOption('--prevented-by <commit>', 'the commit, or the address of what was done about it')
    .option('--by <name>', 'who says so', userInfo().username)
    .action(async (incident: string, options: Options) => {
      const command = { id: randomUUID(), incident, ...options };
      const { seq }: { seq: number } = await terminal.api.post('/api/notes', command);
      terminal.print(`on record as entry ${seq}`);
      done(exitCodes.good);
    });
