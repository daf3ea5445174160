import type { LadderConfig } from '../../shared/config/config.ts';
import type { Decision } from '../../shared/ladder/decide.ts';
import { type DecidedOn, foldVersion, versionGroup, versionKey } from '../../shared/ladder/record.ts';
import { initialState, type LadderState, stateForm } from '../../shared/ladder/state.ts';
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
    let start = await snapshotIn(rows, ladder);
    for (;;) {
      const state = await foldOn(trail, ladder, start, foldedAtOnce);
      if (state.version > start.version + snapshotEvery) await save(rows, ladder, state);
      if (state.version < start.version + foldedAtOnce) return state;
      start = state;
    }
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
    foldOn(trail, ladder, await snapshotIn(rows, ladder), Infinity);

/**
 * What deciders of another form made of the versions may be another state: one that lacks what was said before they knew
 * of it. It is not believed; the versions are folded anew.
 */
const snapshotIn = async (rows: Rows, ladder: string): Promise<LadderState> => {
  const [snapshot] = await rows.newest(snapshotOf(ladder), 1);
  if (snapshot === undefined || snapshot.body['form'] !== stateForm) return initialState;
  const { form: _form, ...state } = snapshot.body;
  return state as LadderState;
};

/** How many versions a load may fold before it leaves a snapshot behind. */
const snapshotEvery = 10;
/** A load that has to fold more leaves one on the way: should it be cut off, the next goes on from there. */
const foldedAtOnce = 500;

const foldOn = async (trail: Trail, ladder: string, start: LadderState, atMost: number): Promise<LadderState> => {
  let state = start;
  for (;;) {
    if (state.version >= start.version + atMost) return state;
    const place = await trail.find(versionKey(ladder, state.version + 1));
    if (place === null) return state;
    state = foldVersion(state, await trail.read(place));
  }
};

const save = (rows: Rows, ladder: string, state: LadderState): Promise<void> =>
  rows.put([{ question: snapshotOf(ladder), sort: 'state', segment: 0, body: { ...state, form: stateForm } }]);
