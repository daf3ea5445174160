import type { ActionConfig, LevelConfig } from '../config/config.ts';
import { actions, aimOf, takenBy } from './actions.ts';
import { leftBehind } from './aside.ts';
import type { Intent } from './intents.ts';
import { choose, rollbacksSpent } from './redeploy.ts';
import { running } from './releases.ts';
import { targetsOf } from './targets.ts';
import { after, isOfService, openIncident, type ServiceTurn, type Turn } from './turn.ts';

/** What a level is about to do, or why it does nothing: it is refused, or what it would bring about is so already. */
export const intentFor = (turn: Turn, level: LevelConfig): Intent | { refused: string } | { already: string } => {
  const { config } = turn;
  const form = formOf(turn, level);
  const aimed = aimedAt(turn, level, form);
  if (!('targets' in aimed)) return aimed;
  const aim = aimOf(form, config);
  if (aim === null) return { refused: `nothing is deployed to ${config.environment} itself` };
  const chosen = form.type === 'redeploy' && isOfService(turn) ? choose(turn, level.level) : null;
  if (chosen !== null && 'refused' in chosen) return chosen;
  const back = actions[form.type].goesBack === true && isOfService(turn) ? goingBack(turn, aim.target) : null;
  if (back !== null && 'refused' in back) return back;
  const base = {
    actKey: `${config.ladder}#${turn.version}.1`,
    level: level.level,
    deadline: after(turn.now, config.stepDeadline),
  };
  // Action by action this is what `Action.aim` is held to; TypeScript loses it over all of them.
  return { ...base, ...aim, ...(aimed.targets && { targets: aimed.targets }), ...chosen, ...back } as Intent;
};

/** What of its target the level is for, where a check says by name what fails; null where it is for all of it. */
const aimedAt = (
  turn: Turn,
  level: LevelConfig,
  form: ActionConfig,
): { targets: string[] | null } | { refused: string } | { already: string } => {
  const taken = takenBy(form);
  const aimed = taken === null ? null : targetsOf(turn, level, taken.per);
  if (aimed !== null && 'nothing' in aimed)
    return taken?.only === true ? { already: `${aimed.nothing}: there is nothing to act on` } : { targets: null };
  return aimed ?? { targets: null };
};

/** Going back around the pipeline is done as seldom as any rollback, and never to what was gone back from. */
const goingBack = (turn: ServiceTurn, target: string): { avoid: string[] } | { refused: string } => {
  const spent = rollbacksSpent(turn);
  return spent === null ? { avoid: leftBehind(turn.state, target, turn.now) } : { refused: spent };
};

/** Where nothing was ever put there is nothing to put there again: who wants it there has its pipeline build it. */
const formOf = (turn: Turn, level: LevelConfig): ActionConfig =>
  level.do.type === 'redeploy' && isOfService(turn) && openIncident(turn).forced && running(turn.state) === null
    ? { type: 'start-pipeline', pipeline: turn.config.pipeline }
    : level.do;
