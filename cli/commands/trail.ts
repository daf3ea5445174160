import { Command } from 'commander';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { type Query, readUntil } from '../api.ts';
import { cursor, json, limit, pointInTime } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, safeJson, short, table, timeOf } from '../text.ts';

type Options = {
  json?: boolean;
  follow?: boolean;
  limit: number;
  cursor?: string;
  since?: string;
  until?: string;
} & { [filter in (typeof filters)[number]]?: string };

const filters = [
  'change',
  'execution',
  'release',
  'incident',
  'subject',
  'actor',
  'service',
  'environment',
  'kind',
] as const;

/** `escalator trail`: the record, its newest entry last, as a terminal is read. */
export const trailCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command => {
  const command = new Command('trail')
    .description('what is on record, the newest entry last; filters combine')
    .addOption(limit(50))
    .addOption(cursor())
    .option('--since <time>', 'not before', pointInTime('--since', terminal.now, 'first'))
    .option('--until <time>', 'not after', pointInTime('--until', terminal.now, 'last'))
    .option('-f, --follow', 'go on with what comes; with --json one entry a line')
    .addOption(json());
  for (const filter of filters) command.option(`--${filter} <${filter}>`, `only of this ${filter}`);
  return command.action(async (options: Options) => done(await trail(terminal, options)));
};

const trail = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  if (options.follow === true) return follow(terminal, options);
  const page = await firstWithItems(terminal, options);
  if (options.json === true) return (printJson(terminal, page), exitCodes.good);
  const rows = page.items.toReversed().map((entry) => rowOf(entry, terminal.now()));
  printTable(terminal, headings, rows, nothing(page));
  if (page.next !== null) terminal.remark(`older ones: ${commandFor(options, page.next)}`);
  return exitCodes.good;
};

const nothing = ({ next }: Page<EntryItem>): string =>
  next === null ? 'nothing is on record that answers this' : 'nothing was found so far';

/** How many pages without an answer are passed by, at most. */
const emptyPagesAtMost = 20;

/** What a page costs is bounded: of a rare answer the first pages may hold nothing, and say where to go on. */
const firstWithItems = async (terminal: Terminal, options: Options): Promise<Page<EntryItem>> => {
  let cursor = options.cursor;
  for (let pages = 1; ; pages += 1) {
    const page: Page<EntryItem> = await terminal.api.get('/api/entries', { ...queryOf(options), cursor });
    if (page.items.length > 0 || page.next === null || pages >= emptyPagesAtMost) return page;
    cursor = page.next;
  }
};

const queryOf = (options: Options): Query => ({
  ...Object.fromEntries(filters.map((filter) => [filter, options[filter]])),
  since: options.since,
  until: options.until,
  limit: options.limit,
});

/** A cursor belongs to its question: `2h ago` would be another time when it is asked again. */
const commandFor = (options: Options, next: string): string => {
  const given = Object.entries({ ...queryOf(options), cursor: next }).filter(([, value]) => value !== undefined);
  return ['escalator trail', ...given.map(([name, value]) => `--${name} ${forShell(String(value))}`)].join(' ');
};

const forShell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", `'\\''`)}'`;

const headings = ['SEQ', 'TIME', 'WHERE', 'CHANGE', 'KIND', 'WHAT'];

const rowOf = (entry: EntryItem, now: Date): string[] => [
  String(entry.seq),
  timeOf(entry.occurredAt ?? entry.observedAt, now),
  [entry.environment, entry.service].filter((part) => part !== null).join('/') || '-',
  short(entry.change?.commit),
  entry.kind,
  entry.says,
];

/** How often a followed trail is asked for more (ms). */
const askEvery = 1_000;

/** Prints the newest entries, then each new one; ends when it is interrupted. */
const follow = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const query = { ...queryOf(options), limit: Math.max(options.limit, 100) };
  let last = -1;
  let silent = false;
  for (;;) {
    try {
      const first = last < 0;
      const items = await readUntil<EntryItem>(
        terminal.api,
        '/api/entries',
        query,
        ({ seq }, count) => seq <= last || (first && count >= options.limit),
      );
      printEntries(terminal, items.toReversed(), options);
      last = Math.max(last, items[0]?.seq ?? -1);
      silent = false;
    } catch (error) {
      // it may only be starting again: what is told once is enough
      if (last < 0) throw error;
      if (!silent) terminal.remark(colour(terminal, 'yellow', 'it does not answer just now; asking on'));
      silent = true;
    }
    await terminal.pause(askEvery);
  }
};

const printEntries = (terminal: Terminal, entries: EntryItem[], options: Options): void => {
  if (options.json === true) return entries.forEach((entry) => terminal.print(safeJson(entry)));
  const rows = entries.map((entry) => rowOf(entry, terminal.now()));
  // columns stay where they are from one poll to the next
  for (const line of table([followWidths, ...rows], terminal.width).slice(1)) terminal.print(line);
};

const followWidths = ['000000', '00:00:00', 'production/shop', '0000000', 'build-phase.succeeded', ''];
