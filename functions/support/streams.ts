import type { Rows, Trail } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import type { OwnGroup } from '../../shared/trail/own-kinds.ts';

/** How the versions of a stream are named on the trail, and what state they make. */
export type StreamForm<State> = {
  /** the row of its snapshot */
  snapshot(id: string): string;
  /** the group key of a version */
  key(id: string, version: number): string;
  initial: State;
  fold(state: State, entries: Entry[]): State;
  /** the form of the state: a snapshot of another form is not believed */
  form: string | number;
};

/** A stream of versions: of two writers of the same version one is recorded, and the other learns of it. */
export type Stream<State> = {
  load: (id: string) => Promise<State>;
  /** records the next version, which makes `next`; false when another writer was first: load again */
  record: (id: string, group: OwnGroup, next: State) => Promise<boolean>;
};

/** How many versions a load may fold before it leaves a snapshot behind. */
const snapshotEvery = 10;
/** A load that has to fold more leaves one on the way: should it be cut off, the next goes on from there. */
const foldedAtOnce = 500;
/** How many states a process remembers: those of every ladder and group of a large account. */
const rememberedAtMost = 1_000;

/**
 * State = what this process made of it last, or a snapshot, then the versions after it, found by their keys. Both are
 * caches: a version never changes, so what was made of it stays right, and losing it costs only time.
 */
export const createStream = <State extends { version: number }>(
  trail: Trail,
  rows: Rows,
  form: StreamForm<State>,
): Stream<State> => {
  const known = new Map<string, State>();
  const remember = (id: string, state: State): State => {
    known.delete(id);
    known.set(id, state);
    if (known.size > rememberedAtMost) known.delete(known.keys().next().value as string);
    return state;
  };
  const save = (id: string, state: State): Promise<void> =>
    rows.put([{ question: form.snapshot(id), sort: 'state', segment: 0, body: { ...state, form: form.form } }]);
  return {
    load: async (id) => {
      let start = known.get(id) ?? (await snapshotIn(rows, form, id));
      for (;;) {
        const state = await foldOn(trail, form, id, start, foldedAtOnce);
        if (state.version > start.version + snapshotEvery) await save(id, state);
        if (state.version < start.version + foldedAtOnce) return remember(id, state);
        start = state;
      }
    },
    record: async (id, group, next) => {
      const [recorded] = await trail.append([group]);
      if (recorded?.status !== 'recorded') return false;
      remember(id, next);
      await save(id, next);
      return true;
    },
  };
};

/** Reads the state of a stream, and writes nothing: for whoever only asks. */
export const streamReader =
  <State extends { version: number }>(trail: Trail, rows: Rows, form: StreamForm<State>): Stream<State>['load'] =>
  async (id) =>
    foldOn(trail, form, id, await snapshotIn(rows, form, id), Infinity);

/**
 * What deciders of another form made of the versions may be another state: one that lacks what was said before they knew
 * of it. It is not believed; the versions are folded anew.
 */
const snapshotIn = async <State>(rows: Rows, form: StreamForm<State>, id: string): Promise<State> => {
  const [snapshot] = await rows.newest(form.snapshot(id), 1);
  if (snapshot === undefined || snapshot.body['form'] !== form.form) return form.initial;
  const { form: _form, ...state } = snapshot.body;
  return state as State;
};

const foldOn = async <State extends { version: number }>(
  trail: Trail,
  form: StreamForm<State>,
  id: string,
  start: State,
  atMost: number,
): Promise<State> => {
  let state = start;
  for (;;) {
    if (state.version >= start.version + atMost) return state;
    const place = await trail.find(form.key(id, state.version + 1));
    if (place === null) return state;
    state = form.fold(state, await trail.read(place));
  }
};
