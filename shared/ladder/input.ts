import type { Mode } from '../config/config.ts';
import type { Actor, Instant } from '../trail/entry.ts';
import type { Written } from './by-hand.ts';
import type { Above } from './adopted.ts';
import type { AccountReading } from './cause.ts';
import type { Below } from './calling.ts';
import type { CheckValue, Sourced } from './events.ts';
import type { ActReadings } from './may-act.ts';
import type { MetricReading } from './metric.ts';
import type { Past } from './past.ts';
import { isMissed } from './recovered.ts';
import type { Pushed } from './hands.ts';
import type { LadderState } from './state.ts';

/**
 * What a ladder takes in, one at a time: an entry of the trail (by its seq), a timer (with the version that set it),
 * a reading of every check, or the wish of take-step to begin an act. Each version records the input it was decided on.
 */
export type Input = Taken & { told?: Told[] };

type Taken =
  | { type: 'alarm'; seq: number; alarm: string; value: CheckValue; at: Instant; reason: string }
  | { type: 'sourced'; seq: number; execution: string; commit: string }
  | { type: 'stage'; seq: number; execution: string; outcome: string; startedAt: Instant; at: Instant; reason: string }
  /** a stage succeeded, and nobody told of it then: no news, and nothing is begun by it */
  | { type: 'recovered'; seq: number; execution: string; startedAt: Instant; at: Instant }
  | { type: 'result'; seq: number; actKey: string; result: ActResult }
  | { type: 'order'; seq: number; order: Order; who: Actor; why: string }
  | {
      type: 'gameday';
      seq: number;
      check: string;
      /** the mode that every level is taken to be in; as configured where null */
      mode: Mode | null;
      /** after how many steps the check is taken to pass again; never where null */
      steps: number | null;
      who: Actor;
      why: string;
    }
  | { type: 'claim'; actKey: string; holder: string; attempt: string }
  | { type: 'timer'; version: number; due: Instant }
  | ({ type: 'written'; seq: number } & Written)
  | ({ type: 'pushed'; seq: number } & Pushed)
  /** the ladder of the environment went on, or that of a service did: what it says is read, not told */
  | { type: 'above'; seq: number }
  | { type: 'below'; seq: number; ladder: string }
  | { type: 'skipped'; seq: number; reason: string }
  /** the configuration has the ladder no more */
  | { type: 'withdrawn' }
  | { type: 'told'; seq: number }
  /** an alarm of a check `per` a dimension changed, or one of its series did: which of them fail is read, not told */
  | { type: 'series'; seq: number; alarm: string }
  | { type: 'read' };

/** What an entry says of a check that is no alarm: it may come with what else the entry says. */
export type Told = { check: string; late?: true } & CheckReading;

/** What a person tells a ladder to do. */
export type Order =
  | { name: 'hold' }
  | { name: 'claim'; until: Instant }
  | { name: 'resume' }
  /** `level`: what was asked for when they read it; another one is not approved by it */
  | { name: 'approve'; incident: string; level?: string | undefined }
  | { name: 'force'; level: string }
  | { name: 'converge'; level: string }
  | { name: 'quarantine'; of: Which }
  | { name: 'release'; of: Which };

/** A release that is known here, by its id; or a commit, known here or not yet. */
export type Which = { release: string } | { commit: string };

/** What take-step found out about an act. */
export type ActResult = {
  outcome: 'started' | 'not-started' | 'deferred' | 'refused' | 'failed' | 'unknown';
  reason: string;
  /** the execution it started, where it started one */
  execution: string | null;
  /** the instances it gave up, where it replaces some */
  instances: string[];
  /** what else it started, by the id that its own service gave it: a deployment, a refresh, an automation */
  operation?: string;
};

/** What was read from the world for one decision, and recorded with it. A reading that failed is null: never a pass. */
export type Readings = CheckReadings & {
  sourced: Sourced | null;
  execution: ExecutionReading | null;
  outcome: OutcomeReading | null;
  /** what a claim is granted or refused on */
  act: ActReadings | null;
  /** what the ladder of the environment says; absent where it was not asked, or there is none */
  above?: Above;
  /** which services of the account fail; absent where nothing is about to be begun */
  account?: AccountReading;
  /** how the services of the environment stand; absent where they were not asked */
  below?: Below;
  /** when alarms passed at the time of a release that was found late; null where nobody can say */
  past?: Past | null;
};

/** How a step under way stands. */
export type OutcomeReading = {
  status: 'running' | 'done' | 'failed';
  reason: string;
  /** what took the place of what was given up, where that is known */
  became?: string[];
};

/** Of each check that needs it what its source says; `sources` by the check's name, where a ladder has such checks. */
export type CheckReadings = {
  alarms: { [alarm: string]: AlarmReading } | null;
  sources?: { [check: string]: CheckReading } | null;
};

export type CheckReading = { value: CheckValue; at: Instant; reason: string };

/**
 * `window` is how long the alarm takes to follow what it watches (ms), where that is known, `metric` what its metric says,
 * `failing` which values fail, by the dimensions that were asked for (`InstanceId`): at most `targetsKept` of each.
 */
export type AlarmReading = CheckReading & {
  window?: number;
  metric?: MetricReading;
  failing?: { [dimension: string]: string[] };
};

/** `target` is the execution a rollback goes back to. */
export type ExecutionReading = { rollback: boolean; target: string | null; commit: string | null };

/** What must be read before this input can be decided. Pure, so that what is read is as replayable as what is decided. */
export type Need = { [reading in Exclude<keyof Required<Readings>, 'sources'>]: boolean };

export const noReadings: Readings = { alarms: null, sourced: null, execution: null, outcome: null, act: null };

/** Says which readings a decision on `input` wants in `state`. */
export const needsOf = (state: LadderState, input: Input): Need => {
  const phase = input.type === 'timer' ? state.incident?.phase : undefined;
  const missed = input.type === 'recovered' && isMissed(state, input);
  return {
    alarms:
      input.type === 'read' ||
      input.type === 'series' ||
      input.type === 'above' ||
      looksAgain(input) ||
      (phase !== undefined && phase.name !== 'acting'),
    sourced: input.type === 'sourced' || missed,
    execution: (input.type === 'stage' && input.outcome === 'succeeded') || missed,
    outcome: phase?.name === 'acting' && phase.started,
    act: input.type === 'claim',
    above: ['timer', 'read', 'above', 'claim'].includes(input.type) || looksAgain(input),
    account: input.type === 'claim' || phase?.name === 'quiescing' || phase?.name === 'waiting',
    below: ['timer', 'below', 'result'].includes(input.type) || looksAgain(input),
    past: missed,
  };
};

/** What goes on by an order goes on from what is so now. */
const looksAgain = (input: Input): boolean =>
  input.type === 'gameday' ||
  (input.type === 'order' && ['resume', 'approve', 'force', 'converge'].includes(input.order.name));
