import { type ChangeDecision, decide } from '../../shared/alert/change/decide.ts';
import { evolve } from '../../shared/alert/change/evolve.ts';
import type { ChangeInput, Fact } from '../../shared/alert/change/input.ts';
import type { Developers } from '../../shared/alert/change/plan.ts';
import { type Changes, noChanges } from '../../shared/alert/change/state.ts';
import { defaultTiming } from '../../shared/alert/timing.ts';
import { after } from '../../shared/trail/time.ts';

const start = '2026-11-21T12:00:00.000Z';
const group = 'change/000000000000/us-east-1/shop';

/** What came of an input: at which second, why, and what was said. */
export type Line = { s: number; outcome: string; told: string[]; said: string[] };

/** Commits of 40 characters, each of one letter: `commit('a')` is shown as `aaaaaaa`. */
export const commit = (letter: string): string => letter.repeat(40);

/** The changes of one pipeline, told what happens at which second; its timers come by themselves. */
export const changesOf = (over: Partial<Developers> = {}) => {
  const tellers = { developers: { to: 'developers', comments: ['shop'], ...over }, timing: defaultTiming };
  let state: Changes = noChanges;
  let seq = 0;
  const lines: Line[] = [];
  const decisions: ChangeDecision[] = [];
  const take = (s: number, input: ChangeInput): void => {
    const now = after(start, s * 1000);
    const decision = decide(group, state, input, now, tellers);
    decisions.push(decision);
    const told = decision.messages.map(({ alert, also }) => [alert.headline, ...also].join(' + '));
    lines.push({ s, outcome: decision.outcome, told, said: decision.comments.map(({ text }) => text) });
    const { settled, due } = decision;
    if (decision.recorded) state = evolve(state, { version: state.version + 1, input, now, settled, due });
  };
  const timersUntil = (s: number): void => {
    for (
      let times = 0;
      times < 1_000 && state.timer !== null && state.timer.due <= after(start, s * 1000);
      times += 1
    ) {
      const { version, due } = state.timer;
      take((Date.parse(due) - Date.parse(start)) / 1000, { type: 'timer', version, due });
    }
  };
  return {
    lines,
    decisions,
    state: () => state,
    /** lets time pass */
    until: timersUntil,
    /** @param late it is put on record long after it happened */
    at: (s: number, fact: Fact, late = false): void => {
      timersUntil(s);
      take(s, { type: 'change', seq: (seq += 1), at: after(start, s * 1000), late, fact });
    },
    again: (s: number, fact: Fact): void =>
      take(s, { type: 'change', seq, at: after(start, s * 1000), late: false, fact }),
    told: () => lines.flatMap(({ s, told }) => told.map((headline) => `${s} ${headline}`)),
    said: () => lines.flatMap(({ said }) => said),
  };
};

export const pushed = (letter: string, over: Partial<Extract<Fact, { said: 'pushed' }>> = {}): Fact => ({
  said: 'pushed',
  commit: commit(letter),
  repository: 'shop',
  ref: 'refs/heads/main',
  old: commit('0'),
  by: 'ada',
  ...over,
});

export const described = (letter: string, name = 'Ada', subject = 'A change'): Fact => ({
  said: 'described',
  commit: commit(letter),
  author: { name, email: `${name.toLowerCase()}@example.com` },
  subject,
  parent: commit('0'),
});

export const sourced = (letter: string, execution = `run-${letter}`): Fact => ({
  said: 'sourced',
  commit: commit(letter),
  repository: 'shop',
  execution,
});

export const ended = (
  letter: string,
  outcome: Extract<Fact, { said: 'ended' }>['outcome'] = 'failed',
  over: Partial<Extract<Fact, { said: 'ended' }>> = {},
): Fact => ({ said: 'ended', execution: `run-${letter}`, attempt: 1, outcome, reason: null, ...over });

export const reached = (letter: string, byRollback = false): Fact => ({
  said: 'reached',
  commit: commit(letter),
  execution: `run-${letter}`,
  byRollback,
  environment: 'production',
  service: 'shop',
});
