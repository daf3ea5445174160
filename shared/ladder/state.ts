import type { Revoked } from '../config/config.ts';
import type { Above, Called, Ended } from './adopted.ts';
import type { Actor, Instant } from '../trail/entry.ts';
import type { LadderEvent, Release, Sourced } from './events.ts';
import type { Written } from './by-hand.ts';
import { goesBack } from './actions.ts';
import { type Aside, noteAside } from './aside.ts';
import { type Check, checkAfter } from './check.ts';
import { afterRun, type Circuit, closedCircuit } from './circuit.ts';
import type { Pushed } from './hands.ts';
import { reached, releasesKept } from './reached.ts';
import { afterStep, attempted, type Incident, moved, opened, type StepEnded } from './incident.ts';

/**
 * A ladder's state is what its versions say, folded; nothing in it comes from anywhere else. A snapshot of it is a
 * cache: deleting all snapshots changes nothing.
 */
export type LadderState = {
  /** the last version folded in; 0 before the first */
  version: number;
  /** the highest seq taken in as an input: the same entry is never taken in twice */
  seen: number;
  checks: { [name: string]: Check };
  /** how long the alarm of a check takes to follow what it watches (ms), where that is known */
  windows: { [check: string]: number };
  /** executions on their way here, newest first, at most `releasesKept`: what their source turned out to be */
  sourced: (Sourced & { execution: string })[];
  /** newest first, at most `releasesKept` */
  releases: KeptRelease[];
  /** who pushed what, newest last: at most `pushesKept`, and what came here or is on its way */
  pushed: Pushed[];
  /** newest last, at most `quarantinesKept`: commits that are refused here until a person releases them */
  quarantines: Quarantine[];
  /** what the configuration revokes: refused here whatever anybody says */
  revoked: Revoked[];
  incident: Incident | null;
  /** set by a hand-over or an observed incident: the ladder opens nothing until it is freed */
  hold: { reason: string; freeAfter: 'pause' | 'pass' } | null;
  /** set by a person: nothing is done here until it is resumed, or a claim is over */
  stop: Stop | null;
  /** the last change that somebody made by hand to what it acts on */
  written: Written | null;
  /** opened by runs that did not converge: none is begun until a person closes it */
  circuit: Circuit;
  /** what the ladder of the environment said last: while somebody there owns the cause, nothing is begun here */
  above: Above;
  /** the last call of the environment's ladder that was taken up */
  called: Called | null;
  /** the one timer that counts, and the version that set it */
  timer: { version: number; due: Instant } | null;
  /** when runs began and which commits it went back from, kept for 24 h: what budgets count */
  runs: Instant[];
  wentBack: { at: Instant; commit: string }[];
  /** when it began to go back, come of it what may: a rollback that failed, or of which nothing is known, is one too */
  rollbacks: Instant[];
  /** what was done around the pipeline, newest last */
  aside: Aside[];
};

export type Stop = { by: 'hold' | 'claim'; who: Actor; why: string; until: Instant | null };

export type KeptRelease = Release & { good: boolean; quarantined: string | null; replacedAt: Instant | null };

/** `by` is the person whose word it is; null where the ladder went back from it for cause. */
export type Quarantine = { commit: string; reason: string; by: Actor | null; at: Instant };

/** As many pushes as are remembered besides those of what came here or is on its way. */
export const pushesKept = 100;

export const quarantinesKept = 100;
const dayInMs = 86_400_000;

export const initialState: LadderState = {
  version: 0,
  seen: -1,
  checks: {},
  windows: {},
  sourced: [],
  releases: [],
  pushed: [],
  quarantines: [],
  revoked: [],
  incident: null,
  hold: null,
  stop: null,
  written: null,
  above: { version: 0, by: null, call: null },
  called: null,
  circuit: closedCircuit,
  timer: null,
  runs: [],
  wentBack: [],
  rollbacks: [],
  aside: [],
};

/**
 * What `evolve` makes of the same events, by a name: snapshots of another form are not believed. A new field of the
 * state changes it by itself; raise the number where something else in the fold does.
 */
export const stateForm = `3 ${Object.keys(initialState).join(' ')}`;

/** Folds one event of version `version`, decided at `now`, into the state. Pure; knows no configuration. */
export const evolve = (state: LadderState, event: LadderEvent, version: number, now: Instant): LadderState => {
  switch (event.type) {
    case 'check.changed':
      return {
        ...state,
        checks: {
          ...state.checks,
          [event.check]: checkAfter(state.checks[event.check], event, now),
        },
      };
    case 'check.timed':
      return { ...state, windows: { ...state.windows, [event.check]: event.window } };
    case 'release.sourced':
      return { ...state, sourced: [sourcedOf(event), ...state.sourced].slice(0, releasesKept) };
    case 'release.reached':
      return { ...state, releases: reached(state, event) };
    case 'release.good':
      return { ...state, releases: mark(state.releases, event.release, { good: true }) };
    case 'release.quarantined':
      return {
        ...quarantined(state, { commit: event.commit, reason: event.reason, by: null, at: now }),
        wentBack: [...lastDay(state.wentBack, now), { at: now, commit: event.commit }],
      };
    case 'release.revoked':
      return { ...state, revoked: event.revoked };
    case 'quarantine.ordered':
      return quarantined(state, { commit: event.commit, reason: event.why, by: event.who, at: now });
    case 'quarantine.lifted':
      return lifted(state, event.commit);
    case 'timer.set':
      return { ...state, timer: { version, due: event.due } };
    case 'ladder.stopped':
      return { ...state, stop: { by: event.by, who: event.who, why: event.why, until: event.until } };
    case 'ladder.resumed':
      // What a person held up does not count as waiting.
      return withIncident(
        { ...state, stop: null, written: event.order === null ? state.written : null },
        (incident) => ({ ...incident, waitingSince: null }),
      );
    case 'ladder.held':
      return { ...state, hold: { reason: event.reason, freeAfter: 'pause' } };
    case 'ladder.freed':
      return { ...state, hold: null };
    case 'ladder.adopted':
      return { ...state, above: { version: event.aboveVersion, by: event.by, call: event.call } };
    case 'ladder.let-go':
      // What the environment held up does not count as waiting.
      return withIncident({ ...state, above: { version: event.aboveVersion, by: null, call: null } }, (incident) => ({
        ...incident,
        waitingSince: null,
      }));
    case 'call.refused':
      return { ...state, called: { by: event.by, call: event.call, incident: null, ended: endedOf(event) } };
    case 'incident.called':
      return withIncident(
        { ...state, called: { by: event.by, call: event.call, incident: event.incident, ended: null } },
        (incident) => moved(incident, event, now),
      );
    case 'incident.opened':
      return { ...state, incident: opened(event, now) };
    case 'incident.closed':
      return {
        ...state,
        incident: null,
        timer: null,
        hold: holdAfter(event),
        called: calledAfter(state, event),
        circuit: afterRun(state.circuit, state.incident, event.status),
      };
    case 'change.pushed':
      return { ...state, pushed: pushedOnto(state, { commit: event.commit, who: event.who }) };
    case 'target.written':
      return { ...state, written: { who: event.who, call: event.call, target: event.target, at: event.at } };
    case 'circuit.opened':
      return { ...state, circuit: { ...state.circuit, open: true } };
    case 'circuit.closed':
      return { ...state, circuit: closedCircuit };
    case 'attempt.started':
      return withIncident(
        { ...state, runs: state.incident?.attempt === 0 ? [...recent(state.runs, now), now] : state.runs },
        (incident) => attempted(incident, event),
      );
    case 'step.started':
      return withIncident(noteAside(counted(state, now), now), (incident) => moved(incident, event, now));
    case 'step.ended':
      return stepEnded(event.outcome === 'unknown' ? noteAside(counted(state, now), now) : state, event);
    case 'cause.shared':
    case 'cause.handed-over':
    case 'change.warned':
    case 'release.unconfirmed':
    case 'order.refused':
    case 'gameday.held':
    case 'alert.raised':
      return state;
    case 'incident.joined':
    case 'incident.waiting':
    case 'step.intended':
    case 'step.claimed':
    case 'step.approved':
    case 'incident.asking':
    case 'services.called':
    case 'service.ended':
    case 'incident.settling':
    case 'incident.verifying':
      return withIncident(state, (incident) => moved(incident, event, now));
  }
};

/** A rollback counts once, when it is known to have begun, or not known not to have. */
const counted = (state: LadderState, now: Instant): LadderState => {
  const phase = state.incident?.phase;
  if (phase?.name !== 'acting' || phase.started || !goesBack(phase.intent)) return state;
  return { ...state, rollbacks: [...recent(state.rollbacks, now), now] };
};

const stepEnded = (state: LadderState, event: StepEnded): LadderState =>
  withIncident(state, (incident) => afterStep(incident, event));

const holdAfter = (event: Extract<LadderEvent, { type: 'incident.closed' }>): LadderState['hold'] => {
  if (event.status === 'handed-over') return { reason: event.reason, freeAfter: 'pause' };
  if (event.status === 'observed') return { reason: event.reason, freeAfter: 'pass' };
  return null;
};

const endedOf = ({ status, reason }: Ended): Ended => ({ status, reason });

/** A call ends with the incident that took it up. */
const calledAfter = (
  { called, incident }: LadderState,
  event: Extract<LadderEvent, { type: 'incident.closed' }>,
): LadderState['called'] =>
  called === null || called.incident !== incident?.id ? called : { ...called, ended: endedOf(event) };

const withIncident = (state: LadderState, change: (incident: Incident) => Incident): LadderState =>
  state.incident === null ? state : { ...state, incident: change(state.incident) };

const mark = (releases: KeptRelease[], id: string, as: Partial<KeptRelease>): KeptRelease[] =>
  releases.map((release) => (release.id === id ? { ...release, ...as } : release));

/**
 * The same revisions are refused however they came here: a redeployment of them too. A person's word stands until a
 * person takes it back. Where there are too many, the oldest that the ladder itself found makes room.
 */
const quarantined = (state: LadderState, added: Quarantine): LadderState => {
  const known = state.quarantines.find(({ commit }) => commit === added.commit);
  const kept = known?.by == null ? added : known;
  const all = [...state.quarantines.filter(({ commit }) => commit !== added.commit), kept];
  const oldest = all.length > quarantinesKept ? all.find(({ by }) => by === null) : undefined;
  return {
    ...state,
    quarantines: all.filter((one) => one !== oldest),
    releases: marked(state.releases, added.commit, kept.reason),
  };
};

const lifted = (state: LadderState, commit: string): LadderState => ({
  ...state,
  quarantines: state.quarantines.filter((one) => one.commit !== commit),
  releases: marked(state.releases, commit, null),
  wentBack: state.wentBack.filter((mark) => mark.commit !== commit),
});

const marked = (releases: KeptRelease[], commit: string, reason: string | null): KeptRelease[] =>
  releases.map((release) => (release.commit === commit ? { ...release, quarantined: reason } : release));

/** Newest last. What may be asked about is not forgotten, however much is pushed. */
const pushedOnto = ({ pushed, releases, sourced }: LadderState, added: Pushed): Pushed[] => {
  const known = new Set([...releases, ...sourced].map(({ commit }) => commit));
  const all = [...pushed, added];
  return all.filter(({ commit }, index) => index >= all.length - pushesKept || known.has(commit));
};

const sourcedOf = (event: Sourced & { execution: string }): LadderState['sourced'][number] => ({
  execution: event.execution,
  commit: event.commit,
  author: event.author,
  subject: event.subject,
  contains: event.contains,
});

const recent = (instants: Instant[], now: Instant): Instant[] =>
  instants.filter((at) => Date.parse(now) - Date.parse(at) < dayInMs);

const lastDay = <T extends { at: Instant }>(marks: T[], now: Instant): T[] =>
  marks.filter(({ at }) => Date.parse(now) - Date.parse(at) < dayInMs);
