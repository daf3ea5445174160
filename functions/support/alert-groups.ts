import { emptyGroup, type GroupState } from '../../shared/alert/group.ts';
import {
  type DecidedOn,
  foldGroup,
  foldSilences,
  groupForm,
  groupKey,
  groupVersion,
  silencesKey,
  silencesVersion,
} from '../../shared/alert/record.ts';
import { noSilences, type SilenceOrder, type Silences } from '../../shared/alert/silences.ts';
import type { Decision } from '../../shared/alert/tell.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Instant, Source } from '../../shared/trail/entry.ts';
import { type ChangeGroups, createChangeGroups } from './changes.ts';
import { createStream, type StreamForm, streamReader } from './streams.ts';

/** Groups of alerts, and what silences them, as streams of versions on the trail. */
export type AlertGroups = {
  load(group: string): Promise<GroupState>;
  /** records the next version; false when another decider was first: load again and decide again */
  record(group: string, state: GroupState, on: DecidedOn, decision: Decision): Promise<boolean>;
  silences(): Promise<Silences>;
  /** records an order that is not refused; false when another was first */
  recordSilence(state: Silences, order: SilenceOrder, now: Instant): Promise<boolean>;
  /** what developers are told of their changes */
  changes: ChangeGroups;
};

const groups: StreamForm<GroupState> = {
  snapshot: (group) => `snapshot:alerts/${group}`,
  key: groupKey,
  initial: emptyGroup,
  fold: foldGroup,
  form: groupForm,
};

const silences: StreamForm<Silences> = {
  snapshot: () => 'snapshot:silences',
  key: (_, version) => silencesKey(version),
  initial: noSilences,
  fold: foldSilences,
  form: 1,
};

export const createAlertGroups = (trail: Trail, rows: Rows, source: Source): AlertGroups => {
  const ofGroups = createStream(trail, rows, groups);
  const ofSilences = createStream(trail, rows, silences);
  return {
    load: ofGroups.load,
    record: (group, state, on, decision) => {
      const version = groupVersion(group, state, on, decision, source);
      return ofGroups.record(group, version, foldGroup(state, version.entries));
    },
    changes: createChangeGroups(trail, rows, source),
    silences: () => ofSilences.load('all'),
    recordSilence: (state, order, now) => {
      const version = silencesVersion(state, order, now, source);
      return ofSilences.record('all', version, foldSilences(state, version.entries));
    },
  };
};

/** Reads the silences, and writes nothing: for whoever only asks. */
export const silenceReader = (trail: Trail, rows: Rows) => (): Promise<Silences> =>
  streamReader(trail, rows, silences)('all');
