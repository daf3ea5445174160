import { Command } from 'commander';
import { wholeNumber } from '../options.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';

type Options = { line?: boolean };

/** `escalator proof`: that one entry stands on the trail, for tools made for transparency logs. */
export const proofCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('proof')
    .description('the inclusion proof of one entry, as c2sp.org/tlog-proof has it')
    .argument('<seq>', 'its place on the trail', wholeNumber('SEQ', 0, 999_999_999))
    .option('--line', "the entry's exact bytes instead: what the proof is of, without a newline")
    .action(async (seq: number, { line }: Options) => {
      const text =
        line === true
          ? await terminal.api.text('/api/lines', { from: seq, count: 1 })
          : await terminal.api.text(`/api/entries/${seq}/proof`);
      terminal.print(text.trimEnd());
      done(exitCodes.good);
    });
