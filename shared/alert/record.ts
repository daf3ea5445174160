import type { Entry, Instant, Json, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnDraft, OwnGroup, OwnKind } from '../trail/own-kinds.ts';
import type { GroupState } from './group.ts';
import { accountGroup } from './inputs-of.ts';
import { newsNamed } from '../news/notice.ts';
import type { Alert } from '../ladder/events.ts';
import type { Message } from './message.ts';
import type { AlertInput } from './notice.ts';
import { afterOrder, type SilenceOrder, type Silences } from './silences.ts';
import { type AlertReadings, type Decision, evolve } from './tell.ts';

/** All that a version was decided on; with the state before it, deciding again gives the same. */
export type DecidedOn = { input: AlertInput; readings: AlertReadings; now: Instant; config: string };

/** Of another form of the state, a snapshot is not believed. */
export const groupForm = 3;

/** The group key of a version of a group of alerts: of two deciders that race for it, one is recorded. */
export const groupKey = (group: string, version: number): string => `alerts/${group}#${version}`;

/** A version as it goes on record: what was decided, on what, and the message where there is one. */
export const groupVersion = (
  group: string,
  { version: before, newest }: GroupState,
  on: DecidedOn,
  { outcome, due, message }: Decision,
  source: Source,
): OwnGroup => {
  const version = before + 1;
  const alert = on.input.type === 'notice' ? on.input.notice.alert : newest;
  const draft = (kind: OwnKind, detail: object): OwnDraft =>
    ownDraft({
      kind,
      occurredAt: on.now,
      ...aboutOf(group, alert),
      outcome,
      source,
      detail: plain({ group, version, ...detail }),
    });
  const decided = draft('alert.decided', { due, ...on });
  return {
    key: groupKey(group, version),
    entries:
      message === null ? [decided] : [decided, draft('alert.told', { incident: message.alert.incident, message })],
  };
};

/** News stand where what they are about stands: where there are several, where the newest does. */
const aboutOf = (group: string, alert: Alert | null): Pick<OwnDraft, 'subject' | 'environment' | 'service'> => {
  const subject = `escalator:alerts/${group}`;
  if (group === accountGroup) return { subject, environment: null, service: null };
  if (newsNamed(group) !== null)
    return { subject, environment: alert?.environment || null, service: alert?.service || null };
  const [environment = null, service = null] = group.split('/');
  return { subject, environment, service };
};

/** Domain values are plain data without undefined fields, and nobody changes them in place. */
const plain = (value: object): { [field: string]: Json } => value as { [field: string]: Json };

/** Folds a recorded version into the state. */
export const foldGroup = (state: GroupState, [decided, told]: Pick<Entry, 'detail' | 'outcome'>[]): GroupState => {
  if (decided === undefined) return state;
  const { version, due, input, now } = decided.detail as unknown as DecidedOn & {
    version: number;
    due: Instant | null;
  };
  const message = (told?.detail['message'] ?? null) as unknown as Message | null;
  return evolve(state, { version, due, input, now, message, outcome: decided.outcome as Decision['outcome'] });
};

/** All silences are one stream. */
export const silencesKey = (version: number): string => `silences#${version}`;

/** An order about silences that is not refused, as it goes on record. */
export const silencesVersion = (
  { version: before }: Silences,
  order: SilenceOrder,
  now: Instant,
  source: Source,
): OwnGroup => {
  const version = before + 1;
  const { who, why } = order;
  const silence = order.type === 'set' ? order.id : order.silence;
  const kind = order.type === 'set' ? 'silence.set' : 'silence.lifted';
  const about = { subject: `escalator:silence/${silence}`, actor: who, reason: why };
  return {
    key: silencesKey(version),
    entries: [ownDraft({ kind, occurredAt: now, ...about, source, detail: plain({ version, now, order }) })],
  };
};

/** Folds a recorded version into the silences. */
export const foldSilences = (state: Silences, [entry]: Pick<Entry, 'detail'>[]): Silences => {
  if (entry === undefined) return state;
  const { order, now } = entry.detail as unknown as { order: SilenceOrder; now: Instant };
  return afterOrder(state, order, now);
};
