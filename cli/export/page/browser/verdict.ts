import type { Report } from '../../../../shared/verify/report.ts';
import { reportRows, verdicts } from '../../../../shared/verify/words.ts';
import { byId, made, say } from './dom.ts';

const [verdict, heading, code, about, other, rows, status, top] = [
  byId('verdict', HTMLElement),
  byId('verdict-heading', HTMLElement),
  byId('verdict-code', HTMLElement),
  byId('verdict-about', HTMLElement),
  byId('verdict-other', HTMLElement),
  byId('verdict-rows', HTMLElement),
  byId('status', HTMLElement),
  byId('top-verdict', HTMLElement),
];

/** What was checked: the name of the folder, whether this page came in it, and how long it took. */
export type Checked = { folder: string; isOwn: boolean; ms: number };

/** Shows what was found, in the words of `escalator verify`. */
export const showReport = (report: Report, { folder, isOwn, ms }: Checked): void => {
  const found = verdicts[report.exit];
  const first = report.firstBad === null ? '' : `; first bad: entry ${report.firstBad}`;
  verdict.hidden = false;
  other.hidden = isOwn;
  verdict.dataset['exit'] = String(report.exit);
  say(heading, found);
  say(code, `exit code ${report.exit}`);
  say(about, `The folder “${folder}”, checked in ${(ms / 1000).toFixed(1)} s. escalator verify says the same.`);
  rows.replaceChildren(...reportRows(report).flatMap(([label, text]) => [made('dt', label), made('dd', text)]));
  say(status, `Checked. Verdict: ${found}, exit code ${report.exit}${first}`);
  top.dataset['exit'] = String(report.exit);
  say(top, `The folder “${folder}” was checked: ${found}${first}`);
};

/** What was shown before is no longer about what is chosen now. */
export const clearReport = (): void => {
  verdict.hidden = true;
  delete top.dataset['exit'];
  say(top, 'Not checked yet');
};
