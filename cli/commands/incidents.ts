import { Command } from 'commander';
import { named } from '../../shared/ladder/per.ts';
import type { IncidentAnswer, Page } from '../../shared/question/answers.ts';
import { cursor, json, limit } from '../options.ts';
import { colourOfStatus, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { short, timeOf } from '../text.ts';

type Options = { json?: boolean; limit: number; cursor?: string; service?: string; environment?: string };

/** `escalator incidents`: the newest first. */
export const incidentsCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('incidents')
    .description('what failed and what was done about it, the newest first')
    .addOption(limit(20))
    .addOption(cursor())
    .option('--service <service>', 'only of this service')
    .option('--environment <environment>', 'only of this environment')
    .addOption(json())
    .action(async (options: Options) => done(await incidents(terminal, options)));

const incidents = async (terminal: Terminal, { json: asJson, ...query }: Options): Promise<ExitCode> => {
  const page: Page<IncidentAnswer> = await terminal.api.get('/api/incidents', query);
  if (asJson === true) return (printJson(terminal, page), exitCodes.good);
  const rows = page.items.map((incident) => rowOf(incident, terminal.now()));
  printTable(terminal, headings, rows, 'no incident is on record', (row) =>
    colourOfStatus(page.items[row]?.status ?? ''),
  );
  if (page.next !== null) terminal.remark(`older ones: --cursor ${page.next}`);
  return exitCodes.good;
};

const headings = ['INCIDENT', 'STATUS', 'OPENED', 'CLOSED', 'ATTEMPTS', 'SUSPECT', 'FAILING', 'REASON'];

const rowOf = (incident: IncidentAnswer, now: Date): string[] => [
  incident.id,
  incident.status,
  timeOf(incident.openedAt, now),
  incident.closedAt === null ? '-' : timeOf(incident.closedAt, now),
  String(incident.attempts),
  short(incident.suspect?.commit),
  incident.failing.map((check) => named(check, incident.targets)).join(', '),
  incident.reason ?? '',
];
