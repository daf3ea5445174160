import { changeInputsOf } from '../../shared/alert/change/inputs-of.ts';
import { alertInputsOf, type ToGroup } from '../../shared/alert/inputs-of.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { take, type TellPorts } from '../support/tell.ts';
import type { Effects } from './effects.ts';
import { takeChange } from './tell-change.ts';

type Telling = TellPorts & { effects: Pick<Effects, 'alerts'> };

/** `late`: it was passed by before, and its groups may have taken in what came after it. */
type How = { late: boolean };

/** Lets each group that an entry concerns take it in, of alerts and of changes, whatever becomes of the others. Throws what the first threw. */
export const tellOf = async (ports: Telling, entry: Entry, how: How = { late: false }): Promise<void> => {
  const failed: unknown[] = [];
  for (const addressed of alertInputsOf(entry, ports.tellers))
    await tell(ports, entry, addressed, how).catch((error: unknown) => failed.push(error));
  for (const { group, input } of changeInputsOf(entry, ports.config))
    await takeChange(ports, group, input).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
};

/**
 * What was raised for people is never lost by it: where nothing can be decided, it is sent as it was raised. A message
 * too many beats one too few.
 */
const tell = async (ports: Telling, entry: Entry, { group, input }: ToGroup, { late }: How): Promise<void> => {
  try {
    const outcome = await take(ports, group, input);
    if (late && outcome === 'taken-in-already') await sendAsRaised(ports, entry);
  } catch (error) {
    if (entry.kind !== 'alert.raised') throw error;
    await sendAsRaised(ports, entry);
  }
};

const sendAsRaised = async ({ effects }: Telling, { kind, segment, seq }: Entry): Promise<void> => {
  if (kind === 'alert.raised') await effects.alerts.send({ segment, seq });
};
