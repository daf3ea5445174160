import { withoutSecrets } from '../event/redact.ts';
import { actions } from './actions.ts';

/**
 * The kill switch is one text that people can set in the AWS console when nothing of ours answers:
 *
 *     allow                                      everything acts
 *     allow except production/shop redeploy      these do not: a ladder, a whole environment, an action
 *
 * Whatever else stands there, a word that is not known among them, stops everything: who throws it in a hurry and
 * misspells it is to find that nothing acts, not that everything does.
 */
export type KillSwitch = { thrown: string } | { except: string[] };

/** The one text that lets everything act. */
export const actingAllowed = 'allow';

/** Where the switch is set: `endpoint` is null on AWS itself. */
export type KillSwitchPlace = { parameter: string; region: string; endpoint: string | null };

/** The command that sets it, in front of the text that it is set to: it works where nothing of ours answers. */
export const settingSwitch = ({ parameter, region, endpoint }: KillSwitchPlace): string =>
  `aws${endpoint === null ? '' : ` --endpoint-url ${endpoint}`} --region ${region} ssm put-parameter --name ${parameter} --overwrite --value`;

/** What may stand behind `except`. */
export type Scopes = { ladders: string[] };

/** As much of a text as is repeated to people. */
const shownAtMost = 60;

/**
 * Reads the switch.
 * @param text the parameter's value; null where it could not be read, which counts as thrown
 */
export const readSwitch = (text: string | null, { ladders }: Scopes): KillSwitch => {
  if (text === null) return { thrown: 'the kill switch cannot be read' };
  const [first, second, ...except] = text.split(/[\s,]+/).filter((word) => word !== '');
  if (first !== actingAllowed) return { thrown: 'the kill switch is thrown' };
  if (second === undefined) return { except: [] };
  if (second !== 'except' || except.length === 0) return { thrown: notUnderstood(text) };
  const unknown = except.find((word) => !isKnown(word, ladders));
  return unknown === undefined
    ? { except: [...new Set(except)] }
    : { thrown: `${notUnderstood(text)}: there is no ladder, environment or action ${JSON.stringify(cut(unknown))}` };
};

const notUnderstood = (text: string): string =>
  `the kill switch says ${JSON.stringify(cut(text))}, which is not understood and stops everything`;

const cut = (text: string): string =>
  text.length > shownAtMost ? `${withoutSecrets(text).slice(0, shownAtMost)}...` : withoutSecrets(text);

const isKnown = (word: string, ladders: string[]): boolean =>
  Object.hasOwn(actions, word) || ladders.some((ladder) => isOf(ladder, word));

/** A ladder is meant by its own name and by that of its environment. */
const isOf = (ladder: string, word: string): boolean => ladder === word || ladder.startsWith(`${word}/`);

/** Why an act of a ladder is stopped by the switch; null where it lets act. */
export const stoppedBy = (read: KillSwitch, ladder: string, action: string): string | null => {
  if ('thrown' in read) return read.thrown;
  const word = read.except.find((one) => one === action || isOf(ladder, one));
  return word === undefined ? null : `the kill switch is thrown for ${word}`;
};
