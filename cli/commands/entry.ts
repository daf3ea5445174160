import { Command } from 'commander';
import type { EntryItem } from '../../shared/question/answers.ts';
import { json, wholeNumber } from '../options.ts';
import { exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator entry`: one entry as a whole, as a message about it names it. */
export const entryCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('entry')
    .description('one entry of the trail: in a sentence, and then all that stands in it')
    .argument('<seq>', 'its place on the trail', wholeNumber('SEQ', 0, 999_999_999))
    .addOption(json())
    .action(async (seq: number, { json: asJson }: { json?: boolean }) => {
      const { says, ...entry }: EntryItem = await terminal.api.get(`/api/entries/${seq}`);
      if (asJson !== true) terminal.print(plain(says));
      printJson(terminal, asJson === true ? { ...entry, says } : entry);
      done(exitCodes.good);
    });
