import type { Summary, Table } from '../../cli/export/page.ts';

export const tableOf = (columns: string[], rows: string[][]): Table => ({ columns, rows, total: rows.length });

/** What a page says, as of a small export. */
export const summaryOf = (over: Partial<Summary> = {}): Summary => ({
  origin: 'escalator/000000000000/us-east-1',
  by: 'ann',
  at: '2026-11-21T08:05:06.789Z',
  asked: { everything: true },
  entries: 41,
  first: 0,
  last: 40,
  totals: [{ label: 'rolled back', count: 1 }],
  changes: tableOf(['commit', 'outcome'], [['0123456789abcdef0123456789abcdef01234567', 'deployed']]),
  exceptions: tableOf(['what', 'when'], [['no pull request', '2026-11-21T04:05:06.789Z']]),
  ...over,
});
