import type { Config } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { msBetween } from '../trail/time.ts';
import type { FailureClass } from '../watch/failure.ts';
import type { Message } from './message.ts';

/** Why a message goes by another topic as well: its own refuses it, or has not taken it for too long. */
export type WhySecond = 'refused' | 'late';

/** How long a topic may take no message before that goes by another one as well (ms). */
export const secondAfterMs = 60_000;

/**
 * Whether a message that a topic did not take now goes by another one as well, and why: at once where trying again does
 * not help (the topic is deleted, its key disabled, nobody may publish to it), else once it is a minute old.
 *
 * @param failed what came of the last try
 * @param since when it was decided that people are told
 */
export const whySecond = (failed: FailureClass, since: Instant, now: Instant): WhySecond | null => {
  if (failed === 'terminal') return 'refused';
  return msBetween(since, now) >= secondAfterMs ? 'late' : null;
};

/**
 * The topic that a message goes by when its own does not take it; null where there is none. That is the one that the
 * topic names (`second`); else, of what is no mere `info` and goes to a topic that incidents are routed to, the first
 * contact behind its routes, or the next topic of a route: those people are told of incidents anyway. Never one that gets
 * the message itself.
 */
export const secondRouteOf = (
  topic: string,
  { severity, to }: Pick<Message, 'severity' | 'to'>,
  { topics, routes }: Pick<Config, 'topics' | 'routes'>,
): string | null => {
  const named = topics[topic]?.second;
  if (named !== undefined) return to.includes(named) ? null : named;
  if (severity === 'info') return null;
  const behind = routes.filter((route) => route.to === topic).flatMap(contactsOf);
  if (!routes.some((route) => [route.to, ...contactsOf(route)].includes(topic))) return null;
  const others = [...behind, ...routes.map((route) => route.to)];
  return others.find((other) => other !== topic && !to.includes(other)) ?? null;
};

const contactsOf = ({ escalate = [] }: Config['routes'][number]): string[] => escalate.map((contact) => contact.to);

/** The message as it goes by another topic: whoever gets it is told why. */
export const byWayOf = (message: Message, topic: string, why: WhySecond): Message => ({
  ...message,
  also: [
    `you get this because topic ${topic} ${why === 'refused' ? 'refuses messages' : 'has not taken it for a minute'}`,
    ...message.also,
  ],
});
