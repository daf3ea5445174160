import { text } from '../event/fields.ts';
import { approvalQuestion, buildArn, eventIn, type Told, whenOf } from './things.ts';

/**
 * What joins one thing to another: a build to its execution, an execution to its commit. Both are questions. A stack and
 * an approval are met again and again: they belong to an execution only for a time.
 */
export type Tie = { of: string; to: string; from: string | null; until: string | null };

/** What ties an entry tells. */
export const tiesOf = (entry: Told): Tie[] => {
  const { execution, change } = entry;
  if (execution === null) return [];
  const to = `execution:${execution}`;
  const commit: Tie[] = change === null ? [] : [always(to, `change:${change.commit}`)];
  return entry.kind.startsWith('action.') ? [...commit, ...startedBy(entry, to), ...approvedIn(entry, to)] : commit;
};

const always = (of: string, to: string): Tie => ({ of, to, from: null, until: null });

/** What an action says it started, by the id that its provider gave it. */
const startedBy = (entry: Told, to: string): Tie[] => {
  const { detail } = entry;
  const id = text(detail, 'externalId');
  if (id === null) return [];
  if (text(detail, 'provider') === 'CodeBuild')
    return [always(`subject:${buildArn(entry, id, text(detail, 'region'))}`, to)];
  if (/^d-|^ecs-svc\//.test(id)) return [always(`deployment:${id}`, to)];
  return isStack(id) ? [{ of: `subject:${id}`, to, ...whileItRan(entry) }] : [];
};

const isStack = (name: string): boolean => /^arn:[\w-]+:cloudformation:[^:]*:[^:]*:stack\//.test(name);

/** An hour is what an action takes where it does not say when it started. */
const usualMs = 3_600_000;
const slackMs = 60_000;

/** A stack's events may be a little older or younger than its action's: two clocks, and whole seconds. */
const whileItRan = (entry: Told): Pick<Tie, 'from' | 'until'> => {
  const ended = whenOf(entry);
  const started = Date.parse(text(eventIn(entry), 'start-time') ?? '');
  const from = Number.isNaN(started) ? shifted(ended, -usualMs) : new Date(started - slackMs).toISOString();
  return { from, until: shifted(ended, slackMs) };
};

/** Who approved stands only on the call, which names the action and not its execution: it came just before the end. */
const approvedIn = (entry: Told, to: string): Tie[] => {
  const { kind, detail } = entry;
  const [pipeline, stage, action] = [text(detail, 'pipeline'), text(detail, 'stage'), text(detail, 'action')];
  if (text(detail, 'category') !== 'Approval' || (kind !== 'action.succeeded' && kind !== 'action.failed')) return [];
  if (pipeline === null || stage === null || action === null) return [];
  const ended = whenOf(entry);
  const of = approvalQuestion(pipeline, stage, action);
  return [{ of, to, from: shifted(ended, -slackMs), until: shifted(ended, slackMs) }];
};

const shifted = (at: string, ms: number): string => {
  const moved = new Date(Date.parse(at) + ms);
  return Number.isNaN(moved.getTime()) ? at : moved.toISOString();
};

/** Whether rows under a question carry the times of their entries: for things that belong somewhere only for a time. */
export const isDated = (question: string): boolean =>
  question.startsWith('approval:') || (question.startsWith('subject:') && isStack(question.slice('subject:'.length)));

/** Whether a tie held at a time. */
export const holdsAt = ({ from, until }: Pick<Tie, 'from' | 'until'>, at: string): boolean =>
  (from === null || at >= from) && (until === null || at <= until);

/** A build is tied to an execution and that to a commit: longer chains there are none. */
const longestChain = 3;

/** The changes, as questions, that a thing belonged to at a time. */
export const changesOf = (ties: Map<string, Tie[]>, thing: string, at: string, left = longestChain): string[] => {
  if (thing.startsWith('change:')) return [thing];
  if (left === 0) return [];
  const held = (ties.get(thing) ?? []).filter((tie) => holdsAt(tie, at));
  return [...new Set(held.flatMap(({ to }) => changesOf(ties, to, at, left - 1)))];
};

/** Ties of one thing that are kept, at most; of more the latest. */
const tiesAtMost = 50;

/** Adds what was told to what is known, each once. */
export const withTies = (known: Tie[], told: Tie[]): Tie[] => {
  const all = new Map([...known, ...told].map((tie) => [JSON.stringify([tie.to, tie.from, tie.until]), tie]));
  return [...all.values()].slice(-tiesAtMost);
};

export const isTold = (known: Tie[], { to, from, until }: Tie): boolean =>
  known.some((tie) => tie.to === to && tie.from === from && tie.until === until);
