import { type ChangeDecision, decide } from '../../shared/alert/change/decide.ts';
import type { ChangeInput } from '../../shared/alert/change/input.ts';
import { developersOf } from '../../shared/alert/change/plan.ts';
import type { Changes } from '../../shared/alert/change/state.ts';
import { log } from '../support/log.ts';
import { raced } from '../support/raced.ts';
import type { TellPorts } from '../support/tell.ts';

/**
 * Lets the changes of a pipeline take in one input: load, decide, record. Throws where the store does, or every race was
 * lost. What cannot be decided is passed by with a line in the log: that a developer is not told must hold nothing up.
 */
export const takeChange = (ports: TellPorts, group: string, input: ChangeInput): Promise<string> => {
  const { changes } = ports.groups;
  return raced(`the changes of ${group} were decided`, async () => {
    const state = await changes.load(group);
    const now = ports.now().toISOString();
    const decision = decided(ports, group, state, input, now);
    if (decision === null) return 'not-decided';
    if (!decision.recorded) return decision.outcome;
    const on = { input, now, config: ports.configDigest };
    return (await changes.record(group, state, on, decision)) ? decision.outcome : undefined;
  });
};

const decided = (
  { config, tellers: { timing } }: TellPorts,
  group: string,
  state: Changes,
  input: ChangeInput,
  now: string,
): ChangeDecision | null => {
  try {
    return decide(group, state, input, now, { developers: developersOf(config), timing });
  } catch (error) {
    log('error', { group, error: `what developers are told could not be decided: ${String(error)}` });
    return null;
  }
};
