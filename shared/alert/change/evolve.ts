import type { Instant } from '../../trail/entry.ts';
import { after } from '../../trail/time.ts';
import type { Settled } from './decide.ts';
import type { ChangeInput } from './input.ts';
import { burst } from './plan.ts';
import type { Changes, News, Tracked } from './state.ts';
import { takeIn } from './take-in.ts';

/** A version, as far as the state needs it. */
export type ChangesVersion = {
  version: number;
  input: ChangeInput;
  now: Instant;
  settled: Settled;
  due: Instant | null;
};

/** Longer ago than this (ms) nobody asks when somebody was told something. */
const toldKept = 86_400_000;

/** Folds a version into the state. */
export const evolve = (state: Changes, { version, input, now, settled, due }: ChangesVersion): Changes => {
  const taken = takeIn(state, input, now);
  return {
    ...taken,
    version,
    changes: taken.changes.map((change) => settledOf(change, settled)),
    told: toldOf(taken.told, settled.whose, now),
    timer: due === null ? null : { version, due },
  };
};

const settledOf = (change: Tracked, settled: Settled): Tracked => {
  const isIn = (list: string[], { key }: News): boolean => list.includes(`${change.commit} ${key}`);
  const told = change.news.filter((news) => news.to.topic && isIn(settled.topic, news)).length;
  const said = change.news.filter((news) => news.to.comment && isIn(settled.comment, news)).length;
  if (told + said === 0) return change;
  const news = change.news
    .map((one) => ({
      ...one,
      to: {
        topic: one.to.topic && !isIn(settled.topic, one),
        comment: one.to.comment && !isIn(settled.comment, one),
      },
    }))
    .filter(({ to }) => to.topic || to.comment);
  return { ...change, news, messages: change.messages + Math.min(told, 1), comments: change.comments + said };
};

const toldOf = (told: Changes['told'], whose: string[], now: Instant): Changes['told'] => {
  const kept = Object.entries(told).filter(([, times]) => after(times.at(-1) ?? '', toldKept) > now);
  const fresh = whose.map((who): [string, Instant[]] => [who, [...(told[who] ?? []), now].slice(-burst)]);
  return Object.fromEntries([...kept, ...fresh]);
};
