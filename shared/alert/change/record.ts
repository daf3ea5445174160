import type { Entry, Instant, Json, Source } from '../../trail/entry.ts';
import { ownDraft } from '../../trail/own-draft.ts';
import type { OwnDraft, OwnGroup, OwnKind } from '../../trail/own-kinds.ts';
import type { Message } from '../message.ts';
import { groupKey } from '../record.ts';
import type { Comment } from './comment.ts';
import type { ChangeDecision } from './decide.ts';
import { type ChangesVersion, evolve } from './evolve.ts';
import type { ChangeInput } from './input.ts';
import type { Changes } from './state.ts';

/** All that a version was decided on; with the state before it, deciding again gives the same. */
export type ChangesDecidedOn = { input: ChangeInput; now: Instant; config: string };

/** A version as it goes on record: what was decided, on what; then what is told, and what is said on commits. */
export const changesVersion = (
  group: string,
  { version: before }: Changes,
  on: ChangesDecidedOn,
  { outcome, due, settled, messages, comments }: ChangeDecision,
  source: Source,
): OwnGroup => {
  const version = before + 1;
  const draft = (kind: OwnKind, detail: object, over: Partial<OwnDraft> = {}): OwnDraft =>
    ownDraft({
      kind,
      occurredAt: on.now,
      subject: `escalator:alerts/${group}`,
      outcome,
      source,
      detail: plain({ group, version, ...detail }),
      ...over,
    });
  return {
    key: groupKey(group, version),
    entries: [
      draft('alert.decided', { due, settled, ...on }),
      ...messages.map((message) => draft('alert.told', { message }, aboutOf(message))),
      ...comments.map((comment) => draft('comment.due', { comment }, { change: changeOf(comment) })),
    ],
  };
};

const aboutOf = ({ alert: { change, environment, service } }: Message): Partial<OwnDraft> => ({
  change,
  environment: environment === '' ? null : environment,
  service: service === '' ? null : service,
});

export const changeOf = ({ repository, commit }: Comment): OwnDraft['change'] => ({ repository, commit });

/** Domain values are plain data without undefined fields, and nobody changes them in place. */
const plain = (value: object): { [field: string]: Json } => value as { [field: string]: Json };

/** Folds a recorded version into the state. */
export const foldChanges = (state: Changes, [decided]: Pick<Entry, 'detail'>[]): Changes =>
  decided === undefined ? state : evolve(state, decided.detail as unknown as ChangesVersion);
