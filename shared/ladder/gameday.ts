import { alarmsOfCheck } from '../config/checks.ts';
import type { CheckConfig, LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { adoption } from './adopted.ts';
import type { Below } from './calling.ts';
import { failing, noteReadings, wereRead } from './checks.ts';
import type { Alert, LadderEvent } from './events.ts';
import { type AlarmReading, type Input, noReadings, type Readings } from './input.ts';
import { evolve, type LadderState } from './state.ts';
import { stopReason } from './steps.ts';
import { msBetween, say, type Turn } from './turn.ts';

/**
 * A game day: what a ladder would do if a check failed now, played to the end in thought, within one decision. Nothing is
 * opened, intended or kept by it, so that nothing can come of it but the story; what really fails is never held up.
 */
type Given = Extract<Input, { type: 'gameday' }>;

/** Something that people would be told, so many ms after the check began to fail. */
export type Told = { after: number } & Pick<Alert, 'severity' | 'headline' | 'next'>;

/** How it would end; `nothing` where nothing would be done, and `open` where it is not over by then. */
export type GamedayEnd = { status: string; reason: string };

type Decide = (
  state: LadderState,
  input: Input,
  readings: Readings,
  now: Instant,
  config: LadderConfig,
) => { events: readonly LadderEvent[] };

/** Decisions played at most: an incident that waits for an hour takes about sixty. */
const movesAtMost = 200;
const toldAtMost = 60;

export const onGameday = (turn: Turn, given: Given, decide: Decide): Turn => {
  const { seq, who, why, check, mode, steps } = given;
  const reason = refusalOf(turn, given);
  if (reason !== null) return say(turn, { type: 'order.refused', order: seq, asked: 'hold a game day', who, reason });
  const { told, end } = play(turn, given, decide);
  const { ladder } = turn.config;
  return say(turn, { type: 'gameday.held', order: seq, ladder, who, why, check, mode, steps, told, end });
};

/** A real failure comes first. */
const refusalOf = (turn: Turn, { check, why }: Given): string | null => {
  if (why.trim() === '') return 'an order says why';
  if (turn.config.checks[check] === undefined)
    return `there is no check ${JSON.stringify(check)}; there are ${Object.keys(turn.config.checks).join(', ')}`;
  if (turn.state.incident !== null) return `incident ${turn.state.incident.id} is open: what really fails comes first`;
  if (!wereRead(turn.readings)) return 'the checks cannot be read';
  const [really] = failing(noteReadings(turn).state, turn.config);
  return really === undefined ? null : `check ${really.name} really fails: that comes first`;
};

/** How far the story is told. `doing` counts what was played as done. */
type Scene = { state: LadderState; now: Instant; told: Told[]; done: number; closed: GamedayEnd | null };

const play = (turn: Turn, given: Given, decide: Decide): { told: Told[]; end: GamedayEnd } => {
  const config = withMode(turn.config, given.mode);
  const check = config.checks[given.check] as CheckConfig;
  let scene: Scene = { state: turn.state, now: turn.now, told: [], done: 0, closed: null };
  for (let moves = 0; moves < movesAtMost; moves += 1) {
    const input: Input | null = moves === 0 ? { type: 'read' } : moveIn(scene, moves);
    if (input === null) break;
    const now = input.type === 'timer' ? input.due : scene.now;
    const readings = readingsIn(turn, config, check, given, scene);
    scene = then(turn, scene, decide(scene.state, input, readings, now, config).events, now);
  }
  return { told: scene.told.slice(0, toldAtMost), end: endOf(turn, scene) };
};

const withMode = (config: LadderConfig, mode: Given['mode']): LadderConfig =>
  mode === null ? config : { ...config, levels: config.levels.map((level) => ({ ...level, mode })) };

/** What happens next in the story: an act begins and is done, somebody approves, or time passes. Null when it is over. */
const moveIn = ({ state, now }: Scene, moves: number): Input | null => {
  const { incident, timer, stop } = state;
  if (incident === null || timer === null) return null;
  const { phase } = incident;
  const seq = state.seen + 1;
  if (phase.name === 'acting' && !phase.started) {
    const execution = phase.intent.action === 'redeploy' ? `game day ${moves}` : null;
    const result = { outcome: 'started' as const, reason: '', execution, instances: [] };
    return { type: 'result', seq, actKey: phase.intent.actKey, result };
  }
  if (phase.name === 'acting' && phase.execution !== null) {
    const stage = { outcome: 'succeeded', startedAt: now, at: now, reason: 'taken as done' };
    return { type: 'stage', seq, execution: phase.execution, ...stage };
  }
  if (phase.name === 'asking') {
    const who = { type: 'person' as const, id: `game day ${moves}`, name: 'somebody who may', verified: true };
    return { type: 'order', seq, order: { name: 'approve', incident: incident.id }, who, why: 'game day' };
  }
  return phase.name === 'waiting' && stop !== null ? null : { type: 'timer', ...timer };
};

/** Everything as it was just read, but for the check; every act that began is done, and every service that was called is well. */
const readingsIn = (turn: Turn, config: LadderConfig, check: CheckConfig, given: Given, scene: Scene): Readings => {
  const isHealed = given.steps !== null && scene.done >= given.steps;
  const value = isHealed ? ('pass' as const) : ('fail' as const);
  const { above, alarms, sources } = turn.readings;
  const reading = { value, at: scene.now, reason: 'a game day: not really' };
  const pretended = alarmsOfCheck(check);
  return {
    ...noReadings,
    alarms: {
      ...alarms,
      ...Object.fromEntries(pretended.map((alarm) => [alarm, { ...reading, ...failingIn(check) }])),
    },
    sources: pretended.length === 0 ? { ...sources, [check.name]: reading } : (sources ?? {}),
    execution: broughtIn(scene),
    outcome: { status: 'done', reason: 'taken as done' },
    ...(above !== undefined && { above }),
    ...(config.service === null && { below: belowIn(config.below, scene) }),
  };
};

/** Where a check says by name what fails, one is made up. */
const failingIn = (check: CheckConfig): Pick<AlarmReading, 'failing'> =>
  'per' in check ? { failing: { [check.per]: [`some-${check.per}`] } } : {};

/** What the execution of a redeployment puts there: what it was meant to. */
const broughtIn = ({ state }: Scene): Readings['execution'] => {
  const phase = state.incident?.phase;
  if (phase?.name !== 'acting' || phase.intent.action !== 'redeploy') return null;
  const { execution, commit } = phase.intent.release;
  return { rollback: true, target: execution, commit };
};

const belowIn = (ladders: string[], { state: { incident } }: Scene): Below => {
  const call = incident?.phase.name === 'calling' ? incident.phase.call : null;
  const ended = call === null ? null : { status: 'converged' as const, reason: 'taken as done' };
  return Object.fromEntries(ladders.map((ladder) => [ladder, { by: incident?.id ?? null, acting: null, call, ended }]));
};

const then = (turn: Turn, scene: Scene, events: readonly LadderEvent[], now: Instant): Scene => {
  const version = scene.state.version + 1;
  const state = events.reduce((next, event) => evolve(next, event, version, now), scene.state);
  const closed = events.find((event) => event.type === 'incident.closed');
  const done = events.filter((event) => event.type === 'step.ended' && event.outcome === 'done').length;
  return {
    state: { ...state, version },
    now,
    told: [...scene.told, ...events.flatMap((event) => toldBy(event, msBetween(turn.now, now)))],
    done: scene.done + done,
    closed: closed === undefined ? scene.closed : { status: closed.status, reason: closed.reason },
  };
};

const toldBy = (event: LadderEvent, after: number): Told[] => {
  if (event.type !== 'alert.raised') return [];
  const { severity, headline, next } = event.alert;
  return [{ after, severity, headline, next }];
};

const endOf = (turn: Turn, { state, closed }: Scene): GamedayEnd => {
  if (closed !== null) return closed;
  const stopped = stopReason(turn);
  if (state.incident !== null) return { status: 'open', reason: stopped ?? 'it is not over by then' };
  return { status: 'nothing', reason: turn.state.hold?.reason ?? adoption(turn) ?? 'no incident would be opened' };
};
