import { Command } from 'commander';
import type { Page, ReleaseAnswer } from '../../shared/question/answers.ts';
import { cursor, json, limit } from '../options.ts';
import { colourOfStatus, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { short, timeOf } from '../text.ts';

type Options = { json?: boolean; limit: number; cursor?: string; service?: string; environment?: string };

/** `escalator releases`: what runs, what may be gone back to, what is refused. */
export const releasesCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('releases')
    .description('what runs, what may be gone back to, what is quarantined; the newest first')
    .addOption(limit(50))
    .addOption(cursor())
    .option('--service <service>', 'only of this service')
    .option('--environment <environment>', 'only of this environment')
    .addOption(json())
    .action(async (options: Options) => done(await releases(terminal, options)));

const releases = async (terminal: Terminal, { json: asJson, ...query }: Options): Promise<ExitCode> => {
  const page: Page<ReleaseAnswer> = await terminal.api.get('/api/releases', query);
  if (asJson === true) return (printJson(terminal, page), exitCodes.good);
  const rows = page.items.map((release) => rowOf(release, terminal.now()));
  printTable(terminal, headings, rows, 'no release is on record', (row) =>
    colourOfStatus(page.items[row]?.status ?? ''),
  );
  if (page.next !== null) terminal.remark(`older ones: --cursor ${page.next}`);
  return exitCodes.good;
};

const headings = ['WHERE', 'COMMIT', 'STATUS', 'REACHED', 'LAST GOOD', 'EXECUTION', 'WHAT'];

const rowOf = (release: ReleaseAnswer, now: Date): string[] => [
  `${release.environment}/${release.service}`,
  short(release.commit),
  release.status,
  timeOf(release.reachedAt, now),
  release.lastGood ? 'yes' : '',
  release.execution,
  [release.reason ?? release.subject ?? '', release.byRollback ? '(put there by a rollback)' : ''].join(' '),
];
