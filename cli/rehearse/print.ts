import type { Differs, Line } from '../../shared/rehearse/line.ts';
import type { LadderReport, Report } from '../../shared/rehearse/report.ts';
import { colour, type Terminal } from '../terminal.ts';
import { plain, timeOf } from '../text.ts';

/** Columns where the output is no terminal, and at most: wider columns are hard to compare. */
const usualWidth = 100;
const widest = 160;
const indent = '  ';

/** What is printed: only what differs, or every decision. */
export type Printing = { every: boolean; by: string };

export const printReport = (terminal: Terminal, report: Report, printing: Printing): void => {
  for (const ladder of report.before) printBefore(terminal, ladder, printing);
  for (const ladder of report.ladders) printLadder(terminal, ladder, printing);
  for (const ladder of report.gone)
    terminal.print(`${plain(ladder)}  has no ladder in ${plain(printing.by)}: what it decided is left out`);
};

/** Of then nothing is on record to compare with: it is said what would have been decided. */
const printBefore = (
  terminal: Terminal,
  { ladder, lines, differs, unknown }: LadderReport,
  printing: Printing,
): void => {
  const known = `${counted(differs, 'decision')} would have been made, unknown from ${counted(unknown, 'moment')} on`;
  terminal.print(
    `${colour(terminal, 'bold', plain(ladder))}  before it was watched, by what was back-filled: ${known}`,
  );
  for (const line of lines) printLine(terminal, line, printing);
  if (lines.length > 0) terminal.print('');
};

const printLadder = (
  terminal: Terminal,
  { ladder, lines, same, differs, unknown }: LadderReport,
  printing: Printing,
) => {
  const summary = [
    `${counted(same, 'decision')} the same`,
    `${differs} otherwise`,
    ...(unknown === 0 ? [] : [`unknown from ${unknown === 1 ? 'one moment' : `${unknown} moments`} on`]),
  ];
  terminal.print(`${colour(terminal, 'bold', plain(ladder))}  ${summary.join(', ')}`);
  const told = printing.every ? lines : lines.filter(({ type }) => type !== 'same');
  for (const line of told) printLine(terminal, line, printing);
  if (told.length > 0) terminal.print('');
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const printLine = (terminal: Terminal, line: Line, printing: Printing): void => {
  const at = timeOf(line.at, terminal.now());
  switch (line.type) {
    case 'same':
      terminal.print(`${at}  ${colour(terminal, 'dim', 'the same')}  ${plain(line.on)}`);
      for (const said of line.recorded)
        wrapped(plain(said), widthOf(terminal) - 4).forEach((part) => terminal.print(`    ${part}`));
      return;
    case 'unknown':
      return print(terminal, `${at}  unknown from here: ${line.why}`, 'yellow');
    case 'again':
      return print(
        terminal,
        `${at}  exact again, with what is recorded: the ladder is at rest (${counted(line.passed, 'decision')} passed by)`,
        'green',
      );
    case 'differs':
      return printSides(terminal, line, at, printing);
  }
};

const print = (terminal: Terminal, text: string, name: 'yellow' | 'green'): void => {
  for (const part of wrapped(plain(text), widthOf(terminal))) terminal.print(colour(terminal, name, part));
};

const widthOf = ({ width }: Terminal): number => (Number.isFinite(width) ? Math.min(width, widest) : usualWidth);

const printSides = (terminal: Terminal, line: Differs, at: string, { by }: Printing): void => {
  terminal.print(colour(terminal, line.acts ? 'red' : 'bold', `${at}  ${plain(line.on)}`));
  const column = Math.max(20, Math.floor((widthOf(terminal) - indent.length - 3) / 2));
  const shared = new Set(line.recorded.filter((said) => line.rehearsed.includes(said)));
  const [left, right] = [
    ['as recorded', ...paragraphs(line.recorded, shared, column)],
    [`by ${plain(by)}`, ...paragraphs(line.rehearsed, shared, column)],
  ];
  for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
    const text = `${indent}${padded(left[row] ?? '', column)} | ${padded(right[row] ?? '', column)}`.trimEnd();
    terminal.print(row === 0 ? colour(terminal, 'dim', text) : text);
  }
  const why =
    line.why.length === 0 ? [] : wrapped(plain(`because of ${line.why.join(', ')}`), widthOf(terminal) - indent.length);
  for (const part of why) terminal.print(colour(terminal, 'cyan', `${indent}${part}`));
};

/** What both sides say is told in one line each: what matters is what they do not both say. */
const paragraphs = (said: string[], shared: Set<string>, width: number): string[] =>
  (said.length === 0 ? ['nothing'] : said).flatMap((one) => {
    const lines = wrapped(plain(one), width);
    return shared.has(one) && lines.length > 1 ? [`${cut(lines[0] ?? '', width - 1)[0]}…`] : lines;
  });

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - Array.from(text).length));

/** Text in lines of at most `width` characters, broken between words, and within one that is longer. */
export const wrapped = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (lengthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cut(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
};

const lengthOf = (text: string): number => Array.from(text).length;

const cut = (word: string, width: number): string[] => {
  const characters = Array.from(word);
  const pieces: string[] = [];
  for (let from = 0; from < characters.length || from === 0; from += width)
    pieces.push(characters.slice(from, from + width).join(''));
  return pieces;
};
