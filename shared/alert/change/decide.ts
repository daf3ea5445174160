import type { Instant } from '../../trail/entry.ts';
import type { Message } from '../message.ts';
import { type Comment, commentOn } from './comment.ts';
import type { ChangeInput } from './input.ts';
import { messagesOf } from './message-of.ts';
import { unexplained } from './news-of.ts';
import { type Piece, piecesOf, planComments, planMessages, type Tellers } from './plan.ts';
import type { Changes } from './state.ts';
import { takeIn } from './take-in.ts';

/** Why developers are told something now, or not, or not yet. */
export type ChangeOutcome =
  | 'news'
  | 'taken-in'
  | 'found-late'
  | 'reason-awaited'
  | 'group-wait'
  | 'group-interval'
  | 'nothing-new'
  | 'not-followed'
  | 'taken-in-already'
  | 'old-timer';

/** The news that need not go a way any more, by `<commit> <key>`, and who was told. */
export type Settled = { topic: string[]; comment: string[]; whose: string[] };

export type ChangeDecision = {
  outcome: ChangeOutcome;
  /** false where it changes nothing: the same entry again, a change that nobody follows */
  recorded: boolean;
  messages: Message[];
  comments: Comment[];
  settled: Settled;
  /** when to look again; null where there is nothing to look for */
  due: Instant | null;
};

/**
 * Decides what developers are told of their changes now, by a message or on the commit itself, and when to look again:
 * from the state, an input, and the time.
 */
export const decide = (
  group: string,
  state: Changes,
  input: ChangeInput,
  now: Instant,
  tellers: Tellers,
): ChangeDecision => {
  if (input.type === 'change' && input.seq <= state.seen) return unrecorded('taken-in-already');
  if (input.type === 'timer' && state.timer?.version !== input.version) return unrecorded('old-timer');
  const taken = takeIn(state, input, now);
  if (input.type === 'change' && taken === state) return unrecorded('not-followed');
  const pieces = piecesOf(taken);
  const tell = planMessages(pieces, taken, now, tellers);
  const say = planComments(pieces, now, tellers);
  const version = `${group}#${state.version + 1}`;
  return {
    outcome: tell.now.length + say.now.length > 0 ? 'news' : whyNot(state, taken, input),
    recorded: true,
    messages: messagesOf(version, tell.now, tellers.developers.to ?? ''),
    comments: say.now.map((piece, index) => commentOn(piece, `${version}/${index + 1}`)),
    settled: {
      topic: idsOf([...tell.never, ...tell.now]),
      comment: idsOf([...say.never, ...say.now]),
      whose: [...new Set(tell.now.map(({ whose }) => whose))],
    },
    due: [...tell.later, ...say.later].toSorted()[0] ?? null,
  };
};

const unrecorded = (outcome: ChangeOutcome): ChangeDecision => ({
  outcome,
  recorded: false,
  messages: [],
  comments: [],
  settled: { topic: [], comment: [], whose: [] },
  due: null,
});

const idsOf = (pieces: Piece[]): string[] => pieces.map(({ id }) => id);

/** Why nothing is told of what an input brought. */
const whyNot = (before: Changes, taken: Changes, input: ChangeInput): ChangeOutcome => {
  const known = new Set(idsOf(piecesOf(before)));
  const pieces = piecesOf(taken);
  const fresh = input.type === 'timer' ? pieces : pieces.filter(({ id }) => !known.has(id));
  const [first] = fresh;
  if (first === undefined) return input.type === 'timer' ? 'nothing-new' : withoutNews(before, taken);
  if (first.news.says === unexplained) return 'reason-awaited';
  return (taken.told[first.whose] ?? []).length > 0 ? 'group-interval' : 'group-wait';
};

/** What came too late to be news is known from now on all the same. */
const withoutNews = (before: Changes, taken: Changes): ChangeOutcome => {
  const count = ({ changes }: Changes): number => changes.reduce((sum, { known }) => sum + known.length, 0);
  return count(taken) > count(before) ? 'found-late' : 'taken-in';
};
