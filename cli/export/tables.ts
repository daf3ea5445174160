import { finish, newPopulation, take, type Tables } from '../../shared/population/population.ts';
import { changesCsv, exceptionsCsv } from '../../shared/population/tables.ts';
import type { Run } from '../../shared/proof/gaps.ts';
import type { TrailRecord } from '../../shared/trail/entry.ts';
import { files } from '../../shared/verify/source.ts';
import type { Asked } from './asked.ts';
import { type Summary, type Table, verifyPage } from './page.ts';
import type { PackWriter } from './writer.ts';

/** What the tables and the page say of the export itself. */
export type About = { origin: string; asked: Asked; by: string; now: Date; entries: number; runs: Run[] };

/** What an audit asks for first, added up entry by entry; then the page to read it on. */
export const startTables = () => {
  const population = newPopulation();
  return {
    take: (record: TrailRecord): void => take(population, record),
    write: async (pack: PackWriter, about: About): Promise<void> => {
      const tables = finish(population);
      pack.file(files.changes, changesCsv(tables.changes, tables.totals));
      pack.file(files.exceptions, exceptionsCsv(tables.exceptions, tables.totals));
      pack.file(files.page, await verifyPage(summaryOf(about, tables)));
    },
  };
};

/** Rows that the page shows; all of them stand in the files. */
const rowsShown = 200;

const summaryOf = ({ origin, asked, by, now, entries, runs }: About, tables: Tables): Summary => {
  const last = runs.at(-1);
  return {
    origin,
    by,
    at: now.toISOString(),
    asked,
    entries,
    first: runs[0]?.first ?? null,
    last: last === undefined ? null : last.first + last.count - 1,
    totals: totalsOf(tables),
    changes: changesTable(tables),
    exceptions: exceptionsTable(tables),
  };
};

const totalsOf = ({ totals }: Tables): Summary['totals'] => [
  { label: 'rolled back', count: totals.outcomes['rolled-back'] },
];

/** What people call it: the last part of an ARN. The files have all of it. */
const called = (who: string | null): string => who?.replace(/^arn:\S*[:/](?=[^\s:/]+)/, '') ?? '';

const short = (commit: string | null): string => commit?.slice(0, 7) ?? '';

const changesTable = ({ changes }: Tables): Table => ({
  columns: [
    'Where',
    'Commit',
    'Author, as claimed',
    'Pushed by',
    'Pull request',
    'Approved by',
    'Tickets',
    'Reached',
    'Outcome',
  ],
  rows: changes
    .slice(-rowsShown)
    .map((row) => [
      `${row.environment}/${row.service}`,
      short(row.commit),
      row.author ?? '',
      called(row.pusher),
      row.pullRequest ?? '',
      row.approvers.map(called).join(', '),
      row.tickets.join(', '),
      row.reached,
      row.outcome,
    ]),
  total: changes.length,
});

const exceptionsTable = ({ exceptions }: Tables): Table => ({
  columns: ['What', 'Where', 'Commit', 'When', 'Who', 'Why it is one', 'Entries'],
  rows: exceptions
    .slice(-rowsShown)
    .map((row) => [
      row.kind,
      row.environment ?? row.repository ?? '',
      short(row.commit),
      row.at,
      called(row.who),
      row.why,
      row.entries.join(' '),
    ]),
  total: exceptions.length,
});
