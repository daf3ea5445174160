import type { Message } from './message.ts';
import { cut, plain } from './plain.ts';
import { commitOf, whereOf } from './text.ts';

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

export const chatOf = (message: Message): ChatNotification => {
  const { alert, severity, state } = message;
  const lines = [
    ...(alert.failing.length === 0 ? [] : [`*failing* ${alert.failing.map(quiet).join(', ')}`]),
    ...(alert.change === null
      ? []
      : [`*commit* ${quiet(commitOf(alert) ?? '')}, by ${quiet(alert.author ?? 'nobody known')}`]),
    ...alert.done.map((deed) => `• ${quiet(deed)}`),
    ...message.also.map((other) => `• ${quiet(other)}`),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id: message.id,
    content: {
      textType: 'client-markdown',
      title: cut(`${signOf(message)} ${quiet(alert.headline)}`, 250),
      description: cut(lines.join('\n') || quiet(alert.headline), 8_000),
      nextSteps: [cut(quiet(alert.next), 1_000)],
      keywords: [
        state === 'over' ? 'over' : severity,
        ...[alert.environment, alert.service].filter((name) => name !== ''),
      ],
    },
    metadata: {
      threadId: message.thread,
      summary: cut(quiet(alert.headline), 250),
      eventType: state === 'over' ? 'over' : message.why,
      additionalContext: { severity, where: whereOf(alert), number: String(message.number) },
    },
  };
};

const signOf = ({ state, severity }: Message): string => {
  if (state === 'over') return ':white_check_mark:';
  return { page: ':rotating_light:', ticket: ':warning:', info: ':information_source:' }[severity];
};

/** Nothing in it is marked up, leads anywhere, or calls anybody. */
const quiet = (text: string): string =>
  plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '(at)')
    .replaceAll(/[*_~`|]/g, (mark) => `\u200b${mark}\u200b`)
    .replaceAll(/\]\(/g, '] (');
