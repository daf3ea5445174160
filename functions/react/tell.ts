import { changeInputsOf } from '../../shared/alert/change/inputs-of.ts';
import { alertInputsOf, type ToGroup } from '../../shared/alert/inputs-of.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { take, type TellPorts } from '../support/tell.ts';
import type { Effects } from './effects.ts';
import { takeChange } from './tell-change.ts';

type Telling = TellPorts & { effects: Pick<Effects, 'alerts'> };

/** Lets each group that an entry concerns take it in, of alerts and of changes, whatever becomes of the others. Throws what the first threw. */
export const tellOf = async (ports: Telling, entry: Entry): Promise<void> => {
  const failed: unknown[] = [];
  for (const addressed of alertInputsOf(entry, ports.tellers))
    await tell(ports, entry, addressed).catch((error: unknown) => failed.push(error));
  for (const { group, input } of changeInputsOf(entry, ports.config))
    await takeChange(ports, group, input).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
};

/**
 * What was raised for people is never lost by it: where nothing can be decided, it is sent as it was raised. A message
 * too many beats one too few.
 */
const tell = async (ports: Telling, entry: Entry, { group, input }: ToGroup): Promise<void> => {
  try {
    await take(ports, group, input);
  } catch (error) {
    if (entry.kind !== 'alert.raised') throw error;
    await ports.effects.alerts.send({ segment: entry.segment, seq: entry.seq });
  }
};
