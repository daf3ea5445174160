import { Command } from 'commander';
import { EscalatorError } from '../../shared/errors.ts';
import { fewOf, named } from '../../shared/ladder/per.ts';
import type { Rail } from '../../shared/ladder/rail.ts';
import type { Page } from '../../shared/question/answers.ts';
import type { CheckAnswer, LadderAnswer, LevelAnswer, ReleaseStands } from '../../shared/question/ladders.ts';
import { json } from '../options.ts';
import { reportCommand } from './ladder-report.ts';
import { colour, colourOfStatus, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, short, spanOf, timeOf } from '../text.ts';

/** `escalator ladder show`: how a ladder stands, and everything that keeps it from acting. */
export const ladderCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command => {
  const show = new Command('show')
    .description('how ladders stand: levels, checks, incident, releases, and every guard rail with what is used of it')
    .argument('[ladder]', 'as production/shop, or production for the levels its services share; by default all')
    .addOption(json())
    .action(async (ladder: string | undefined, options: { json?: boolean }) =>
      done(await showLadders(terminal, ladder, options)),
    );
  return new Command('ladder')
    .description('what a ladder may do, and how it stands')
    .addCommand(show)
    .addCommand(reportCommand(terminal, done));
};

const showLadders = async (
  terminal: Terminal,
  named: string | undefined,
  { json: asJson }: { json?: boolean },
): Promise<ExitCode> => {
  const answer: LadderAnswer | Page<LadderAnswer> = await terminal.api.get(`/api/ladders${pathOf(named)}`);
  if (asJson === true) return (printJson(terminal, answer), exitCodes.good);
  const ladders = 'items' in answer ? answer.items : [answer];
  if (ladders.length === 0) terminal.print('there is no ladder');
  for (const [index, ladder] of ladders.entries()) {
    if (index > 0) terminal.print('');
    printLadder(terminal, ladder);
  }
  return exitCodes.good;
};

const pathOf = (named: string | undefined): string => {
  if (named === undefined) return '';
  const parts = named.split('/');
  if (parts.length <= 2 && parts.every((part) => part !== ''))
    return `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
  throw new EscalatorError('ESC-007', `${JSON.stringify(named)} is no ladder`, 'wanted: one such as production/shop');
};

const printLadder = (terminal: Terminal, ladder: LadderAnswer): void => {
  const now = terminal.now();
  const until = ladder.until === null ? '' : `  until ${timeOf(ladder.until, now)}`;
  const stands = colour(terminal, colourOfStand(ladder.status) ?? 'bold', ladder.status);
  terminal.print(`${colour(terminal, 'bold', plain(ladder.ladder))}  ${stands}${until}`);
  if (ladder.reason !== null) terminal.print(`  ${plain(ladder.reason)}`);
  heading(terminal, 'Levels, the most drastic first');
  printTable(terminal, levelHeadings, ladder.levels.map(levelRow), '  none');
  heading(terminal, 'Checks');
  const checks = ladder.checks.map((check) => checkRow(check, now));
  printTable(terminal, checkHeadings, checks, '  none', (row) => colourOfValue(ladder.checks[row]?.value));
  printIncident(terminal, ladder);
  printReleases(terminal, ladder);
  heading(terminal, 'Guard rails');
  const rails = ladder.rails.map((rail) => railRow(rail, now));
  printTable(terminal, railHeadings, rails, '  none', (row) => (ladder.rails[row]?.closed === true ? 'yellow' : null));
};

const heading = (terminal: Terminal, text: string): void => {
  terminal.print('');
  terminal.print(colour(terminal, 'bold', text));
};

const colourOfStand = (status: string) => (status === 'at-rest' ? 'green' : colourOfStatus(status));

const colourOfValue = (value: CheckAnswer['value'] | undefined) =>
  value === 'pass' ? 'green' : value === 'fail' ? 'red' : 'yellow';

const levelHeadings = ['LEVEL', 'MODE', 'APPROVALS', 'QUIESCENCE', 'CHECKS', 'DOES'];

const levelRow = ({ level, mode, drastic, approvals, quiescence, checks, does }: LevelAnswer): string[] => [
  level,
  drastic ? `${mode}, drastic` : mode,
  approvals === 0 ? '-' : String(approvals),
  lengthOf(quiescence),
  checks.join(', ') || '-',
  does,
];

const checkHeadings = ['CHECK', 'VALUE', 'SINCE', 'LEVEL', 'SOURCE', 'REASON'];

const checkRow = ({ check, value, targets, since, level, source, reason }: CheckAnswer, now: Date): string[] => [
  check,
  targets.length === 0 ? value : `${value}: ${fewOf(targets)}`,
  since === null ? 'never read' : timeOf(since, now),
  level,
  source,
  reason ?? '',
];

const printIncident = (terminal: Terminal, { incident }: LadderAnswer): void => {
  if (incident === null) return;
  const now = terminal.now();
  heading(terminal, 'Incident');
  const { id, status, openedAt, failing, targets, attempt, plan, doing, steps, next, at } = incident;
  const failed = failing.map((check) => named(check, targets)).join(', ');
  const lines = [
    `${id}  ${status} since ${timeOf(openedAt, now)}, failing: ${failed || 'nothing'}`,
    attempt === 0 ? 'no attempt yet' : `attempt ${attempt}: ${plan.join(', then ')}`,
    ...steps.map(({ level, did, outcome, reason }) => `level ${level}: ${did}: ${outcome}, ${reason}`),
    ...(doing === null ? [] : [`now: ${doing}`]),
    `next: ${next}${at === null ? '' : ` (${timeOf(at, now)})`}`,
  ];
  for (const line of lines) terminal.print(`  ${plain(line)}`);
};

const printReleases = (terminal: Terminal, ladder: LadderAnswer): void => {
  const { running, diverged, lastGood, ineligible, quarantined } = ladder;
  // Nothing is delivered to an environment itself.
  if (ladder.service === null) return;
  heading(terminal, 'Releases');
  const told = (release: ReleaseStands | null): string => toldRelease(release, terminal.now());
  const lines = [
    `runs: ${told(running)}`,
    ...(diverged === null ? [] : [`diverged: ${diverged.by}, ${timeOf(diverged.at, terminal.now())}`]),
    `last good: ${told(lastGood)}`,
    ...ineligible.map((release) => `not eligible: ${told(release)}: ${release.reasons.join('; ')}`),
    ...quarantined.map(({ commit, reason }) => `refused here: ${short(commit)}: ${reason}`),
  ];
  for (const line of lines) terminal.print(`  ${plain(line)}`);
};

const toldRelease = (release: ReleaseStands | null, now: Date): string => {
  if (release === null) return 'none is known';
  const { commit, author, execution, since, byRollback } = release;
  const by = author === null ? '' : ` by ${author}`;
  return `${short(commit)}${by}, since ${timeOf(since, now)}, execution ${execution}${byRollback ? ' (a rollback)' : ''}`;
};

const railHeadings = ['GUARD RAIL', 'USED', 'LIMIT', 'FREES', 'ABOUT', 'WHAT'];

const railRow = (rail: Rail, now: Date): string[] => [
  rail.name,
  amountOf(rail.used, rail.unit, spanOf),
  amountOf(rail.limit, rail.unit, lengthOf),
  freesAt(rail, now),
  rail.about === null ? '-' : aboutOf(rail.about),
  rail.is,
];

const amountOf = (amount: number | null, unit: Rail['unit'], lasting: (ms: number) => string): string =>
  amount === null ? '-' : unit === 'ms' ? lasting(amount) : String(amount);

/** When it lets act again; for what runs out, by when. */
const freesAt = ({ closed, frees, due }: Rail, now: Date): string => {
  if (closed) return frees === null ? 'not by itself' : timeOf(frees, now);
  return due === null ? '-' : `over ${timeOf(due, now)}`;
};

const aboutOf = (about: string): string => (/^[0-9a-f]{40,64}$/.test(about) ? short(about) : about);

/** A declared length of time, in the largest unit that it is whole in: `30 s`, `15 min`, `2 h`, `30 d`. */
const lengthOf = (ms: number): string => {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const;
  const unit = units.find(([length]) => ms >= length && ms % length === 0);
  return unit === undefined ? `${ms / 1000} s` : `${ms / unit[0]} ${unit[1]}`;
};
