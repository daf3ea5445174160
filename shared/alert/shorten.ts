import type { Background } from './background.ts';
import type { Message } from './message.ts';
import { cut } from './plain.ts';

/** How long each text of a message may be (bytes), and how many items each list of it may have. */
export type Room = { each: number; items: number };

/** How a text, and a list, are made to fit. */
type Fit = {
  text: <T extends string | null>(text: T) => T;
  list: <T>(list: T[]) => T[];
  texts: (list: string[]) => string[];
};

/**
 * A message without what there is no room for. Texts are cut at their ends, lists keep their first items, and what was
 * done its newest; names, addresses and commands stay whole: half of one leads nowhere.
 */
export const shortened = (message: Message, room: Room): Message => {
  const fit = fitTo(room);
  const { alert, also, more, background, of } = message;
  return {
    ...message,
    alert: {
      ...alert,
      headline: fit.text(alert.headline),
      author: fit.text(alert.author),
      subject: fit.text(alert.subject),
      failing: fit.texts(alert.failing),
      done: alert.done.slice(-room.items).map(fit.text),
      next: fit.text(alert.next),
      ...(alert.news && {
        news: { ...alert.news, who: fit.text(alert.news.who), where: fit.text(alert.news.where) },
      }),
    },
    also: fit.texts(also),
    more: more + Math.max(0, also.length - room.items),
    ...(of && { of: { ...of, authors: fit.texts(of.authors), pusher: fit.text(of.pusher) } }),
    ...(background && { background: shortBackground(background, fit) }),
  };
};

const fitTo = ({ each, items }: Room): Fit => {
  const text: Fit['text'] = (long) => (typeof long === 'string' ? (cut(long, each) as typeof long) : long);
  const list: Fit['list'] = (all) => all.slice(0, items);
  return { text, list, texts: (all) => list(all).map(text) };
};

const shortBackground = (background: Background, { text, list, texts }: Fit): Background => {
  const { failing, suspects, failed, pull, running, lastGood } = background;
  const ofRelease = (release: Background['running']): Background['running'] =>
    release && { ...release, author: text(release.author), subject: text(release.subject) };
  return {
    ...background,
    failing: list(failing).map((one) => ({ ...one, source: text(one.source), reason: text(one.reason) })),
    suspects: list(suspects).map((one) => ({ ...one, what: text(one.what), by: text(one.by), why: text(one.why) })),
    failed: failed && { ...failed, what: text(failed.what) },
    pull: pull && {
      id: text(pull.id),
      title: text(pull.title),
      author: text(pull.author),
      approvedBy: texts(pull.approvedBy),
    },
    running: ofRelease(running),
    lastGood: ofRelease(lastGood),
    doing: text(background.doing),
  };
};
