import { refusalOfSilence, type SilenceOrder } from '../../shared/alert/silences.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { TellPorts } from '../support/tell.ts';

/** Whoever loses the race for a version this often gives the command back. */
const triesAtMost = 5;

/**
 * Puts on record that somebody stops people from being told of something, or lets them be told again. The same command
 * again changes nothing.
 *
 * @throws EscalatorError ESC-056 with the reason where it is refused
 */
export const silenced = async (
  { groups, now }: Pick<TellPorts, 'groups' | 'now'>,
  given: SilenceOrder,
): Promise<void> => {
  const order = { ...given, why: withoutSecrets(given.why) };
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const state = await groups.silences();
    const at = now().toISOString();
    if (order.type === 'set' && state.silences.some(({ id }) => id === order.id)) return;
    const refusal = refusalOfSilence(state, order, at);
    if (refusal !== null) throw new EscalatorError('ESC-056', refusal.said);
    if (await groups.recordSilence(state, order, at)) return;
  }
  throw new Error(`silences were set by others ${triesAtMost} times in a row`);
};
