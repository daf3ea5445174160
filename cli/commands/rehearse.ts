import { Command } from 'commander';
import type { Config } from '../../shared/config/config.ts';
import { formatMistake } from '../../shared/config/mistake.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { EscalatorError } from '../../shared/errors.ts';
import type { IncidentAnswer } from '../../shared/question/answers.ts';
import { type Past, pastOf } from '../../shared/rehearse/past.ts';
import { isSame, type Report, reportOn } from '../../shared/rehearse/report.ts';
import { readText } from '../events/files.ts';
import { json, pointInTime } from '../options.ts';
import { entriesFrom, entriesIn, type Gathered, type Period } from '../rehearse/entries.ts';
import { printReport } from '../rehearse/print.ts';
import { exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type Options = {
  config?: string;
  was?: string[];
  since?: string;
  until?: string;
  export?: string;
  json?: boolean;
};

/** `escalator rehearse`: the recorded past, decided again. Exit 0 nothing would differ, 1 something would, 2 it cannot be tried. */
export const rehearseCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('rehearse')
    .description('what another configuration would have decided in the recorded past: side by side, and why')
    .argument('[what]', 'a ladder, as production/shop, or one incident, as production.shop.5; by default every ladder')
    .option('--config <file>', 'the configuration; of one incident by default the one that decided it')
    .option('--was <file...>', 'a configuration as it was, where the trail has only its digest')
    .option('--since <time>', 'what was recorded since then', pointInTime('--since', terminal.now, 'first'))
    .option('--until <time>', 'what was recorded before then', pointInTime('--until', terminal.now, 'after'))
    .option('--export <dir>', 'read an evidence pack of the whole trail, and ask nobody')
    .addOption(json())
    .action(async (what: string | undefined, options: Options) => done(await rehearsed(terminal, what, options)));

/** What is rehearsed. */
type Asked = { ladder: string | null; incident: string | null; period: Period };

const rehearsed = async (terminal: Terminal, what: string | undefined, options: Options): Promise<ExitCode> => {
  const [config, ...was] = await Promise.all(
    [options.config, ...(options.was ?? [])].map((file) => configIn(terminal, file)),
  );
  if (config === 'mistaken' || was.includes('mistaken')) return exitCodes.usage;
  const given = was.filter((one): one is Config => one !== null && one !== 'mistaken');
  const asked = await askedBy(terminal, what, options);
  if (config === null && asked.incident === null)
    throw new EscalatorError('ESC-007', '--config FILE is missing', 'name the configuration to rehearse');
  const gathered = await gather(terminal, config ?? null, asked, options);
  const past = pastOf(gathered.entries, given);
  const from = asked.incident === null ? gathered.from : opening(past, asked.incident);
  const by = config ?? decidedBy(past, from);
  const report = reportOn(past, by, (ladder) => asked.ladder === null || ladder === asked.ladder, {
    from,
    since: asked.period.since,
    before: asked.incident === null,
  });
  if (asked.ladder !== null && report.ladders.length + report.gone.length === 0) throw noLadder(asked.ladder);
  const printing = { every: asked.incident !== null, by: options.config ?? 'the same, decided again' };
  if (options.json === true) printJson(terminal, answerOf(report, printing.every));
  else printReport(terminal, report, printing);
  return isSame(report) ? exitCodes.good : exitCodes.bad;
};

const answerOf = (report: Report, every: boolean): object => ({
  ...report,
  before: report.before.map((one) => ({ ...one, lines: one.lines.filter(({ type }) => type !== 'same') })),
  ladders: report.ladders.map((one) => ({
    ...one,
    lines: every ? one.lines : one.lines.filter(({ type }) => type !== 'same'),
  })),
});

/** Null where no file is named; mistakes are printed as `escalator check` prints them. */
const configIn = async (terminal: Terminal, file: string | undefined): Promise<Config | 'mistaken' | null> => {
  if (file === undefined) return null;
  const read = parseConfig(await readText(file, terminal.stdin), file);
  if ('config' in read) return read.config;
  for (const mistake of read.mistakes) terminal.remark(plain(formatMistake(mistake)));
  return 'mistaken';
};

/** Before an incident what made it open was recorded, and after it what let the ladder rest. */
const aroundMs = 60_000;

const askedBy = async ({ api }: Terminal, what: string | undefined, options: Options): Promise<Asked> => {
  const period = { since: options.since ?? null, until: options.until ?? null };
  const incident = /^(.+)\.\d+$/.exec(what ?? '');
  if (what === undefined || incident === null) return { ladder: what ?? null, incident: null, period };
  const ladder = (incident[1] ?? '').replace('.', '/');
  if (options.export !== undefined) return { ladder, incident: what, period: { since: null, until: null } };
  const { openedAt, closedAt }: IncidentAnswer = await api.get(`/api/incidents/${encodeURIComponent(what)}`);
  const around = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();
  const until = closedAt === null ? null : around(closedAt, aroundMs);
  return { ladder, incident: what, period: { since: around(openedAt, -aroundMs), until } };
};

const gather = (terminal: Terminal, config: Config | null, asked: Asked, options: Options): Promise<Gathered> => {
  const ladders = asked.ladder === null ? null : withNeighbours(asked.ladder, config);
  return options.export === undefined
    ? entriesFrom(terminal.api, config, ladders, asked.period)
    : entriesIn(options.export, config, asked.period);
};

/** A ladder, and those that it looks at: its environment's, or its services'. */
const withNeighbours = (ladder: string, config: Config | null): string[] => {
  const environment = config?.environments.find((one) => one.ladder === ladder);
  return [...new Set([ladder, ladder.split('/')[0] ?? ladder, ...(environment?.below ?? [])])];
};

/** The seq of the version that opened an incident. */
const opening = ({ happenings }: Past, incident: string): number => {
  const found = happenings.find(
    (one) =>
      one.type === 'version' &&
      one.version.entries.some(({ kind, detail }) => kind === 'incident.opened' && detail['incident'] === incident),
  );
  if (found !== undefined) return found.seq;
  throw new EscalatorError(
    'ESC-011',
    `there is no incident ${JSON.stringify(incident)}`,
    'escalator incidents lists them',
  );
};

const decidedBy = ({ happenings, configs }: Past, from: number): Config => {
  const version = happenings.find(({ seq, type }) => seq >= from && type === 'version');
  const digest = version?.type === 'version' ? version.version.on.config : '';
  const config = configs.get(digest);
  if (config !== undefined) return config;
  const message = `the text of configuration ${digest.slice(0, 12)}, which decided it, is not on the trail`;
  throw new EscalatorError(
    'ESC-040',
    message,
    'give the file as it was then by --was FILE, or another by --config FILE',
  );
};

const noLadder = (ladder: string): EscalatorError =>
  new EscalatorError('ESC-011', `there is no ladder ${JSON.stringify(ladder)}`, 'such as production/shop');
