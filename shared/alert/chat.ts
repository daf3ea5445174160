import type { Alert } from '../ladder/events.ts';
import { inUtc } from '../trail/in-utc.ts';
import type { Background } from './background.ts';
import type { Message } from './message.ts';
import { cut, foreign, plain } from './plain.ts';
import { ackOf, commitOf, pullOf, whereOf } from './text.ts';

/**
 * A custom notification, which Amazon Q Developer in chat applications turns into a message in Slack or Teams: one
 * thread an incident ("Custom notifications using Amazon Q Developer in chat applications", administrator guide).
 */
export type ChatNotification = {
  version: '1.0';
  source: 'custom';
  id: string;
  content: { textType: 'client-markdown'; title: string; description: string; nextSteps: string[]; keywords: string[] };
  metadata: { threadId: string; summary: string; eventType: string; additionalContext: { [name: string]: string } };
};

/** As long as chat applications show (characters), and as many of each: what is longer they cut or refuse. */
const atMost = { title: 250, description: 8_000, step: 350, steps: 10 };

export const chatOf = (message: Message): ChatNotification => {
  const { alert, severity, state } = message;
  const headline = wordsOf(alert)(alert.headline);
  return {
    version: '1.0',
    source: 'custom',
    id: message.id,
    content: {
      textType: 'client-markdown',
      title: cut(`${signOf(message)} ${headline}`, atMost.title),
      description: cut(linesOf(message).join('\n') || headline, atMost.description),
      nextSteps: stepsOf(message).slice(0, atMost.steps),
      keywords: [
        state === 'over' ? 'over' : severity,
        ...[alert.environment, alert.service].filter((name) => name !== ''),
      ],
    },
    metadata: {
      threadId: message.thread,
      summary: cut(headline, atMost.title),
      eventType: state === 'over' ? 'over' : message.why,
      additionalContext: { severity, where: whereOf(alert), number: String(message.number) },
    },
  };
};

/** Of one entry even the headline quotes others. */
const wordsOf = ({ news }: Alert): ((text: string) => string) => (news === undefined ? quiet : others);

const newsOf = ({ news }: Alert): string[] =>
  news === undefined
    ? []
    : [
        ...(news.who === null ? [] : [`*who* ${others(news.who)}`]),
        `*when* ${inUtc(news.at)}, ${quiet(news.where)}`,
        `*entry* escalator entry ${news.seq}`,
      ];

const linesOf = ({ alert, also, background }: Message): string[] => [
  ...newsOf(alert),
  ...(alert.failing.length === 0 ? [] : [`*failing* ${alert.failing.map(quiet).join(', ')}`]),
  ...(alert.change === null
    ? []
    : [`*commit* ${others(commitOf(alert) ?? '')}, by ${others(alert.author ?? 'nobody known')}`]),
  ...foundOf(background),
  ...alert.done.map((deed) => `• ${quiet(deed)}`),
  ...also.map((other) => `• ${wordsOf(alert)(other)}`),
];

const suspectsAtMost = 3;

const foundOf = (background: Background | undefined): string[] => {
  if (background === undefined) return [];
  const { suspects, failed, lastGood } = background;
  const pull = pullOf(background);
  return [
    ...(pull === null ? [] : [`*pull request* ${others(pull)}`]),
    ...suspects.slice(0, suspectsAtMost).map(({ what, why }, n) => `*suspect ${n + 1}* ${others(what)}: ${quiet(why)}`),
    ...(failed === null ? [] : [`*failed* ${others(failed.what)}${failed.log === null ? '' : ` ${failed.log}`}`]),
    ...(lastGood === null ? [] : [`*last good* ${lastGood.commit.slice(0, 7)} ${others(lastGood.subject ?? '')}`]),
  ];
};

/** Commands and addresses of ours stay as they are: they are to be copied and followed. */
const stepsOf = (message: Message): string[] => {
  const { alert, background } = message;
  const { page = null, runbook = null } = background?.links ?? {};
  const ack = ackOf(message);
  return [
    cut(quiet(alert.next), atMost.step),
    ...(ack === null ? [] : [ack]),
    ...(background?.stop.slice(0, 1) ?? []).map(({ command, does }) => `${command} (${does})`),
    ...[page, runbook].filter((link) => link !== null && link.length <= atMost.step).map(String),
  ];
};

const signOf = ({ state, severity }: Message): string => {
  if (state === 'over') return ':white_check_mark:';
  return { page: ':rotating_light:', ticket: ':warning:', info: ':information_source:' }[severity];
};

/** Nothing in it is marked up, leads anywhere, or calls anybody. */
const quiet = (text: string): string => unmarked(plain(text));

/** The same of what a commit or a pull request says. */
const others = (text: string): string => unmarked(foreign(text));

const unmarked = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '(at)')
    .replaceAll(/[*_~`|]/g, (mark) => `\u200b${mark}\u200b`)
    .replaceAll(/\]\(/g, '] (');
