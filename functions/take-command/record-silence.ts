import { refusalOfSilence, type SilenceOrder } from '../../shared/alert/silences.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { raced } from '../support/raced.ts';
import type { TellPorts } from '../support/tell.ts';

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
  await raced('silences were set', async () => {
    const state = await groups.silences();
    const at = now().toISOString();
    if (order.type === 'set' && state.silences.some(({ id }) => id === order.id)) return true;
    const refusal = refusalOfSilence(state, order, at);
    if (refusal !== null) throw new EscalatorError('ESC-056', refusal.said);
    return (await groups.recordSilence(state, order, at)) || undefined;
  });
};
