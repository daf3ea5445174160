import { Command } from 'commander';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';

/** `escalator key`: the public key that packs are checked with. */
export const keyCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('key')
    .description('the public key of the trail: escalator key > FILE, once, and keep it away from the packs')
    .action(async () => {
      terminal.print((await terminal.api.text('/api/key')).trimEnd());
      done(exitCodes.good);
    });
