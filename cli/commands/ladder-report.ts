import { Command } from 'commander';
import { EscalatorError } from '../../shared/errors.ts';
import type { Page } from '../../shared/question/answers.ts';
import type { IncidentReport, LadderReport, Spans } from '../../shared/question/reports.ts';
import { json, pointInTime } from '../options.ts';
import { colour, colourOfStatus, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, spanOf, timeOf } from '../text.ts';

type Options = { json?: boolean; since?: string; until?: string };

/** `escalator ladder report`: what ladders did, or would have done, and what people did instead. */
export const reportCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('report')
    .description('what ladders did in a time, or would have done, what people did instead, and how long it took')
    .argument('[ladder]', 'as production/shop, or production for all of an environment; by default all')
    .option('--since <when>', 'a day, a time, or how long ago (30d)', pointInTime('--since', terminal.now, 'first'))
    .option('--until <when>', 'the same', pointInTime('--until', terminal.now, 'last'))
    .addOption(json())
    .action(async (ladder: string | undefined, options: Options) => done(await report(terminal, ladder, options)));

const report = async (
  terminal: Terminal,
  ladder: string | undefined,
  { json: asJson, since, until }: Options,
): Promise<ExitCode> => {
  const answer: Page<LadderReport> = await terminal.api.get('/api/reports', { ...placeOf(ladder), since, until });
  if (asJson === true) return (printJson(terminal, answer), exitCodes.good);
  if (answer.items.length === 0) terminal.print('there is no ladder');
  for (const [index, one] of answer.items.entries()) {
    if (index > 0) terminal.print('');
    printReport(terminal, one);
  }
  return exitCodes.good;
};

const placeOf = (ladder: string | undefined): { environment?: string; service?: string } => {
  const [environment, service, ...more] = ladder?.split('/') ?? [];
  if (environment === '' || service === '' || more.length > 0)
    throw new EscalatorError(
      'ESC-007',
      `${JSON.stringify(ladder)} is no ladder`,
      'wanted: one such as production/shop',
    );
  return { ...(environment !== undefined && { environment }), ...(service !== undefined && { service }) };
};

const printReport = (terminal: Terminal, report: LadderReport): void => {
  const now = terminal.now();
  const { ladder, since, until, incidents, runs, converged, byItself, byPeople } = report;
  terminal.print(`${colour(terminal, 'bold', plain(ladder))}  ${timeOf(since, now)} to ${timeOf(until, now)}`);
  if (!report.complete) terminal.print('  more is on record than a report reads: this is the newest part of it');
  if (incidents.length === 0) return terminal.print('  no incident');
  terminal.print(`  ${howMany(incidents.length, 'incident')}: ${endedIn(report)}`);
  if (runs > 0) terminal.print(`  ${howMany(runs, 'run')}, ${converged} converged${lasting(byItself)}`);
  if (byPeople.count > 0) terminal.print(`  ${byPeople.count} mended by people${lasting(byPeople)}`);
  terminal.print('');
  printTable(
    terminal,
    headings,
    incidents.map((one) => rowOf(one, now)),
    '',
    (row) => colourOfStatus(incidents[row]?.status ?? ''),
  );
};

const howMany = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const endedIn = ({ ended }: LadderReport): string =>
  Object.entries(ended)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

const lasting = ({ median, longest }: Spans): string =>
  median === null || longest === null
    ? ''
    : `, well again after ${spanOf(median)} at the median, ${spanOf(longest)} at most`;

const headings = ['INCIDENT', 'OPENED', 'STATUS', 'FAILING', 'WELL AFTER', 'PLAN', 'PEOPLE DID'];

const rowOf = (one: IncidentReport, now: Date): string[] => [
  one.id,
  timeOf(one.openedAt, now),
  one.status,
  one.failing.join(', '),
  one.recoveredAfter === null ? '-' : spanOf(one.recoveredAfter),
  planOf(one),
  one.people.map(({ by, says }) => `${by}: ${says}`).join('; ') || '-',
];

/** What it did, or would have done where it did nothing. */
const planOf = ({ plan, acted }: IncidentReport): string => {
  const steps = plan.map(({ does }) => does).join(', then ');
  return steps === '' ? '-' : acted ? steps : `would: ${steps}`;
};
