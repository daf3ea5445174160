import type { Trail } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { readers } from '../../shared/trail/readers.ts';
import type { TellPorts } from '../support/tell.ts';
import { type Effects, startEffects } from './effects.ts';
import { tellOf } from './tell.ts';

type TellSkippedPorts = TellPorts & { effects: Effects; read: Trail['read'] };

/**
 * Entries whose effect it is that people are told, now or at their time; and the timer of a ladder, by which one that was
 * taken out of the configuration hands over: no other input comes to it. To all others a timer that is not theirs is nothing.
 */
const begunAgain = new Set(['alert.told', 'alert.decided', 'comment.due', 'timer.set']);

/**
 * What the reactor passed by may have been what people were to be told, or the timer that they were to be told by. It is
 * given to telling alone, once more: what threw may have been another part of the same entry. Acts are not begun again:
 * acting fails closed, and the ladder is held. Throws where the store or a queue does.
 */
export const tellSkipped = async (ports: TellSkippedPorts, { kind, source, detail }: Entry): Promise<void> => {
  if (kind !== 'reader.skipped' || source.name !== 'escalator' || detail['reader'] !== readers.react) return;
  const [entry] = await ports.read({ segment: Number(detail['segment']), seq: Number(detail['seq']), count: 1 });
  if (entry === undefined) return;
  if (begunAgain.has(entry.kind)) await startEffects(ports.effects, entry, ports.now().toISOString());
  await tellOf(ports, entry, { late: true });
};
