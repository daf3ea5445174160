import type { LadderConfig } from '../../shared/config/config.ts';
import type { Decision } from '../../shared/ladder/decide.ts';
import { type DecidedOn, foldVersion, versionGroup, versionKey } from '../../shared/ladder/record.ts';
import { initialState, type LadderState, stateForm } from '../../shared/ladder/state.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { createStream, type StreamForm, streamReader } from './streams.ts';

/** Ladders as streams of versions on the trail. */
export type Ladders = {
  load(ladder: string): Promise<LadderState>;
  /** records the next version; false when another decider was first: load again and decide again */
  record(config: LadderConfig, state: LadderState, on: DecidedOn, decision: Decision): Promise<boolean>;
};

const form: StreamForm<LadderState> = {
  snapshot: (ladder) => `snapshot:${ladder}`,
  key: versionKey,
  initial: initialState,
  fold: foldVersion,
  form: stateForm,
};

export const createLadders = (trail: Trail, rows: Rows, source: Source): Ladders => {
  const { load, record } = createStream(trail, rows, form);
  return {
    load,
    record: (config, state, on, decision) => {
      const group = versionGroup(config, state, on, decision, source);
      return record(config.ladder, group, foldVersion(state, group.entries));
    },
  };
};

/** Reads the state of a ladder, and writes nothing: for whoever only asks. */
export const ladderReader = (trail: Trail, rows: Rows): Ladders['load'] => streamReader(trail, rows, form);
