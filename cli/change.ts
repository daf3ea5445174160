import type { ChangeAnswer, Phase, WorkAnswer } from '../shared/question/answers.ts';
import { printField, type Terminal } from './terminal.ts';
import { plain, short, spanOf, table, timeOf } from './text.ts';

/** What stands beside the executions of a change: how it came, what it set going, where it got to, who did what. */

export const outcomeOf = ({ outcome, endedAt }: Phase): string => (endedAt === null ? 'under way' : outcome);

export const lasted = ({ startedAt, endedAt }: Phase, now: Date): string =>
  startedAt === null
    ? ''
    : spanOf(Math.max(0, (endedAt === null ? now.getTime() : Date.parse(endedAt)) - Date.parse(startedAt)));

/** The pull requests that it came by, each with who approved which commit of it. */
export const printPulls = (terminal: Terminal, { pulls }: ChangeAnswer): void => {
  for (const { id, title, status, approvals } of pulls) {
    printField(terminal, 'pull', `${id}  ${status}${title === null ? '' : `  ${title}`}`);
    for (const { by, commit, revoked, entries } of approvals) {
      const taken = revoked ? ', and took it back' : '';
      printField(terminal, 'approved', `by ${by}, ${short(commit)}${taken}  (${receipts(entries)})`);
    }
  }
};

/** Builds, deployments and stacks. */
export const printWork = (terminal: Terminal, { builds, deployments, stacks }: ChangeAnswer): void => {
  const rows = [...rowsOf('build', builds), ...rowsOf('deployment', deployments), ...rowsOf('stack', stacks)];
  if (rows.length === 0) return;
  terminal.print('');
  for (const line of table(rows, terminal.width)) terminal.print(line);
};

const rowsOf = (noun: string, works: WorkAnswer[]): string[][] =>
  works.map((work) => [
    `${noun} ${work.id.split(/[/:]build\/|:stack\//).at(-1) ?? work.id}`,
    outcomeOf(work),
    receipts(work.entries),
    work.reason ?? '',
  ]);

/** The environments it reached, whether it was rolled back there, and what failed after it had come. */
export const printReached = (terminal: Terminal, answer: ChangeAnswer): void => {
  const now = terminal.now();
  for (const { id, status, lastGood, byRollback } of answer.releases) {
    const note = [lastGood ? 'last good' : '', byRollback ? 'by a rollback' : ''].filter(Boolean).join(', ');
    printField(terminal, 'release', `${id}  ${status}${note === '' ? '' : ` (${note})`}`);
  }
  for (const { environment, service, at, to } of answer.rolledBack)
    printField(terminal, 'back', `${environment}/${service} went back to ${short(to)} at ${timeOf(at, now)}`);
  for (const { id, status } of answer.incidents)
    printField(terminal, 'incident', `${id}  ${status}  (escalator why ${id})`);
  for (const { alarm, at, seq, reason } of answer.alarms)
    printField(terminal, 'alarm', `${alarm} at ${timeOf(at, now)}  (#${seq})${reason === null ? '' : `  ${reason}`}`);
};

/** One line for one act, though an event and a call may both tell of it: the entries that do are named. */
export const printActs = (terminal: Terminal, { acts }: ChangeAnswer): void => {
  if (acts.length === 0) return;
  const now = terminal.now();
  terminal.print('');
  const rows = acts.map(({ at, by, says, comment, entries }) => [
    timeOf(at, now),
    plain(by),
    receipts(entries),
    `${says}${comment === null || says.includes(comment) ? '' : `: ${comment}`}`,
  ]);
  for (const line of table([['WHEN', 'BY', 'ENTRIES', 'WHAT'], ...rows], terminal.width)) terminal.print(line);
};

/** What whoever made it was told of it, and what came of each comment. */
export const printTold = (terminal: Terminal, { told }: ChangeAnswer): void => {
  if (told.length === 0) return;
  const now = terminal.now();
  terminal.print('');
  const rows = told.map(({ at, by, says, outcome, reason, entries }) => [
    timeOf(at, now),
    `${by}${outcome === null ? '' : `, ${outcome}`}`,
    receipts(entries),
    `${says}${reason === null ? '' : ` (${reason})`}`,
  ]);
  for (const line of table([['TOLD', 'BY', 'ENTRIES', 'WHAT'], ...rows], terminal.width)) terminal.print(line);
};

const receipts = (entries: number[]): string => entries.map((seq) => `#${seq}`).join(' ');
