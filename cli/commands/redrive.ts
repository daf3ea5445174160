import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { queueSettings } from '../../shared/queues.ts';
import { wholeNumber } from '../options.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';

type Options = { limit: number; by: string };

/** `escalator redrive`: what could not be handled is handed out again. */
export const redriveCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('redrive')
    .description('put dead letters back, on record: of urgent, bulk, describe, acts, alerts, timers')
    .argument('[queue]', 'one of them; by default all')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 10_000), 1_000)
    .option('--by <name>', 'who asks for it', userInfo().username)
    .action(async (queue: string | undefined, { limit, by }: Options) => {
      for (const name of queue === undefined ? Object.keys(queueSettings) : [queue]) {
        const command = { id: randomUUID(), by, queue: name, limit };
        const { moved }: { moved: number } = await terminal.api.post('/api/redrives', command);
        terminal.print(`${moved} put back to ${name}`);
      }
      done(exitCodes.good);
    });
