import type { LadderConfig } from '../config/config.ts';
import { decide } from '../ladder/decide.ts';
import type { Input, Readings } from '../ladder/input.ts';
import { says } from '../story/says.ts';
import type { Draft, Instant } from '../trail/entry.ts';
import { compare, type Said, saidIn } from './compare.ts';
import type { Line } from './line.ts';
import { readingsAt } from './readings.ts';
import { asRecorded, atRest, nextOfItsOwn, put, readsAsRecorded, type Route, type Walk } from './walk.ts';
import { settingsWhere, whyOf } from './why.ts';

/** Where a walk has come, and what is said of the way. */
export type Gone = { walk: Walk; lines: Line[] };

/** Decisions of its own between two that are recorded, at most: what polls for days is told as unknown. */
const ownAtMost = 1_000;

/**
 * Lets the other ladder decide what it would have decided by itself before a moment: when its timers are due, and when
 * a reading of the checks would have brought something.
 *
 * @param isEnd of the past: what only a reading nobody made could tell then is left open
 */
export const ownUntil = (route: Route, start: Walk, until: Instant, isEnd = false): Gone => {
  let walk = start;
  const lines: Line[] = [];
  for (let count = 0; count < ownAtMost; count += 1) {
    const next = nextOfItsOwn(route, walk);
    if (next === null || next.due >= until) return { walk, lines };
    const gone = ofItsOwn(route, walk, next.input, next.due, isEnd);
    walk = gone.walk;
    lines.push(...gone.lines);
  }
  const stopped = stop(walk, until, `it would have decided more than ${ownAtMost} times by itself before`);
  return { walk: stopped.walk, lines: [...lines, ...stopped.lines] };
};

/** Decides what the recorded ladder did not: on a timer or a reading of its own, or on an entry that was not for it. */
export const ofItsOwn = (route: Route, walk: Walk, input: Input, now: Instant, isEnd = false): Gone => {
  const { other } = walk;
  if (other === null) return { walk, lines: [] };
  const { service, evidence } = route;
  const known = readingsAt({
    config: route.config,
    evidence,
    service,
    neighbours: walk.neighbours,
    was: walk.was,
    state: other,
    input,
    now,
  });
  if ('missing' in known)
    return isEnd && input.type === 'read'
      ? { walk: { ...walk, tried: now }, lines: [] }
      : stop(walk, now, known.missing);
  // Numbered after the recorded ones: what is counted is no difference.
  const state = { ...other, version: walk.recorded.version, seen: 'seq' in input ? input.seq - 1 : other.seen };
  const on = { input, readings: known.readings, now, config: route.config.digest };
  const decision = decide(state, input, known.readings, now, service);
  if (decision.events.length === 0) return { walk: idle(walk, input, now), lines: [] };
  const { entries, state: then } = put(service, state, on, decision);
  const why = whyOfItsOwn(route, walk, input, (by) => saidBy(by, state, input, known.readings, now));
  return moved({ ...walk, other: then, blamed: why }, now, entries, why);
};

const idle = (walk: Walk, input: Input, now: Instant): Walk =>
  input.type === 'timer' && walk.other !== null
    ? { ...walk, other: { ...walk.other, timer: null } }
    : input.type === 'read'
      ? { ...walk, tried: now }
      : walk;

const moved = (walk: Walk, at: Instant, entries: Draft[], why: string[]): Gone => {
  const { acts, rehearsed } = compare([], saidIn(entries));
  const [decided] = entries;
  const on = decided === undefined ? '' : says(decided);
  const line: Line = { type: 'differs', at, version: null, on, recorded: [], rehearsed, why, acts: !acts };
  return acts ? { walk, lines: [line] } : after(stop(walk, at, anotherWorld), line);
};

export const anotherWorld = 'what is done differs, and the world would have been another';

export const after = ({ walk, lines }: Gone, ...before: Line[]): Gone => ({ walk, lines: [...before, ...lines] });

/** What would be said by a configuration, in a state, of an input. */
export const saidBy = (
  service: LadderConfig,
  state: Parameters<typeof decide>[0],
  input: Input,
  readings: Readings,
  now: Instant,
): Said => {
  const decision = decide(state, input, readings, now, service);
  return saidIn(put(service, state, { input, readings, now, config: '' }, decision).entries);
};

/** A timer of its own was set by a decision that differs; a reading is due, and an entry taken in, by a setting. */
const whyOfItsOwn = (route: Route, walk: Walk, input: Input, again: (service: LadderConfig) => Said): string[] => {
  if (input.type === 'timer') return settingsWhere(walk, route.service, () => false);
  if (input.type === 'read') return settingsWhere(walk, route.service, (undone) => readsAsRecorded(walk, undone));
  return whyOf(route, walk, [], again);
};

/** From here on nobody can know. */
export const stop = (walk: Walk, at: Instant, why: string): Gone => ({
  walk: { ...walk, other: null, tried: null, blamed: [], passed: 0 },
  lines: [{ type: 'unknown', at, why }],
});

/** Goes on exactly, with the state as recorded, once the recorded ladder is at rest. */
export const resume = (route: Route, { walk, lines }: Gone, at: Instant): Gone => {
  if (walk.other !== null || !atRest(route, walk)) return { walk, lines };
  const again: Line = { type: 'again', at, passed: walk.passed };
  return { walk: { ...walk, other: asRecorded(route, walk), passed: 0 }, lines: [...lines, again] };
};
