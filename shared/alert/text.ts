import type { Alert } from '../ladder/events.ts';

/** SNS: a subject has at most 100 characters, printable ASCII, no line break; a message at most 256 KB. */
const subjectAtMost = 100;
const bodyAtMost = 200_000;

/** What people read. Everything needed to act stands in it: no link has to be followed first. */
export const alertText = (alert: Alert): { subject: string; body: string } => {
  const lines = [
    plain(alert.headline),
    '',
    ...row('service', `${alert.service} in ${alert.environment}`),
    ...row('commit', commitOf(alert)),
    ...row('author', alert.author),
    ...row('failing', alert.failing.join(', ')),
    ...(alert.done.length === 0 ? [] : ['done:', ...alert.done.map((deed) => `  ${plain(deed)}`)]),
    ...row('next', alert.next),
    ...row('why', alert.incident === null ? null : `escalator why ${alert.incident}`),
  ];
  return { subject: subjectOf(alert), body: lines.join('\n').slice(0, bodyAtMost) };
};

const row = (name: string, text: string | null): string[] =>
  text === null || text === '' ? [] : [`${`${name}:`.padEnd(9)}${plain(text)}`];

const commitOf = ({ change, subject }: Alert): string | null =>
  change === null ? null : `${change.commit.slice(0, 7)}${subject === null ? '' : ` ${subject}`}`;

const subjectOf = (alert: Alert): string => {
  const text = `[${alert.severity}] ${plain(alert.headline)}`.replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length <= subjectAtMost ? text : `${text.slice(0, subjectAtMost - 3)}...`;
};

/** Commit messages are other people's text: no line breaks, control characters or direction marks get through. */
const plain = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
