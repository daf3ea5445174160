import type { ChangeRow } from './change-rows.ts';
import { type Cell, csvOf } from './csv.ts';
import type { ExceptionRow } from './exception-rows.ts';
import type { Totals } from './population.ts';

/**
 * The columns. `row` and `count` come first: `change` or `exception` and 1, or `total: <of what>` and how many, at the
 * end of the table and with its other cells empty, so that a reader of CSV reads totals as the rows that they are.
 */
type Columns<Row> = { [column: string]: (row: Row) => Cell };

const changeColumns: Columns<ChangeRow> = {
  environment: ({ environment }) => environment,
  service: ({ service }) => service,
  release: ({ release }) => release,
  commit: ({ commit }) => commit,
  repository: ({ repository }) => repository,
  branch: ({ branch }) => branch,
  author_claimed: ({ author }) => author,
  pusher: ({ pusher }) => pusher,
  pull_request: ({ pullRequest }) => pullRequest,
  pull_request_by: ({ pullRequestBy }) => pullRequestBy,
  approvers: ({ approvers }) => approvers,
  approvals: ({ approvals }) => approvals,
  tickets: ({ tickets }) => tickets,
  execution: ({ execution }) => execution,
  build: ({ build }) => build,
  tests: ({ tests }) => tests,
  pushed: ({ pushed }) => pushed,
  started: ({ started }) => started,
  reached: ({ reached }) => reached,
  lead_time_seconds: ({ leadSeconds }) => leadSeconds,
  outcome: ({ outcome }) => outcome,
  by_rollback: ({ byRollback }) => byRollback,
  rolled_back_at: ({ rolledBack }) => rolledBack?.at ?? null,
  rolled_back_why: ({ rolledBack }) => rolledBack?.why ?? null,
  rolled_back_to: ({ rolledBack }) => rolledBack?.to ?? null,
  entries: ({ entries }) => entries.join(' '),
};

const exceptionColumns: Columns<ExceptionRow> = {
  exception: ({ kind }) => kind,
  at: ({ at }) => at,
  who: ({ who }) => who,
  environment: ({ environment }) => environment,
  service: ({ service }) => service,
  repository: ({ repository }) => repository,
  release: ({ release }) => release,
  commit: ({ commit }) => commit,
  what: ({ what }) => what,
  why: ({ why }) => why,
  entries: ({ entries }) => entries.join(' '),
};

const table = <Row>(name: string, columns: Columns<Row>, rows: readonly Row[], totals: [string, number][]): string => {
  const names = Object.keys(columns);
  const cells = rows.map((row) => [name, 1, ...Object.values(columns).map((cell) => cell(row))]);
  const sums = totals.map(([what, count]) => [`total: ${what}`, count, ...names.map(() => null)]);
  return csvOf(['row', 'count', ...names], [...cells, ...sums]);
};

const read = ({ entries }: Totals): [string, number][] => [
  ['entries read', entries.count],
  ...(entries.first === null || entries.last === null
    ? []
    : ([
        ['first entry (seq)', entries.first],
        ['last entry (seq)', entries.last],
      ] satisfies [string, number][])),
];

/** `changes.csv`: a row for each release and environment, and what they add up to. */
export const changesCsv = (rows: readonly ChangeRow[], totals: Totals): string =>
  table('change', changeColumns, rows, [
    ['changes', totals.releases],
    ...Object.entries(totals.outcomes).map(([outcome, count]): [string, number] => [`outcome ${outcome}`, count]),
    ['by rollback or redeploy', totals.byRollback],
    ...read(totals),
  ]);

/** `exceptions.csv`: a row for each exception, and what they add up to. */
export const exceptionsCsv = (rows: readonly ExceptionRow[], totals: Totals): string =>
  table('exception', exceptionColumns, rows, [
    ['exceptions', rows.length],
    ...Object.entries(totals.exceptions).map(([kind, count]): [string, number] => [`exception ${kind}`, count]),
    ['moves of branches that releases come from', totals.branchMoves.count],
    ['of these, whether forced is not known', totals.branchMoves.unknown],
    ...read(totals),
  ]);
