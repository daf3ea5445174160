import { Command, CommanderError } from 'commander';
import { EscalatorError } from '../shared/errors.ts';
import { ackCommand, alertsCommand, silenceCommand, silencesCommand, unsilenceCommand } from './commands/alerts.ts';
import { changeCommand } from './commands/change.ts';
import { checkCommand, schemaCommand } from './commands/config.ts';
import { gamedayCommand } from './commands/gameday.ts';
import { keyCommand } from './commands/key.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { handoverCommand } from './commands/handover.ts';
import { inboxCommand } from './commands/inbox.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { initCommand } from './commands/init.ts';
import { killSwitchCommand } from './commands/kill-switch.ts';
import { ladderCommand } from './commands/ladder.ts';
import { matchCommand } from './commands/match.ts';
import { noteCommand } from './commands/note.ts';
import { orderCommands } from './commands/orders.ts';
import { entryCommand } from './commands/entry.ts';
import { proofCommand } from './commands/proof.ts';
import { putEventsCommand, replayCommand } from './commands/put-events.ts';
import { redriveCommand } from './commands/redrive.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { releasesCommand } from './commands/releases.ts';
import { restoreCommand } from './commands/restore.ts';
import { subscribeCommand, subscriptionsCommand, unsubscribeCommand } from './commands/subscribe.ts';
import { trailCommand } from './commands/trail.ts';
import { verifyCommand } from './commands/verify.ts';
import { whyCommand } from './commands/why.ts';
import { exitCodes, type ExitCode, type Terminal } from './terminal.ts';
import { plain } from './text.ts';

const commands = [
  trailCommand,
  incidentsCommand,
  ladderCommand,
  killSwitchCommand,
  releasesCommand,
  whyCommand,
  changeCommand,
  putEventsCommand,
  replayCommand,
  ...orderCommands,
  handoverCommand,
  alertsCommand,
  inboxCommand,
  ackCommand,
  silenceCommand,
  unsilenceCommand,
  silencesCommand,
  subscribeCommand,
  subscriptionsCommand,
  unsubscribeCommand,
  noteCommand,
  redriveCommand,
  exportCommand,
  keyCommand,
  verifyCommand,
  entryCommand,
  proofCommand,
  matchCommand,
  rehearseCommand,
  gamedayCommand,
  initCommand,
  doctorCommand,
  checkCommand,
  schemaCommand,
  restoreCommand,
];

/**
 * Runs one command line. Whatever goes wrong is one line of standard error and an exit code.
 *
 * @param args the words after the program's name
 */
export const runProgram = async (terminal: Terminal, args: string[]): Promise<ExitCode> => {
  let code: ExitCode = exitCodes.good;
  const program = programOf(terminal, (given) => void (code = given));
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, terminal);
  }
};

const programOf = (terminal: Terminal, done: (code: ExitCode) => void): Command => {
  const program = new Command('escalator')
    .description('Every change on the record, every failing check answered.')
    .addHelpText('after', '\nIt asks the product at ESCALATOR_URL, else at http://127.0.0.1:4400.');
  for (const command of commands) program.addCommand(command(terminal, done));
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: () => {},
    });
  }
  return program;
};

const codeOf = (error: unknown, terminal: Terminal): ExitCode => {
  if (error instanceof CommanderError) return usageOf(error, terminal);
  if (!(error instanceof EscalatorError)) throw error;
  terminal.remark(plain(error.toLine()));
  return usageErrors.includes(error.code) ? exitCodes.usage : exitCodes.bad;
};

/** What whoever typed the command can mend by typing another. */
const usageErrors = ['ESC-007', 'ESC-011', 'ESC-012', 'ESC-035', 'ESC-040'];

/** Help is an answer; anything else is a command line that cannot be, and is told in one line. */
const usageOf = (error: CommanderError, terminal: Terminal): ExitCode => {
  if (error.exitCode === 0) return exitCodes.good;
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  terminal.remark(plain(`ESC-007 ${message}; escalator --help lists the commands`));
  return exitCodes.usage;
};
