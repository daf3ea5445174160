import type { LadderConfig } from '../../shared/config/config.ts';
import type { Decision } from '../../shared/ladder/decide.ts';
import { type DecidedOn, foldVersion, versionGroup, versionKey } from '../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../shared/ladder/state.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';

/** Ladders as streams of versions on the trail. State = snapshot, then the versions after it. */
export type Ladders = {
  load(ladder: string): Promise<LadderState>;
  /** records the next version; false when another decider was first: load again and decide again */
  record(config: LadderConfig, state: LadderState, on: DecidedOn, decision: Decision): Promise<boolean>;
};

/** A snapshot is a row of its own; there is one a ladder, and losing it costs only time. */
const snapshotOf = (ladder: string): string => `snapshot:${ladder}`;

export const createLadders = (trail: Trail, rows: Rows, source: Source): Ladders => ({
  load: async (ladder) => {
    const start = await snapshotIn(rows, ladder);
    const state = await foldOn(trail, ladder, start);
    if (state.version > start.version + snapshotEvery) await save(rows, ladder, state);
    return state;
  },
  record: async (config, state, on, decision) => {
    const group = versionGroup(config, state, on, decision, source);
    const [recorded] = await trail.append([group]);
    if (recorded?.status !== 'recorded') return false;
    await save(rows, config.ladder, foldVersion(state, group.entries));
    return true;
  },
});

/** Reads the state of a ladder, and writes nothing: for whoever only asks. */
export const ladderReader =
  (trail: Trail, rows: Rows): Ladders['load'] =>
  async (ladder) =>
    foldOn(trail, ladder, await snapshotIn(rows, ladder));

const snapshotIn = async (rows: Rows, ladder: string): Promise<LadderState> => {
  const [snapshot] = await rows.newest(snapshotOf(ladder), 1);
  return { ...initialState, ...(snapshot?.body as LadderState | undefined) };
};

/** How many versions a load may fold before it leaves a snapshot behind. */
const snapshotEvery = 10;

const foldOn = async (trail: Trail, ladder: string, start: LadderState): Promise<LadderState> => {
  let state = start;
  for (;;) {
    const place = await trail.find(versionKey(ladder, state.version + 1));
    if (place === null) return state;
    state = foldVersion(state, await trail.read(place));
  }
};

const save = (rows: Rows, ladder: string, state: LadderState): Promise<void> =>
  rows.put([{ question: snapshotOf(ladder), sort: 'state', segment: 0, body: { ...state } }]);
