import type { Config, LadderConfig, ServiceConfig } from '../config/config.ts';
import type { Check } from '../ladder/check.ts';
import { type Decision, freeAt } from '../ladder/decide.ts';
import type { CheckReading, Input } from '../ladder/input.ts';
import { type DecidedOn, foldVersion, versionGroup } from '../ladder/record.ts';
import { bakesSince } from '../ladder/releases.ts';
import { initialState, type LadderState } from '../ladder/state.ts';
import { after } from '../ladder/turn.ts';
import { bakeFor } from '../ladder/windows.ts';
import type { Draft, Instant, Source } from '../trail/entry.ts';
import type { Evidence } from './evidence.ts';
import type { Neighbours } from './neighbours.ts';
import { sameIn } from './readings.ts';
import { type Setting, settingsBetween } from './settings.ts';

/** What a walk through the past of one ladder goes by. */
export type Route = {
  config: Config;
  /** the same with no other ladder: what an entry is to this one is asked of it for every entry */
  own: Config;
  service: LadderConfig;
  evidence: Evidence;
};

/** A configuration of one ladder. */
export const only = (config: Config, ladder: LadderConfig): Config =>
  ladder.service === null
    ? { ...config, environments: [ladder], services: [] }
    : { ...config, environments: [], services: [ladder] };

/** How far a walk has come. Never changed in place. */
export type Walk = {
  readonly recorded: LadderState;
  /** as it would be by the other configuration; null while nobody can know */
  readonly other: LadderState | null;
  /** what the recorded ladder is decided by; null where it had none yet */
  readonly was: LadderConfig | null;
  readonly settings: readonly Setting[];
  readonly neighbours: Neighbours;
  /** how the alarms stood at last, by their events */
  readonly noted: { readonly [source: string]: CheckReading };
  /** the reading of its own that brought nothing, so that it is not made again */
  readonly tried: Instant | null;
  /** what made the last difference */
  readonly blamed: readonly string[];
  /** recorded decisions passed by since nobody can know */
  readonly passed: number;
  /** what another ladder would have done, and this one would have gone by, is not known: why; null where it is */
  readonly doubt: string | null;
};

export const beginning: Walk = {
  recorded: initialState,
  other: null,
  was: null,
  settings: [],
  neighbours: {},
  noted: {},
  tried: null,
  blamed: [],
  passed: 0,
  doubt: null,
};

/** The recorded ladder is decided by another configuration from here on. */
export const decidedBy = ({ service }: Pick<Route, 'service'>, walk: Walk, was: LadderConfig | null): Walk =>
  was === walk.was ? walk : { ...walk, was, settings: was === null ? [] : settingsBetween(was, service) };

/** Nothing is open or held in the ladder as recorded, and no check of the other configuration fails: it may go on. */
export const atRest = (route: Route, walk: Walk): boolean =>
  walk.doubt === null &&
  walk.recorded.incident === null &&
  walk.recorded.hold === null &&
  Object.values(checksAsRecorded(route, walk)).every(({ value }) => value !== 'fail');

/** The state as recorded, with what the other configuration would know of its checks. */
export const asRecorded = (route: Route, walk: Walk): LadderState => ({
  ...walk.recorded,
  checks: checksAsRecorded(route, walk),
});

const checksAsRecorded = ({ service }: Route, { recorded, was, noted }: Walk): { [name: string]: Check } => {
  const known = Object.values(service.checks).flatMap((of): [string, Check][] => {
    const before = sameIn(was, of);
    const check = before === undefined ? checkOf(noted[of.alarm ?? `check ${of.name}`]) : recorded.checks[before.name];
    return check === undefined ? [] : [[of.name, check]];
  });
  return Object.fromEntries(known);
};

const checkOf = (reading: CheckReading | undefined): Check | undefined =>
  reading === undefined ? undefined : { ...reading, since: reading.at };

/** The timer of the other state is the recorded one: it fires when that did. */
export const firesAsRecorded = ({ recorded, other }: Walk): boolean =>
  other?.timer != null && recorded.incident !== null && recorded.timer?.due === other.timer.due;

/** When the next reading of the checks brings something by itself: a release baked, a ladder freed, a claim over. */
const readingDue = (state: LadderState, service: LadderConfig): Instant | null => {
  const bakes = service.service === null ? null : bakesAt(state, service);
  const dues = [bakes, freeAt(state, service), state.stop?.until ?? null];
  return dues.filter((due) => due !== null).toSorted()[0] ?? null;
};

const bakesAt = (state: LadderState, service: ServiceConfig): Instant | null => {
  const since = bakesSince(state, service);
  return since === null ? null : after(since, bakeFor(state, service, service.bake));
};

/** What the other ladder would decide next by itself, at another time than the recorded one: when, and on what. */
export const nextOfItsOwn = ({ service }: Route, walk: Walk): { due: Instant; input: Input } | null => {
  const { other, recorded, was, tried } = walk;
  if (other === null) return null;
  const timer = other.timer === null || other.incident === null || firesAsRecorded(walk) ? null : other.timer;
  const due = readingDue(other, service);
  const theirs = was === null ? null : readingDue(recorded, was);
  const read = due === null || due === theirs || due === tried ? null : due;
  if (timer !== null && (read === null || timer.due <= read))
    return { due: timer.due, input: { type: 'timer', ...timer } };
  return read === null ? null : { due: read, input: { type: 'read' } };
};

/** Whether a reading of its own would be due as recorded, had a setting stayed as it was. */
export const readsAsRecorded = (walk: Walk, service: LadderConfig): boolean =>
  walk.other !== null && walk.was !== null && readingDue(walk.other, service) === readingDue(walk.recorded, walk.was);

const nobody: Source = { name: 'escalator', account: '', region: '', id: null, digest: null };

/** What a decision would put on record, and the state after it. */
export const put = (
  service: LadderConfig,
  state: LadderState,
  on: DecidedOn,
  decision: Decision,
): { entries: Draft[]; state: LadderState } => {
  const { entries } = versionGroup(service, state, on, decision, nobody);
  return { entries, state: decision.events.length === 0 ? state : foldVersion(state, entries) };
};
