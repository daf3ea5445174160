import { styleText } from 'node:util';
import type { Exit } from '../shared/verify/report.ts';
import type { Api } from './api.ts';
import { plain, safeJson, table } from './text.ts';

/** What a command is given: where to ask, where to print, and the time. */
export type Terminal = {
  api: Api;
  /** one line of standard output */
  print: (line: string) => void;
  /** one line of standard error: remarks that are no part of the answer */
  remark: (line: string) => void;
  now: () => Date;
  /** resolves after `ms` */
  pause: (ms: number) => Promise<void>;
  /** colours are for eyes: never into a file or another program */
  colours: boolean;
  /** columns, where it is a terminal; Infinity else: another program wants whole lines */
  width: number;
  stdin: () => AsyncIterable<Buffer>;
};

/** Exit codes, for scripts. `verify` has codes of its own. */
export const exitCodes = { good: 0, bad: 1, usage: 2, waiting: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes] | Exit;

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

export const colour = ({ colours }: Terminal, name: Colour, text: string): string =>
  colours ? styleText(name, text, { validateStream: false }) : text;

/** Prints rows under headings, in line, or in words that there are none. */
export const printTable = (
  terminal: Terminal,
  headings: string[],
  rows: string[][],
  none: string,
  colourOf: (row: number) => Colour | null = () => null,
): void => {
  if (rows.length === 0) return terminal.print(none);
  const [head = '', ...lines] = table([headings, ...rows], terminal.width);
  terminal.print(colour(terminal, 'dim', head));
  for (const [index, line] of lines.entries()) {
    const name = colourOf(index);
    terminal.print(name === null ? line : colour(terminal, name, line));
  }
};

/** One JSON document: what the API answered. */
export const printJson = (terminal: Terminal, answer: unknown): void => terminal.print(safeJson(answer, 2));

/** `label    value`, left out where there is no value. */
export const printField = (terminal: Terminal, label: string, value: string | null | undefined): void => {
  if (value === null || value === undefined || value === '') return;
  terminal.print(`${colour(terminal, 'dim', label.padEnd(10))}${plain(value)}`);
};

/** The colour of how something stands: what is well, what is under way, what is not. */
export const colourOfStatus = (status: string): Colour | null => {
  if (['converged', 'self-healed', 'live', 'succeeded', 'running'].includes(status)) return 'green';
  if (['handed-over', 'failed', 'stopped', 'rolled-back', 'quarantined'].includes(status)) return 'red';
  if (['observed', 'superseded', 'replaced', 'canceled', 'unknown'].includes(status)) return 'dim';
  return 'yellow';
};
