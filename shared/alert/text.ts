import { named } from '../ladder/per.ts';
import type { Alert } from '../ladder/events.ts';
import type { ReleaseStands } from '../question/ladders.ts';
import { inUtc } from '../trail/in-utc.ts';
import { lasting } from '../trail/lasting.ts';
import { msBetween } from '../trail/time.ts';
import type { Background, FailingCheck } from './background.ts';
import type { Message } from './message.ts';
import { ascii, foreign, plain } from './plain.ts';
import type { Suspect } from './suspects.ts';

/** SNS: a subject has fewer than 100 characters, printable ASCII, no line break. */
const subjectAtMost = 99;
/** One text message, whatever the network. */
const shortAtMost = 140;

/** What people read. Everything needed to act stands in it: no link has to be followed first. */
export const textOf = (message: Message): { subject: string; body: string; short: string } => {
  const { alert, state, severity } = message;
  const title = `[${state === 'over' ? 'over' : severity}] ${alert.headline}`;
  const said = wordsOf(alert);
  const parts = [[said(alert.headline)], about(message), ...looked(message), told(message), commands(message)];
  const body = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return {
    subject: ascii(title, subjectAtMost),
    body: body.join('\n\n'),
    short: ascii(said(title).replaceAll('\u200b', ' '), shortAtMost),
  };
};

/** What a ladder says of itself is ours; of one entry even the headline quotes others, and leads nowhere. */
const wordsOf = ({ news }: Alert): ((text: string) => string) => (news === undefined ? plain : foreign);

const about = (message: Message): string[] => {
  const { alert, number } = message;
  return [
    ...row('service', whereOf(alert)),
    ...newsRows(alert),
    ...row('since', `${inUtc(message.since)}${number === 1 ? '' : `, message ${number} about it`}`),
    ...row('commit', commitOf(alert), foreign),
    ...row('author', alert.author, foreign),
    ...row('pull', pullOf(message.background), foreign),
    ...row('failing', alert.failing.map((check) => named(check, alert.targets)).join(', ')),
  ];
};

/** Of one entry: who did it, when and where, and how to see all of it. */
const newsRows = ({ news }: Alert): string[] =>
  news === undefined
    ? []
    : [
        ...row('who', news.who, foreign),
        ...row('when', inUtc(news.at)),
        ...row('where', news.where),
        ...row('entry', `escalator entry ${news.seq}`),
      ];

const looked = ({ background, state }: Message): string[][] => {
  if (background === undefined) return [];
  const { failing, suspects, failed, running, lastGood, began } = background;
  return [
    failing.flatMap((one) => failingLines(one, background)),
    began === null || state === 'over' ? [] : suspectLines(suspects),
    failed === null
      ? []
      : [...row('failed', `${failed.what}, at ${inUtc(failed.at)}`, foreign), ...ours('log', failed.log)],
    [
      ...row('runs', releaseIn(running), foreign),
      ...row('good', state === 'over' || running === null ? null : goodIn(lastGood), foreign),
    ],
  ];
};

const goodIn = (lastGood: ReleaseStands | null): string => releaseIn(lastGood) ?? 'none that may be gone back to';

const failingLines = ({ check, source, since, reason, link }: FailingCheck, { at }: Background): string[] => [
  ...row('check', `${check} fails since ${inUtc(since)}, for ${lasting(msBetween(since, at))}: ${source}`),
  ...row('', reason),
  ...ours('', link),
];

const suspectLines = (suspects: Suspect[]): string[] =>
  suspects.length === 0
    ? ['suspects: nothing on record changed in the hour before']
    : ['suspects, the likeliest first:', ...suspects.flatMap((suspect, index) => suspectIn(suspect, index + 1))];

const suspectIn = ({ what, by, at, why }: Suspect, place: number): string[] => [
  `  ${place}. ${foreign(what)}${by === null ? '' : `, by ${plain(by)}`}, at ${inUtc(at)}`,
  `     because ${plain(why)}`,
];

const told = ({ alert, also, more, background }: Message): string[] => [
  ...listed('done', alert.done),
  ...listed('also', (more === 0 ? also : [...also, `and ${more} more`]).map(wordsOf(alert))),
  ...row('doing', background?.doing ?? null),
  ...row('next', `${alert.next}${atLatest(background)}`),
];

/** What was raised says in how many seconds; a person who reads it later needs the time. */
const atLatest = (background: Background | undefined): string => {
  const at = background?.next?.at ?? null;
  return at === null ? '' : ` (by ${inUtc(at)})`;
};

const commands = (message: Message): string[] => {
  const { alert, background } = message;
  const { stop = [], links } = background ?? {};
  return [
    ...row('why', alert.incident === null ? null : `escalator why ${alert.incident}`),
    ...row('ack', ackOf(message)),
    ...(stop.length === 0 ? [] : ['stop:', ...stop.map(({ does, command }) => `  ${command}   # ${does}`)]),
    ...ours('page', links?.page ?? null),
    ...ours('runbook', links?.runbook ?? null),
  ];
};

/** How to stop a page from being told again; null where it is none. */
export const ackOf = ({ alert, id, state, severity }: Message): string | null =>
  state === 'open' && severity === 'page' ? `escalator ack ${alert.incident ?? id} --why TEXT` : null;

export const whereOf = ({ service, environment }: Alert): string =>
  [service, environment].filter((name) => name !== '').join(' in ');

const label = (name: string): string => (name === '' ? '' : `${name}:`).padEnd(9);

const row = (name: string, text: string | null, safe = plain): string[] =>
  text === null || text === '' ? [] : [`${label(name)}${safe(text)}`];

/** An address or a command of ours is not other people's text: it stays one that can be followed. */
const ours = (name: string, address: string | null): string[] => (address === null ? [] : [`${label(name)}${address}`]);

const listed = (name: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `  ${plain(line)}`)];

export const commitOf = ({ change, subject }: Alert): string | null =>
  change === null ? null : `${change.commit.slice(0, 7)}${subject === null ? '' : ` ${subject}`}`;

const releaseIn = (release: ReleaseStands | null): string | null =>
  release === null
    ? null
    : `${release.commit.slice(0, 7)}${release.subject === null ? '' : ` ${release.subject}`}, since ${inUtc(release.since)}`;

export const pullOf = (background: Background | undefined): string | null => {
  const pull = background?.pull ?? null;
  if (pull === null) return null;
  const approved = pull.approvedBy.length === 0 ? 'approved by nobody' : `approved by ${pull.approvedBy.join(', ')}`;
  return `${pull.id}${pull.title === null ? '' : ` ${pull.title}`}, by ${pull.author ?? 'nobody known'}, ${approved}`;
};
