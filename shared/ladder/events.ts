import type { Mode } from '../config/config.ts';
import type { Revoked } from '../config/config.ts';
import type { Written } from './by-hand.ts';
import type { Ended } from './adopted.ts';
import type { Cause as SharedCause } from './cause.ts';
import type { GamedayEnd, Told } from './gameday.ts';
import type { Actor, Change, Instant } from '../trail/entry.ts';
import type { Pushed } from './hands.ts';
import type { Cause, Claim, Intent } from './intents.ts';

/**
 * What a ladder says, each one an entry on the trail whose kind is the event's `type`. A version of a ladder is one
 * group, keyed `ladder/<environment>/<service>#<version>`: first `ladder.decided`, then what follows from it.
 */
export type LadderEvent =
  | {
      type: 'check.changed';
      check: string;
      /** else its `source`, in words */
      alarm?: string;
      source?: string;
      value: CheckValue;
      was: CheckValue;
      at: Instant;
      reason: string;
      /** of a check `per` a dimension that fails: the values that do */
      per?: string;
      targets?: string[];
    }
  | { type: 'check.timed'; check: string; alarm: string; window: number }
  | ({ type: 'release.sourced'; execution: string } & Sourced)
  /** `recovered` where nobody told of it at the time: since when it was good, by the history of the alarms */
  | { type: 'release.reached'; release: Release; recovered?: { goodSince: Instant | null } }
  | { type: 'release.unconfirmed'; execution: string; reason: string }
  | { type: 'release.good'; release: string; since: Instant }
  | ({ type: 'release.quarantined'; incident: string } & Cause)
  | { type: 'release.revoked'; revoked: Revoked[] }
  | { type: 'quarantine.ordered'; commit: string; release: string | null; order: number; who: Actor; why: string }
  | ({ type: 'quarantine.lifted'; commit: string; order: number; who: Actor; why: string } & Lifted)
  | { type: 'change.warned'; execution: string; commit: string; contains: string; advice: string }
  | {
      type: 'incident.opened';
      incident: string;
      failing: string[];
      suspect: string | null;
      until: Instant;
      /** by the name of the check, what fails of its dimension; absent where no check says */
      targets?: Targets;
    }
  | { type: 'incident.joined'; incident: string; check: string }
  | {
      type: 'incident.waiting';
      incident: string;
      reason: string;
      until: Instant;
      /** it ends by itself: it is no waiting that a person is called for in the end */
      endsItself?: true;
    }
  | { type: 'incident.asking'; incident: string; level: string; plan: string; needs: number; until: Instant }
  | {
      type: 'attempt.started';
      incident: string;
      attempt: number;
      from: string;
      levels: string[];
      /** a person chose the level: whether its checks fail is not asked */
      forced: boolean;
      reason: string;
      /** by the name of the check, what fails of its dimension; absent where no check says */
      targets?: Targets;
    }
  | { type: 'step.approved'; incident: string; level: string; order: number; who: Actor; why: string }
  | { type: 'step.intended'; incident: string; intent: Intent }
  | ({ type: 'step.claimed'; incident: string; actKey: string; level: string } & Claim)
  | {
      type: 'step.started';
      incident: string;
      actKey: string;
      execution: string | null;
      instances: string[];
      /** a deployment, a refresh, an automation, by the id that its own service gave it */
      operation?: string;
    }
  | {
      type: 'step.ended';
      incident: string;
      actKey: string | null;
      level: string;
      outcome: StepOutcome;
      reason: string;
      until: Instant;
      /** what took the place of what it gave up, where that is known */
      became?: string[];
    }
  | ({ type: 'cause.shared'; incident: string } & SharedCause)
  | ({ type: 'cause.handed-over'; incident: string } & SharedCause)
  | { type: 'services.called'; incident: string; call: number; services: string[]; until: Instant }
  | ({ type: 'service.ended'; incident: string; ladder: string } & Ended)
  | { type: 'ladder.adopted'; by: string; call: number | null; aboveVersion: number }
  | { type: 'ladder.let-go'; by: string; aboveVersion: number }
  | { type: 'incident.called'; incident: string; by: string; call: number }
  | ({ type: 'call.refused'; by: string; call: number } & Ended)
  | { type: 'incident.settling'; incident: string; until: Instant }
  | { type: 'incident.verifying'; incident: string; good: number; bad: number; until: Instant; next: Instant }
  | { type: 'incident.closed'; incident: string; status: Closed; reason: string; openedAt: Instant; attempts: number }
  | { type: 'ladder.stopped'; by: 'hold' | 'claim'; order: number; who: Actor; why: string; until: Instant | null }
  | { type: 'ladder.resumed'; order: number | null; who: Actor; why: string }
  | { type: 'circuit.opened'; incidents: string[] }
  | { type: 'circuit.closed'; order: number; who: Actor; why: string }
  | ({ type: 'change.pushed' } & Pushed)
  | ({ type: 'target.written' } & Written)
  | { type: 'order.refused'; order: number; asked: string; who: Actor; reason: string }
  | {
      type: 'gameday.held';
      order: number;
      ladder: string;
      who: Actor;
      why: string;
      check: string;
      mode: Mode | null;
      steps: number | null;
      /** what people would have been told, oldest first */
      told: Told[];
      end: GamedayEnd;
    }
  | { type: 'ladder.held'; reason: string }
  | { type: 'ladder.freed'; reason: string }
  | { type: 'timer.set'; name: TimerName; due: Instant }
  | { type: 'alert.raised'; alert: Alert };

/** Of checks `per` a dimension, by their names, the values that fail. */
export type Targets = { [check: string]: string[] };

export type CheckValue = 'pass' | 'fail' | 'unknown';
export type StepOutcome = 'done' | 'already-so' | 'failed' | 'unknown';
export type Closed = 'converged' | 'self-healed' | 'observed' | 'handed-over';
export type TimerName = 'decide';

/** `quiescing -> climbing -> settling -> verifying -> converged | self-healed | observed | handed-over`, plus `held` and `asking`. */
export type IncidentStatus = 'quiescing' | 'climbing' | 'settling' | 'verifying' | 'held' | 'asking' | Closed;

/** What is known of an execution once its source is: the commit, who claims to have written it, and what it builds on. */
export type Sourced = {
  commit: string;
  author: string | null;
  /** first line of the commit message */
  subject: string | null;
  /** a quarantined commit among its ancestors */
  contains: string | null;
};

/**
 * What a person's word ended: why the commit was quarantined, and whether it had also been gone back from within 24 h.
 * Then "never put there again within 24 h" is over for it too.
 */
export type Lifted = { was: string; goneBackFrom: boolean };

/** What an execution put into an environment. */
export type Release = Sourced & {
  /** `<environment>/<service>@<execution>` */
  id: string;
  execution: string;
  reachedAt: Instant;
  /** reached by a rollback execution, or started by the ladder itself */
  byRollback: boolean;
  /** for a rollback: the release whose revisions these are */
  rebuiltFrom: string | null;
  /** its revisions were built once more: what became of that says nothing of the release that it was made from */
  builtAnew?: true;
  /** checks that passed before it went out: only these can later be held against it */
  passedBefore: string[];
};

/** One message to people about an incident or a change, everything they need to act. */
export type Alert = {
  /** `<ladder>#<version>`: one alert a version at most */
  id: string;
  incident: string | null;
  /** empty where it is about Escalator itself */
  environment: string;
  /** empty where it is about an environment as a whole */
  service: string;
  severity: 'info' | 'warning' | 'page';
  /** one sentence: what happened */
  headline: string;
  change: Change | null;
  author: string | null;
  /** first line of the commit message */
  subject: string | null;
  failing: string[];
  /** by the name of the check, what fails of its dimension; absent where no check says */
  targets?: Targets;
  /** what was done so far, oldest first */
  done: string[];
  /** what comes next, and when */
  next: string;
  /** true where what it is about is over: all is well */
  over?: boolean;
  /** of one entry that people are told of for itself: absent where a ladder, or Escalator itself, raised it */
  news?: {
    /** which sort of news it is, as `root-used` */
    rule: string;
    /** who did it: an ARN, or a name that nobody verified; null where the entry does not say */
    who: string | null;
    at: Instant;
    /** the account and the Region */
    where: string;
    seq: number;
  };
};
