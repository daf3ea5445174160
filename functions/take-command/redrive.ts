import { EscalatorError } from '../../shared/errors.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnGroup } from '../../shared/trail/own-kinds.ts';

/** Moves dead letters back to the queue they came from. */
export type Redrive = {
  queues: string[];
  /** moves up to `limit`, oldest first as far as the queue knows; answers how many were moved */
  move: (queue: string, limit: number) => Promise<number>;
};

export type RedriveCommand = { id: string; queue: string; limit: number };

/**
 * Puts dead letters back, with what is to be done on record before, and what was done after. A letter that is moved
 * twice is two deliveries of one message, which every function is made for.
 *
 * @returns how many were moved; asked again under the same id, how many were moved then, and none are moved now
 * @throws EscalatorError ESC-012 where there is no such queue, or the id stands for another command
 */
export const redriven = async (
  { trail, source, redrive }: { trail: Trail; source: Source; redrive: Redrive },
  { id, queue, limit }: RedriveCommand,
  actor: Actor,
): Promise<{ moved: number }> => {
  if (!redrive.queues.includes(queue))
    throw new EscalatorError(
      'ESC-012',
      `there is no queue ${JSON.stringify(queue)}`,
      `one of ${redrive.queues.join(', ')}`,
    );
  const said = (outcome: string, detail: { [field: string]: Json }): OwnGroup =>
    groupOf({ id, queue, outcome, detail: { queue, limit, ...detail } }, actor, source);
  const [asked] = await trail.append([said('asked', {})]);
  if (asked?.status === 'stood') throw takenId(id);
  const done = await trail.find(keyOf(id, 'redriven'));
  if (done !== null) return { moved: Number((await trail.read(done))[0]?.detail['moved'] ?? 0) };
  const moved = await redrive.move(queue, limit);
  await trail.append([said('redriven', { moved })]);
  return { moved };
};

const keyOf = (id: string, outcome: string): string => `redrive/${id}#${outcome}`;

/** A command's id was used for another command before: nothing is done under it. */
export const takenId = (id: string): EscalatorError =>
  new EscalatorError('ESC-012', `id: ${id} stands for another command already`, 'send it with an id of its own');

type Said = { id: string; queue: string; outcome: string; detail: { [field: string]: Json } };

const groupOf = ({ id, queue, outcome, detail }: Said, actor: Actor, source: Source): OwnGroup => ({
  key: keyOf(id, outcome),
  entries: [
    ownDraft({
      kind: outcome === 'asked' ? 'dead-letters.redrive-asked' : 'dead-letters.redriven',
      actor,
      subject: `escalator:queue/${queue}`,
      outcome,
      source,
      detail,
    }),
  ],
});
