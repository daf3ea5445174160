import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import { takenId } from './redrive.ts';

export type GamedayCommand = {
  id: string;
  ladder: string;
  check: string;
  /** the mode that every level is taken to be in; as configured where null */
  mode: 'observe' | 'ask' | 'act' | null;
  /** after how many steps the check is taken to pass again; never where null */
  steps: number | null;
  why: string;
};

type Ports = { trail: Pick<Trail, 'append'>; source: Source; ladders: string[] };

/**
 * Puts on record that somebody wants a game day. The ladder takes it in as it takes in every entry, and says what it
 * would have done; nothing is done.
 *
 * @returns the seq of the entry
 * @throws EscalatorError ESC-011 where there is no such ladder, ESC-012 where the id stands for another command
 */
export const gamedayAsked = async ({ trail, source, ladders }: Ports, command: GamedayCommand, actor: Actor) => {
  const { id, ladder, check, mode, steps, why } = command;
  if (!ladders.includes(ladder))
    throw new EscalatorError(
      'ESC-011',
      `there is no ladder ${JSON.stringify(ladder)}`,
      `there are ${ladders.join(', ')}`,
    );
  const [environment = '', service = null] = ladder.split('/');
  const draft = ownDraft({
    kind: 'gameday.asked',
    actor,
    subject: `escalator:ladder/${ladder}`,
    environment,
    service,
    reason: withoutSecrets(why),
    source,
    detail: { ladder, check, mode, steps },
  });
  const [recorded] = await trail.append([{ key: `gameday/${id}`, entries: [draft] }]);
  if (recorded?.status !== 'recorded') throw takenId(id);
  return recorded.place.seq;
};
