import { named } from '../ladder/per.ts';
import type { Alert } from '../ladder/events.ts';
import type { Message } from './message.ts';
import { ascii, plain } from './plain.ts';

/** SNS: a subject has at most 100 characters, printable ASCII, no line break. */
const subjectAtMost = 100;
/** One text message, whatever the network. */
const shortAtMost = 140;

/** What people read. Everything needed to act stands in it: no link has to be followed first. */
export const textOf = (message: Message): { subject: string; body: string; short: string } => {
  const { alert, also, more } = message;
  const lines = [
    plain(alert.headline),
    '',
    ...row('service', whereOf(alert)),
    ...row('since', `${message.since}${message.number === 1 ? '' : `, message ${message.number} about it`}`),
    ...row('commit', commitOf(alert)),
    ...row('author', alert.author),
    ...row('failing', alert.failing.map((check) => named(check, alert.targets)).join(', ')),
    ...listed('done', alert.done),
    ...listed('also', more === 0 ? also : [...also, `and ${more} more`]),
    ...row('next', alert.next),
    ...row('why', alert.incident === null ? null : `escalator why ${alert.incident}`),
    ...row('ack', message.state === 'open' && message.severity === 'page' ? ackOf(message) : null),
  ];
  const title = `[${message.state === 'over' ? 'over' : message.severity}] ${alert.headline}`;
  return { subject: ascii(title, subjectAtMost), body: lines.join('\n'), short: ascii(title, shortAtMost) };
};

/** How to stop it from being told again. */
const ackOf = ({ alert, id }: Message): string => `escalator ack ${alert.incident ?? id} --why TEXT`;

export const whereOf = ({ service, environment }: Alert): string =>
  [service, environment].filter((name) => name !== '').join(' in ');

const row = (name: string, text: string | null): string[] =>
  text === null || text === '' ? [] : [`${`${name}:`.padEnd(9)}${plain(text)}`];

const listed = (name: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `  ${plain(line)}`)];

export const commitOf = ({ change, subject }: Alert): string | null =>
  change === null ? null : `${change.commit.slice(0, 7)}${subject === null ? '' : ` ${subject}`}`;
