import type { LadderConfig } from '../../shared/config/config.ts';
import type { Claim as Claimed, Intent } from '../../shared/ladder/intents.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';
import { failureClass, inWords } from '../../shared/watch/failure.ts';
import { refused, result } from './answers.ts';

/** A claim, and since when it stands. */
export type Claim = Claimed & { at: string };

/** Starts an act and reads back one whose result was lost. Both throw where nobody answered: they are to be asked after later. */
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
    start: (service, intent, readings) => of(intent).start(service, intent, readings).catch(notForeseen),
    readBack: (service, intent, claim) => of(intent).readBack(service, intent, claim).catch(notTold),
  };
};

/**
 * A refusal that the hand did not foresee, such as of a right that is missing: nothing was done, and trying again helps
 * nobody. A call that nobody answered may have had its effect, or have it yet.
 */
const notForeseen = (error: unknown): ActResult => {
  const came = refused(error);
  return came.outcome === 'failed' ? { ...came, outcome: 'refused' } : came;
};

/** What cannot be read now may be read later, until the deadline of the step; what is refused never will be. */
const notTold = (error: unknown): ActResult => {
  if (failureClass(error) === 'retry') throw error;
  return result('unknown', `what became of it cannot be read: ${inWords(error)}`);
};
