import type { Config, LadderConfig } from '../config/config.ts';
import { decide } from '../ladder/decide.ts';
import type { Input } from '../ladder/input.ts';
import { inputsOf } from '../ladder/inputs-of.ts';
import { foldVersion } from '../ladder/record.ts';
import type { LadderState } from '../ladder/state.ts';
import { says } from '../story/says.ts';
import { canonical } from '../trail/canonical.ts';
import type { Entry } from '../trail/entry.ts';
import { compare, type Comparison, saidIn } from './compare.ts';
import type { Version } from './happening.ts';
import type { Line } from './line.ts';
import { after, anotherWorld, type Gone, ownUntil, resume, saidBy, stop } from './own.ts';
import { readingsLike } from './readings.ts';
import { firesAsRecorded, only, put, type Route, type Walk } from './walk.ts';
import { settingsWhere, whyOf } from './why.ts';

/** Comes to a recorded decision: decides it by the other configuration, on what was recorded with it, and compares. */
export const atVersion = (route: Route, walk: Walk, version: Version, entries: Map<number, Entry>): Gone => {
  const { now } = version.on;
  const own = ownUntil(route, walk, now);
  if (own.walk.other === null) return after(passBy(route, own.walk, version), ...own.lines);
  const gone = decideAsWell(route, own.walk, own.walk.other, version, entries);
  const then = resume(route, { ...gone, walk: folded(gone.walk, version) }, now);
  return after(then, ...own.lines);
};

/** Takes note of a recorded decision that cannot be compared. */
const passBy = (route: Route, walk: Walk, version: Version): Gone =>
  resume(route, { walk: { ...folded(walk, version), passed: walk.passed + 1 }, lines: [] }, version.on.now);

export const folded = (walk: Walk, { entries }: Version): Walk => ({
  ...walk,
  recorded: foldVersion(walk.recorded, entries),
});

const decideAsWell = (
  route: Route,
  walk: Walk,
  other: LadderState,
  version: Version,
  entries: Map<number, Entry>,
): Gone => {
  const input = inputLike(route, walk, version.on.input, entries);
  if (input === null) return toldBeside(walk, version, saysNothing(route, walk, version));
  const { service, evidence } = route;
  const { now } = version.on;
  const { was, neighbours } = walk;
  const asked = { config: route.config, evidence, service, was, neighbours, state: other, input, now };
  const known = readingsLike(version.on, walk.recorded, asked);
  if ('missing' in known) return notKnown(walk, now, known.missing);
  const { readings } = known;
  const seen = 'seq' in input ? Math.min(other.seen, input.seq - 1) : other.seen;
  const state = { ...other, version: version.version - 1, seen };
  const decision = decide(state, input, readings, now, service);
  const would = put(service, state, { input, readings, now, config: route.config.digest }, decision);
  const comparison = compare(saidIn(version.entries), saidIn(would.entries));
  const why = comparison.same
    ? []
    : whyOf(route, walk, saidIn(version.entries), (by) => saidBy(by, state, input, readings, now));
  return toldBeside({ ...walk, other: would.state }, version, { ...comparison, why });
};

const notKnown = (walk: Walk, now: string, missing: string): Gone => {
  const stopped = stop(walk, now, missing);
  return { ...stopped, walk: { ...stopped.walk, passed: 1 } };
};

/** The recorded ladder was woken by a timer, or by an entry, that the other one would not have had. */
const saysNothing = ({ service }: Route, walk: Walk, version: Version): Comparison & { why: string[] } => {
  const comparison = compare(saidIn(version.entries), []);
  const { incident, timer } = walk.other ?? {};
  const waits = version.on.input.type === 'timer' && incident != null && timer != null;
  const rehearsed = waits ? [`nothing: to be looked at again at ${timer.due}`] : [];
  return { ...comparison, rehearsed, why: settingsWhere(walk, service, () => false) };
};

const toldBeside = (walk: Walk, version: Version, compared: Comparison & { why: string[] }): Gone => {
  const { same, acts, recorded, rehearsed, why } = compared;
  const { now: at } = version.on;
  const on = version.entries[0] === undefined ? '' : says(version.entries[0]);
  if (same) return { walk, lines: [{ type: 'same', at, version: version.version, on, recorded }] };
  const line: Line = { type: 'differs', at, version: version.version, on, recorded, rehearsed, why, acts: !acts };
  const blaming = { ...walk, blamed: why };
  return acts ? { walk: blaming, lines: [line] } : after(stop(blaming, at, anotherWorld), line);
};

/** What an entry is to a ladder. */
export const inputsFor = (config: Config, { ladder }: LadderConfig, entry: Entry): Input[] =>
  inputsOf(entry, config)
    .filter(({ service }) => service.ladder === ladder)
    .map(({ input }) => input);

/** What the other ladder takes in where the recorded one took something in; null where that is nothing to it. */
const inputLike = (route: Route, walk: Walk, given: Input, entries: Map<number, Entry>): Input | null => {
  if (given.type === 'timer')
    return firesAsRecorded(walk) && walk.other?.timer != null ? { type: 'timer', ...walk.other.timer } : null;
  const entry = 'seq' in given ? entries.get(given.seq) : undefined;
  if (entry === undefined) return given;
  const derived = inputsFor(route.own, route.service, entry);
  const found = derived.find(({ type }) => type === given.type) ?? derived[0];
  if (found === undefined || walk.was === null) return found ?? null;
  // Where both configurations read the same out of an entry, what was recorded of it stands.
  const then = inputsFor(only(route.config, walk.was), walk.was, entry);
  return then.some((one) => canonical(one) === canonical(found)) ? given : found;
};
