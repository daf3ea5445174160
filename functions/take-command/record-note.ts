import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { versionKey } from '../../shared/ladder/record.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Actor, Entry, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft } from '../../shared/trail/own-kinds.ts';
import { takenId } from './redrive.ts';

export type NoteCommand = {
  id: string;
  incident: string;
  /** what people found the cause to be */
  cause: string;
  /** the commit, or the address of whatever was done so that it does not happen again */
  preventedBy: string;
};

/** `production.shop.5`, or `production.5` of an environment's own ladder. */
const incidentId = /^([A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]+))?\.(\d{1,9})$/;

/**
 * Puts on record what people found out about an incident. It changes nothing that the ladder does.
 *
 * @returns the seq of the note
 * @throws EscalatorError ESC-011 where there is no such incident, ESC-012 where the id stands for another command
 */
export const noted = async (
  { trail, source }: { trail: Pick<Trail, 'append' | 'find' | 'read'>; source: Source },
  command: NoteCommand,
  actor: Actor,
): Promise<number> => {
  const opened = await openingOf(trail, command.incident);
  if (opened === null)
    throw new EscalatorError(
      'ESC-011',
      `there is no incident ${JSON.stringify(command.incident)}`,
      'escalator incidents lists them',
    );
  const [recorded] = await trail.append([
    { key: `note/${command.id}`, entries: [draft(command, opened, actor, source)] },
  ]);
  if (recorded?.status !== 'recorded') throw takenId(command.id);
  return recorded.place.seq;
};

/** An incident is named after the version of its ladder that opened it: where that stands on the trail, it is. */
const openingOf = async (trail: Pick<Trail, 'find' | 'read'>, incident: string): Promise<Entry | null> => {
  const [, environment, service, version] = incidentId.exec(incident) ?? [];
  if (environment === undefined || version === undefined) return null;
  const ladder = service === undefined ? environment : `${environment}/${service}`;
  const place = await trail.find(versionKey(ladder, Number(version)));
  const entries = place === null ? [] : await trail.read(place);
  const isOpening = ({ kind, detail }: Entry) => kind === 'incident.opened' && detail['incident'] === incident;
  return entries.find(isOpening) ?? null;
};

const isCommit = /^[0-9a-f]{7,64}$/;

const draft = (command: NoteCommand, opened: Entry, actor: Actor, source: Source): OwnDraft => {
  const { incident } = command;
  const [cause, preventedBy] = [withoutSecrets(command.cause), withoutSecrets(command.preventedBy)];
  return ownDraft({
    kind: 'incident.noted',
    actor,
    subject: opened.subject,
    environment: opened.environment,
    service: opened.service,
    // Where it is a commit, who asks about the commit finds what it prevents.
    change: isCommit.test(preventedBy) ? { repository: null, commit: preventedBy } : null,
    reason: cause,
    source,
    detail: { incident, cause, preventedBy },
  });
};
