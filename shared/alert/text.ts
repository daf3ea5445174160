import type { Alert } from '../ladder/events.ts';
import { named } from '../ladder/per.ts';

/** SNS: a subject has at most 100 characters, printable ASCII, no line break; a message at most 256 KB. */
const subjectAtMost = 100;
const bodyAtMostBytes = 256 * 1024;

/** What people read. Everything needed to act stands in it: no link has to be followed first. */
export const alertText = (alert: Alert): { subject: string; body: string } => {
  const lines = [
    plain(alert.headline),
    '',
    ...row('service', [alert.service, alert.environment].filter((name) => name !== '').join(' in ')),
    ...row('commit', commitOf(alert)),
    ...row('author', alert.author),
    ...row('failing', alert.failing.map((check) => named(check, alert.targets)).join(', ')),
    ...(alert.done.length === 0 ? [] : ['done:', ...alert.done.map((deed) => `  ${plain(deed)}`)]),
    ...row('next', alert.next),
    ...row('why', alert.incident === null ? null : `escalator why ${alert.incident}`),
  ];
  return { subject: subjectOf(alert), body: atMost(lines.join('\n'), bodyAtMostBytes) };
};

const row = (name: string, text: string | null): string[] =>
  text === null || text === '' ? [] : [`${`${name}:`.padEnd(9)}${plain(text)}`];

const commitOf = ({ change, subject }: Alert): string | null =>
  change === null ? null : `${change.commit.slice(0, 7)}${subject === null ? '' : ` ${subject}`}`;

const subjectOf = (alert: Alert): string => {
  const text = `[${alert.severity}] ${plain(alert.headline)}`.replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length <= subjectAtMost ? text : `${text.slice(0, subjectAtMost - 3)}...`;
};

/** SNS counts bytes. A character that would be cut in half goes as a whole. */
const atMost = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text);
  if (encoded.byteLength <= bytes) return text;
  return new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd$/, '');
};

/** Commit messages are other people's text: no line breaks, control characters or direction marks get through. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
