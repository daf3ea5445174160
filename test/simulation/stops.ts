import type { LadderConfig } from '../../shared/config/config.ts';
import type { LadderState } from '../../shared/ladder/state.ts';

/** Somebody changed lately, not through the pipeline, what the ladder acts on, and nobody chose this act. */
export const isByHand = ({ written, incident }: LadderState, { handsOff }: LadderConfig, now: string): boolean =>
  written !== null && incident?.forced === false && Date.parse(now) - Date.parse(written.at) < handsOff;

/** Only one text lets everything act; behind `except` stands what does not. */
export const isStopped = (killSwitch: string, ladder: string, action: string): boolean => {
  const [allow, except, ...words] = killSwitch.split(/[\s,]+/);
  const stopping = ['production', ladder, action, 'nothing-known'];
  return allow !== 'allow' || (except !== undefined && words.some((word) => stopping.includes(word)));
};
