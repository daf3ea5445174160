import { Command } from 'commander';
import { settingSwitch } from '../../shared/ladder/kill-switch.ts';
import type { KillSwitchAnswer } from '../../shared/question/ladders.ts';
import { json } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator kill-switch`: whether anything may act now, as the switch was just read, and how it is thrown. */
export const killSwitchCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('kill-switch')
    .description('whether anything may act now, as the kill switch says, and how to throw it')
    .addOption(json())
    .action(async (options: { json?: boolean }) => {
      const answer: KillSwitchAnswer = await terminal.api.get('/api/kill-switch');
      if (options.json === true) printJson(terminal, answer);
      else printSwitch(terminal, answer);
      done(exitCodes.good);
    });

const printSwitch = (terminal: Terminal, answer: KillSwitchAnswer): void => {
  const { parameter, text } = answer;
  terminal.print(`${plain(parameter)}  ${text === null ? 'cannot be read' : plain(JSON.stringify(text))}`);
  terminal.print(`  ${toldSwitch(terminal, answer)}`);
  terminal.print('');
  const put = plain(settingSwitch(answer));
  terminal.print(`stop everything:  ${put} stop`);
  terminal.print(`stop some of it:  ${put} 'allow except production/shop redeploy'`);
  terminal.print(`let it act again: ${put} allow`);
};

const toldSwitch = (terminal: Terminal, answer: KillSwitchAnswer): string => {
  if ('thrown' in answer) return colour(terminal, 'red', plain(`nothing acts: ${answer.thrown}`));
  if (answer.except.length === 0) return colour(terminal, 'green', 'everything may act');
  return colour(terminal, 'yellow', plain(`everything may act except: ${answer.except.join(', ')}`));
};
