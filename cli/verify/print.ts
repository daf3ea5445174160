import type { Report } from '../../shared/verify/report.ts';
import { reportRows } from '../../shared/verify/words.ts';
import { plain } from '../text.ts';

/** What verifying found, in lines for a person. */
export const reportLines = (report: Report): string[] =>
  reportRows(report).map(([label, text]) => `${label.padEnd(10)}${plain(text)}`);
