import type { ChangeDecision } from '../../shared/alert/change/decide.ts';
import { type ChangesDecidedOn, changesVersion, foldChanges } from '../../shared/alert/change/record.ts';
import { type Changes, changesForm, noChanges } from '../../shared/alert/change/state.ts';
import { groupKey } from '../../shared/alert/record.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { createStream, type StreamForm } from './streams.ts';

/** What developers are told of the changes of a pipeline, as streams of versions on the trail. */
export type ChangeGroups = {
  load(group: string): Promise<Changes>;
  /** records the next version; false when another decider was first: load again and decide again */
  record(group: string, state: Changes, on: ChangesDecidedOn, decision: ChangeDecision): Promise<boolean>;
};

const form: StreamForm<Changes> = {
  snapshot: (group) => `snapshot:alerts/${group}`,
  key: groupKey,
  initial: noChanges,
  fold: foldChanges,
  form: changesForm,
};

export const createChangeGroups = (trail: Trail, rows: Rows, source: Source): ChangeGroups => {
  const { load, record } = createStream(trail, rows, form);
  return {
    load,
    record: (group, state, on, decision) => {
      const version = changesVersion(group, state, on, decision, source);
      return record(group, version, foldChanges(state, version.entries));
    },
  };
};
