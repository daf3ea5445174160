import { Command } from 'commander';
import type { QuarantineAnswer, ReleaseAnswer, ReleasesAnswer } from '../../shared/question/answers.ts';
import { cursor, json, limit } from '../options.ts';
import { colourOfStatus, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, short, timeOf } from '../text.ts';

type Options = {
  json?: boolean;
  why?: boolean;
  limit: number;
  cursor?: string;
  service?: string;
  environment?: string;
};

/** `escalator releases`: what runs, what may be gone back to, what is refused; with `--why` every reason. */
export const releasesCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('releases')
    .description('what runs, what may be gone back to, what is quarantined; the newest first')
    .addOption(limit(50))
    .addOption(cursor())
    .option('--service <service>', 'only of this service')
    .option('--why', 'of each, whether it may be gone back to, and every reason why not')
    .option('--environment <environment>', 'only of this environment')
    .addOption(json())
    .action(async (options: Options) => done(await releases(terminal, options)));

const releases = async (terminal: Terminal, { json: asJson, why, ...query }: Options): Promise<ExitCode> => {
  const page: ReleasesAnswer = await terminal.api.get('/api/releases', query);
  if (asJson === true) return (printJson(terminal, page), exitCodes.good);
  const [heads, toRow] = why === true ? [whyHeadings, whyRowOf] : [headings, rowOf];
  const rows = page.items.map((release) => toRow(release, terminal.now()));
  printTable(terminal, heads, rows, 'no release is on record', (row) => colourOfStatus(page.items[row]?.status ?? ''));
  if (why === true) printQuarantined(terminal, page);
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

const whyHeadings = ['WHERE', 'COMMIT', 'BY', 'SINCE', 'EXECUTION', 'GO BACK TO IT', 'WHY NOT'];

const whyRowOf = (release: ReleaseAnswer, now: Date): string[] => [
  `${release.environment}/${release.service}`,
  short(release.commit),
  release.author ?? 'nobody known',
  timeOf(release.reachedAt, now),
  release.execution,
  release.running ? 'it runs' : release.whyNot.length === 0 ? 'yes' : 'no',
  release.running ? againstIt(release).join('; ') : release.whyNot.join('; '),
];

/** That what runs is not gone back to goes without saying; what else there is against it does not. */
const againstIt = ({ whyNot, status }: ReleaseAnswer): string[] =>
  status === 'quarantined' ? whyNot.filter((reason) => reason.startsWith('quarantined')) : [];

/** What is refused and never came here stands in no line above. */
const printQuarantined = (terminal: Terminal, { items, quarantined }: ReleasesAnswer): void => {
  const isAbove = ({ environment, service, commit }: QuarantineAnswer): boolean =>
    items.some((item) => item.environment === environment && item.service === service && item.commit === commit);
  for (const one of quarantined.filter((each) => !isAbove(each)))
    terminal.print(
      plain(
        `${one.environment}/${one.service} refuses ${short(one.commit)} since ${timeOf(one.since, terminal.now())}: ` +
          `quarantined${one.by === null ? '' : ` by ${one.by}`}: ${one.reason}`,
      ),
    );
};
