import type { LadderConfig } from '../../shared/config/config.ts';
import type { Claim as Claimed, Intent } from '../../shared/ladder/intents.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';

/** A claim, and since when it stands. */
export type Claim = Claimed & { at: string };

/** Starts an act and reads back one whose result was lost. Neither throws: every end is an answer. */
export type Actions = {
  start(service: LadderConfig, intent: Intent, readings: ActReadings): Promise<ActResult>;
  /** what became of an act that was claimed and whose caller is gone */
  readBack(service: LadderConfig, intent: Intent, claim: Claim): Promise<ActResult>;
};

/** One kind of act: what it calls, and how its effect can be seen afterwards. */
export type Action<Of extends Intent> = {
  start(service: LadderConfig, intent: Of, readings: ActReadings): Promise<ActResult>;
  readBack(service: LadderConfig, intent: Of, claim: Claim): Promise<ActResult>;
};

/** An action of each kind, by the name that the configuration uses. */
export type ActionsByName = { [Of in Intent as Of['action']]: Action<Of> };

export const createActions = (actions: ActionsByName): Actions => {
  // TypeScript does not see that an intent and the action of its name belong together.
  const of = (intent: Intent) => actions[intent.action] as Action<Intent>;
  return {
    start: (service, intent, readings) => orUnknown(() => of(intent).start(service, intent, readings)),
    readBack: (service, intent, claim) => orUnknown(() => of(intent).readBack(service, intent, claim)),
  };
};

/** A call that broke may have had its effect: that is not known, so it is not tried again. */
const orUnknown = async (call: () => Promise<ActResult>): Promise<ActResult> => {
  try {
    return await call();
  } catch (error) {
    return result('unknown', `the call broke: ${error instanceof Error ? error.message : String(error)}`);
  }
};

export const result = (
  outcome: ActResult['outcome'],
  reason: string,
  more: Partial<Pick<ActResult, 'execution' | 'instances' | 'operation'>> = {},
): ActResult => ({ outcome, reason, execution: null, instances: [], ...more });
