import { alertInputOf } from '../../shared/alert/inputs-of.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { take, type TellPorts } from '../support/tell.ts';
import type { Effects } from './effects.ts';

/**
 * Lets the group that an entry concerns take it in. What was raised for people is never lost by it: where nothing can
 * be decided, it is sent as it was raised. A message too many beats one too few.
 */
export const tellOf = async (ports: TellPorts & { effects: Pick<Effects, 'alerts'> }, entry: Entry): Promise<void> => {
  const addressed = alertInputOf(entry);
  if (addressed === null) return;
  try {
    await take(ports, addressed.group, addressed.input);
  } catch (error) {
    if (entry.kind !== 'alert.raised') throw error;
    await ports.effects.alerts.send({ segment: entry.segment, seq: entry.seq });
  }
};
