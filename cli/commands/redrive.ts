import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { wholeNumber } from '../options.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';

type Options = { limit: number; by: string };

/** `escalator redrive`: what could not be handled is handed out again. */
export const redriveCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('redrive')
    .description('put the dead letters of a queue back, on record: urgent, bulk, describe, acts, alerts, timers')
    .argument('<queue>')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 10_000), 1_000)
    .option('--by <name>', 'who asks for it', userInfo().username)
    .action(async (queue: string, { limit, by }: Options) => {
      const command = { id: randomUUID(), by, queue, limit };
      const { moved }: { moved: number } = await terminal.api.post('/api/redrives', command);
      terminal.print(`${moved} put back to ${queue}`);
      done(exitCodes.good);
    });
