import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { EscalatorError } from '../../shared/errors.ts';
import type { LadderEvent } from '../../shared/ladder/events.ts';
import type { LadderAnswer } from '../../shared/question/ladders.ts';
import { json, wholeNumber } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, spanOf } from '../text.ts';
import { answerTo } from './orders.ts';

type Held = Extract<LadderEvent, { type: 'gameday.held' }>;
type Options = { why: string; by: string; as?: string; steps?: number; json?: boolean };

const modes = ['observe', 'ask', 'act'];

/** `escalator gameday`: what a ladder would do if a check failed now, told to the end. Nothing is done. */
export const gamedayCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('gameday')
    .description(
      'what a ladder would do if a check failed now, and when, told to the end; nothing is done, nobody is paged',
    )
    .argument('<check>', 'as production/shop/smoke, or production/provider for one that services share')
    .requiredOption('--why <text>', 'the reason, for the record')
    .option('--as <mode>', 'take every level to be in this mode: observe, ask or act; by default each as it is')
    .option(
      '--steps <n>',
      'take the check to pass again after so many steps; by default never',
      wholeNumber('--steps', 0, 100),
    )
    .option('--by <name>', 'who says so', userInfo().username)
    .addOption(json())
    .action(async (check: string, options: Options) => done(await gameday(terminal, check, options)));

const gameday = async (terminal: Terminal, said: string, options: Options): Promise<ExitCode> => {
  const { ladder, check } = placeOf(said);
  const command = {
    id: randomUUID(),
    by: options.by,
    ladder,
    check,
    mode: modeOf(options.as),
    steps: options.steps ?? null,
  };
  const { seq }: { seq: number } = await terminal.api.post('/api/gamedays', { ...command, why: options.why });
  const answer = await answerTo(terminal, ladder, seq);
  if (answer === null)
    return (terminal.print(`on record as entry ${seq}; the ladder has not answered yet`), exitCodes.good);
  if (answer.kind !== 'gameday.held') return (terminal.print(plain(answer.says)), exitCodes.bad);
  const held = answer.detail as unknown as Held;
  if (options.json === true) return (printJson(terminal, held), exitCodes.good);
  printHeld(terminal, held);
  await printRails(terminal, ladder);
  return exitCodes.good;
};

const placeOf = (said: string): { ladder: string; check: string } => {
  const [, ladder, check] = /^([^/]+(?:\/[^/]+)?)\/([^/]+)$/.exec(said) ?? [];
  if (ladder !== undefined && check !== undefined) return { ladder, check };
  throw new EscalatorError('ESC-007', `${JSON.stringify(said)} is no check`, 'such as production/shop/smoke');
};

const modeOf = (mode: string | undefined): string | null => {
  if (mode === undefined || modes.includes(mode)) return mode ?? null;
  throw new EscalatorError('ESC-007', `--as ${JSON.stringify(mode)} cannot be`, `wanted: ${modes.join(', ')}`);
};

const printHeld = (terminal: Terminal, { check, told, end }: Held): void => {
  terminal.print(colour(terminal, 'bold', `If check ${plain(check)} failed now, people would be told:`));
  const rows = told.map(({ after, severity, headline, next }) => [`+${spanOf(after)}`, severity, headline, next]);
  printTable(terminal, ['AFTER', 'AS', 'WHAT', 'NEXT'], rows, 'nothing', (row) =>
    told[row]?.severity === 'page' ? 'red' : null,
  );
  terminal.print('');
  terminal.print(colour(terminal, 'bold', `It would end ${plain(end.status)}: ${plain(end.reason)}`));
  terminal.print('Every step was taken to be done at once, and every approval to be given. Nothing was done.');
};

/** What would stand in the way is for the guard rails to say, as they are now. */
const printRails = async (terminal: Terminal, ladder: string): Promise<void> => {
  const answer = await terminal.api.get<LadderAnswer>(`/api/ladders/${ladder}`).catch(absent);
  const closed = answer?.rails.filter((rail) => rail.closed) ?? [];
  if (closed.length === 0) return;
  terminal.print('');
  printTable(
    terminal,
    ['CLOSED NOW', 'WHAT IT IS'],
    closed.map(({ name, is }) => [name, is]),
    '',
  );
};

const absent = (error: unknown): null => {
  if (error instanceof EscalatorError && error.code === 'ESC-011') return null;
  throw error;
};
