import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft } from '../../shared/trail/own-kinds.ts';
import { takenId } from './redrive.ts';

export type OrderCommand = { id: string; ladder: string; order: Order; why: string };

type Ports = { trail: Pick<Trail, 'append'>; source: Source; ladders: string[] };

/**
 * Puts an order on record: what a person wants of a ladder, and why. The ladder takes it in as it takes in every entry,
 * and says in its own stream what it made of it.
 *
 * @returns the seq of the order
 * @throws EscalatorError ESC-011 where there is no such ladder, ESC-012 where the id stands for another command
 */
export const ordered = async (ports: Ports, command: OrderCommand, actor: Actor): Promise<number> => {
  const { ladders, trail, source } = ports;
  const { id, ladder } = command;
  if (!ladders.includes(ladder))
    throw new EscalatorError(
      'ESC-011',
      `there is no ladder ${JSON.stringify(ladder)}`,
      `there are ${ladders.join(', ')}`,
    );
  const [recorded] = await trail.append([{ key: `order/${id}`, entries: [draft(command, actor, source)] }]);
  if (recorded?.status !== 'recorded') throw takenId(id);
  return recorded.place.seq;
};

const draft = ({ ladder, order, why }: OrderCommand, actor: Actor, source: Source): OwnDraft => {
  const [environment = '', service = null] = ladder.split('/');
  return ownDraft({
    kind: 'order.given',
    actor,
    subject: `escalator:ladder/${ladder}`,
    environment,
    service,
    outcome: order.name,
    reason: withoutSecrets(why),
    source,
    detail: { ladder, order },
  });
};
