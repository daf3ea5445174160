import type { LadderConfig } from '../config/config.ts';
import type { Actor, Change } from '../trail/entry.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Input } from './input.ts';
import { rootOf, running } from './releases.ts';
import { say, type Turn } from './turn.ts';
import { idOf, mayBe, mayBeOne } from './who.ts';

/** Who moved a branch or a tag to a commit, as CodeCommit knows them; the author of a commit is only claimed. */
export type Pushed = { commit: string; who: Actor };

/** Whether a ladder wants to know who pushes: only approvals of drastic levels are asked whose change it is. */
export const asksWhoPushed = (config: LadderConfig, { repository }: Change): boolean =>
  config.service !== null && config.repository === repository && config.levels.some(({ drastic }) => drastic);

/** Takes note of a push, once of each person. */
export const onPushed = (turn: Turn, { commit, who }: Extract<Input, { type: 'pushed' }>): Turn => {
  const isKnown = turn.state.pushed.some((one) => one.commit === commit && idOf(one.who) === idOf(who));
  return idOf(who) === null || isKnown ? turn : say(turn, { type: 'change.pushed', commit, who });
};

/** How somebody had a hand in the change that runs here, whichever execution put it there; null where they had none. */
export const handIn = ({ state }: Turn, who: Actor): string | null => {
  const current = running(state);
  if (current === null) return null;
  const { commit, author } = rootOf(state, current);
  if (mayBe(who, author)) return `${whoItWas(who)} wrote the change`;
  const pushers = state.pushed.filter((one) => one.commit === commit);
  return pushers.some((one) => mayBeOne(one.who, who)) ? `${whoItWas(who)} pushed the change` : null;
};
