import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';
import { EscalatorError } from '../errors.ts';
import type { CheckReading, Input } from '../ladder/input.ts';
import { alarmInput } from '../ladder/inputs-of.ts';
import { evolve, type LadderState } from '../ladder/state.ts';
import { isReplayed } from '../event/replay.ts';
import { text } from '../event/fields.ts';
import { canonical } from '../trail/canonical.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import { atVersion, folded, inputsFor } from './at-version.ts';
import type { Happening, Version } from './happening.ts';
import type { Line } from './line.ts';
import { after, type Gone, ofItsOwn, ownUntil, resume, stop } from './own.ts';
import { withNeighbour } from './neighbours.ts';
import type { Past } from './past.ts';
import { asRecorded, atRest, beginning, decidedBy, only, type Route, type Walk } from './walk.ts';

/** A ladder on its way through the past. */
export type Journey = { route: Route; known: Known; walk: Walk; lines: Line[] };

/**
 * Sets out to replay the recorded past of one ladder through another configuration: what would have been decided otherwise,
 * and by which setting. Exact up to the first act that differs: then the world would have been another, and it is unknown
 * what came, until the recorded ladder is at rest again and the walk goes on from there.
 *
 * @param from the seq from which on decisions are compared; what stands before is only folded
 * @throws EscalatorError ESC-040 where the past lacks a version, or the text of a configuration that decided one
 */
export const setOut = ({ past, entries }: Sought, config: Config, service: LadderConfig, from: number): Journey => {
  const route: Route = { config, own: only(config, service), service, evidence: past.evidence };
  const known = { past, entries, ladder: service.ladder, taken: takenBy(past, service.ladder) };
  const before = past.happenings.filter(({ seq }) => seq < from);
  const since = past.happenings.find(({ seq }) => seq >= from);
  const start = before.reduce((walk, happening) => noteOnly(route, walk, known, happening), firstOf(route, known));
  return { route, known, ...begin(route, start, since === undefined ? past.end : timeOf(since)) };
};

/** Takes the ladder to what happened next. @throws as `setOut` */
export const goTo = (journey: Journey, happening: Happening): Journey =>
  onwards(journey, go(journey.route, journey.walk, journey.known, happening));

/** Lets the ladder decide by itself until a moment; `isEnd` where nothing happened after it. */
export const goAlone = (journey: Journey, until: Instant, isEnd = false): Journey =>
  onwards(journey, ownUntil(journey.route, journey.walk, until, isEnd));

/** What another ladder would have done, and this one would have gone by, is not known from here on, or is again (null). */
export const doubting = (journey: Journey, doubt: string | null, at: Instant): Journey => {
  const walk = { ...journey.walk, doubt };
  return doubt === null || walk.other === null ? { ...journey, walk } : onwards(journey, stop(walk, at, doubt));
};

const onwards = (journey: Journey, { walk, lines }: Gone): Journey => {
  journey.lines.push(...lines); // its own: nobody else holds it
  return { ...journey, walk };
};

/** All that is said of the way. */
export const toldOf = ({ lines }: Journey): Line[] => joined(lines);

/** A past, and its entries by seq: the same for all ladders. */
export type Sought = { past: Past; entries: Map<number, Entry> };

export const soughtIn = (past: Past): Sought => ({
  past,
  entries: new Map(past.happenings.flatMap((one) => (one.type === 'entry' ? [[one.seq, one.entry] as const] : []))),
});

/** What is looked up on the way. */
type Known = Sought & { ladder: string; taken: Set<number> };

const takenBy = ({ happenings }: Past, ladder: string): Set<number> =>
  new Set(happenings.flatMap((one) => takenIn(one, ladder)));

const takenIn = (happening: Happening, ladder: string): number[] => {
  if (happening.type !== 'version' || happening.version.ladder !== ladder) return [];
  const { input } = happening.version.on;
  return 'seq' in input ? [input.seq] : [];
};

export const timeOf = (happening: Happening): Instant => {
  if (happening.type === 'known') return happening.at;
  return happening.type === 'version' ? happening.version.on.now : happening.entry.observedAt;
};

const begin = (route: Route, walk: Walk, at: Instant): Gone =>
  atRest(route, walk)
    ? { walk: { ...walk, other: asRecorded(route, walk) }, lines: [] }
    : stop(walk, at, 'when the rehearsal begins an incident is open, the ladder is held, or a check fails');

const go = (route: Route, walk: Walk, known: Known, happening: Happening): Gone => {
  if (happening.type === 'known') return { walk: noteOnly(route, walk, known, happening), lines: [] };
  if (happening.type === 'entry')
    return atEntry(route, noteOnly(route, walk, known, happening), known, happening.entry);
  const { version } = happening;
  if (version.ladder !== known.ladder) return { walk: beside(route, walk, version), lines: [] };
  if (!known.past.configs.has(version.on.config)) throw noText(version);
  const by = decidedBy(route, walk, configOf(known, version.on.config));
  return atVersion(route, whole(by, version), version, known.entries);
};

/** What the trail says without being compared: the state as recorded, the configuration in force, how alarms stand. */
const noteOnly = (route: Route, walk: Walk, known: Known, happening: Happening): Walk => {
  if (happening.type === 'known') return happening.ladder === known.ladder ? withKnown(walk, happening) : walk;
  if (happening.type === 'entry') return noted(route, inForce(route, walk, known, happening.entry), happening.entry);
  const { version } = happening;
  if (version.ladder !== known.ladder) return beside(route, walk, version);
  return folded(whole(decidedBy(route, walk, configOf(known, version.on.config)), version), version);
};

/** What is known of a ladder is known whatever would have been decided. */
const withKnown = (walk: Walk, { event, at }: Extract<Happening, { type: 'known' }>): Walk => {
  const next = (state: LadderState): LadderState => evolve(state, event, state.version, at);
  return { ...walk, recorded: next(walk.recorded), other: walk.other === null ? null : next(walk.other) };
};

const beside = ({ config }: Route, walk: Walk, version: Version): Walk => ({
  ...walk,
  neighbours: withNeighbour(walk.neighbours, config, version),
});

const configOf = ({ past, ladder }: Known, digest: string): LadderConfig | null => {
  const config = past.configs.get(digest);
  return config === undefined ? null : (laddersOf(config).find((one) => one.ladder === ladder) ?? null);
};

/** Before the first version it is the first configuration that is known of. */
const firstOf = (route: Route, known: Known): Walk => {
  const { happenings, configs } = known.past;
  const first = happenings.find((one) => one.type === 'version' && one.version.ladder === known.ladder);
  const digest = first?.type === 'version' ? first.version.on.config : [...configs.keys()][0];
  return decidedBy(route, beginning, configOf(known, digest ?? ''));
};

const inForce = (route: Route, walk: Walk, known: Known, { kind, source, detail }: Entry): Walk =>
  kind === 'configuration.loaded' && source.name === 'escalator'
    ? decidedBy(route, walk, configOf(known, text(detail, 'digest') ?? ''))
    : walk;

/** How alarms stand by their events, and what else entries say of checks that are no alarms. */
const noted = (route: Route, walk: Walk, entry: Entry): Walk => {
  const told = inputsFor(route.own, route.service, entry).flatMap((input) => input.told ?? []);
  const checks = told.map(({ check, ...said }): [string, CheckReading] => [`check ${check}`, said]);
  const news = [...checks, ...alarmIn(entry)].filter(([of, { at }]) => at >= (walk.noted[of]?.at ?? ''));
  return news.length === 0 ? walk : { ...walk, noted: { ...walk.noted, ...Object.fromEntries(news) } };
};

const alarmIn = (entry: Entry): [string, CheckReading][] => {
  if (entry.kind !== 'alarm.changed' || entry.source.name !== 'aws.cloudwatch' || isReplayed(entry)) return [];
  const input = alarmInput(entry);
  if (input === null) return [];
  const { alarm, value, at, reason } = input;
  return [[alarm, { value, at, reason }]];
};

const whole = (walk: Walk, { ladder, version }: Version): Walk => {
  if (version === walk.recorded.version + 1) return walk;
  throw new EscalatorError(
    'ESC-040',
    `version ${version} of ${ladder} comes after ${walk.recorded.version}: what is between is not there`,
    'rehearse the whole trail, or an export of all of it',
  );
};

const noText = ({ ladder, version, on }: Version): EscalatorError =>
  new EscalatorError(
    'ESC-040',
    `version ${version} of ${ladder} was decided by configuration ${on.config.slice(0, 12)}, whose text is not on the trail`,
    'give the file as it was then by --was FILE',
  );

/** An entry that the recorded ladder did not take in may be one that the other does. */
const atEntry = (route: Route, walk: Walk, known: Known, entry: Entry): Gone => {
  const inputs = newTo(route, walk, known, entry);
  if (walk.other === null) return resume(route, { walk, lines: [] }, entry.observedAt);
  if (inputs.length === 0) return { walk, lines: [] };
  const own = ownUntil(route, walk, entry.observedAt);
  const gone = inputs.reduce<Gone>(
    (sofar, input) => after(ofItsOwn(route, sofar.walk, input, entry.observedAt), ...sofar.lines),
    own,
  );
  return resume(route, gone, entry.observedAt);
};

/** What an entry is to the other ladder that it was not to the recorded one, or that it decided nothing on. */
const newTo = (route: Route, walk: Walk, { taken }: Known, entry: Entry): Input[] => {
  if (taken.has(entry.seq)) return [];
  const inputs = inputsFor(route.own, route.service, entry);
  if (inputs.length === 0 || walk.was === null) return inputs;
  const known = inputsFor(only(route.config, walk.was), walk.was, entry).map(canonical);
  return inputs.filter((input) => !known.includes(canonical(input)));
};

/** One unknown after another for the same reason is one. */
const joined = (lines: Line[]): Line[] => {
  const kept: Line[] = [];
  for (const line of lines) {
    const [before, last] = kept.slice(-2);
    const isSame =
      line.type === 'unknown' && last?.type === 'again' && before?.type === 'unknown' && alike(before.why, line.why);
    if (isSame) kept.pop();
    else kept.push(line);
  }
  return kept;
};

const alike = (one: string, other: string): boolean => withoutTimes(one) === withoutTimes(other);
const withoutTimes = (why: string): string => why.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
