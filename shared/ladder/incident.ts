import type { Ended } from './adopted.ts';
import type { Actor, Instant } from '../trail/entry.ts';
import type { Closed, IncidentStatus, LadderEvent, StepOutcome, Targets } from './events.ts';
import { describeIntent, goesBack } from './actions.ts';
import type { Claim, Intent } from './intents.ts';
import { replaced } from './targets.ts';

export type Incident = {
  id: string;
  openedAt: Instant;
  failing: string[];
  suspect: string | null;
  /** what fails by its name, as the attempt carries it; absent where nothing does */
  targets?: Targets;
  phase: Phase;
  attempt: number;
  /** the levels of the current attempt, in order, and which of them is being taken */
  plan: string[];
  step: number;
  /** a person chose where this attempt starts */
  forced: boolean;
  /** who approved which levels of this attempt */
  approvals: { level: string; who: Actor }[];
  /** the release that was redeployed in this incident, with nothing else done since, and did not recover by it */
  redeployed: string | null;
  rolledBack: boolean;
  /** the services were called in this attempt; absent in what was recorded before environments had ladders */
  called?: boolean;
  /** how often a step that never began was intended again */
  retries: number;
  /** since when it waits, when it does */
  waitingSince: Instant | null;
  steps: StepLine[];
};

export type Phase =
  | { name: 'quiescing'; until: Instant }
  | { name: 'waiting'; until: Instant; reason: string }
  | { name: 'asking'; level: string; needs: number; until: Instant }
  | {
      name: 'acting';
      intent: Intent;
      claim: (Claim & { at: Instant }) | null;
      execution: string | null;
      instances: string[];
      /** what was started, by the id that its own service gave it: a deployment, a refresh, an automation */
      operation?: string;
      started: boolean;
    }
  | { name: 'quiet'; until: Instant }
  | { name: 'calling'; call: number; until: Instant; ended: { [ladder: string]: Ended } }
  | { name: 'settling'; until: Instant }
  | { name: 'verifying'; good: number; bad: number; until: Instant };

export type StepLine = { level: string; did: string; outcome: StepOutcome; reason: string };

/** The status of an incident as people know it. */
export const statusOf = (incident: Incident): Exclude<IncidentStatus, Closed> => {
  switch (incident.phase.name) {
    case 'quiescing':
      return 'quiescing';
    case 'waiting':
      return 'held';
    case 'asking':
      return 'asking';
    case 'acting':
    case 'quiet':
    case 'calling':
      return 'climbing';
    case 'settling':
      return 'settling';
    case 'verifying':
      return 'verifying';
  }
};

export const opened = (event: Extract<LadderEvent, { type: 'incident.opened' }>, now: Instant): Incident => ({
  id: event.incident,
  openedAt: now,
  failing: event.failing,
  suspect: event.suspect,
  phase: { name: 'quiescing', until: event.until },
  attempt: 0,
  plan: [],
  step: 0,
  forced: false,
  approvals: [],
  redeployed: null,
  rolledBack: false,
  retries: 0,
  waitingSince: null,
  steps: [],
});

/** An attempt that had to wait goes on with what was approved; the next one is asked for anew. */
export const attempted = (
  incident: Incident,
  { attempt, levels, forced, targets = {} }: Extract<LadderEvent, { type: 'attempt.started' }>,
): Incident => ({
  ...incident,
  targets,
  attempt,
  plan: levels,
  step: 0,
  called: false,
  forced,
  approvals: attempt === incident.attempt ? incident.approvals : [],
});

type Moving = Extract<
  LadderEvent,
  {
    type:
      | 'incident.joined'
      | 'incident.waiting'
      | 'step.intended'
      | 'step.claimed'
      | 'step.approved'
      | 'incident.asking'
      | 'step.started'
      | 'services.called'
      | 'service.ended'
      | 'incident.called'
      | 'incident.settling'
      | 'incident.verifying';
  }
>;

export const moved = (incident: Incident, event: Moving, now: Instant): Incident => {
  switch (event.type) {
    case 'incident.joined':
      return { ...incident, failing: [...incident.failing, event.check] };
    case 'incident.waiting':
      return {
        ...incident,
        phase: { name: 'waiting', until: event.until, reason: event.reason },
        waitingSince: event.endsItself === true ? incident.waitingSince : (incident.waitingSince ?? now),
      };
    case 'step.intended':
      return {
        ...incident,
        retries: incident.phase.name === 'acting' ? incident.retries + 1 : incident.retries,
        phase: { name: 'acting', intent: event.intent, claim: null, execution: null, instances: [], started: false },
      };
    case 'incident.asking':
      return { ...incident, phase: { name: 'asking', level: event.level, needs: event.needs, until: event.until } };
    case 'step.approved':
      return { ...incident, approvals: [...incident.approvals, { level: event.level, who: event.who }] };
    case 'step.claimed':
      return incident.phase.name === 'acting'
        ? { ...incident, phase: { ...incident.phase, claim: claimOf(event, now) } }
        : incident;
    case 'step.started':
      return incident.phase.name === 'acting'
        ? {
            ...incident,
            waitingSince: null,
            phase: {
              ...incident.phase,
              execution: event.execution,
              instances: event.instances,
              ...(event.operation !== undefined && { operation: event.operation }),
              started: true,
            },
          }
        : incident;
    case 'incident.called':
      return { ...incident, waitingSince: null };
    case 'services.called':
      return { ...incident, called: true, phase: { name: 'calling', call: event.call, until: event.until, ended: {} } };
    case 'service.ended':
      return serviceEnded(incident, event);
    case 'incident.settling':
      return { ...incident, phase: { name: 'settling', until: event.until } };
    case 'incident.verifying':
      return {
        ...incident,
        waitingSince: null,
        phase: { name: 'verifying', good: event.good, bad: event.bad, until: event.until },
      };
  }
};

const claimOf = ({ holder, attempt, instances, target }: Claim, at: Instant) => ({
  holder,
  attempt,
  instances,
  ...(target !== undefined && { target }),
  at,
});
const serviceEnded = (
  incident: Incident,
  { ladder, status, reason }: Extract<LadderEvent, { type: 'service.ended' }>,
): Incident => {
  const { phase, steps } = incident;
  if (phase.name !== 'calling') return incident;
  const outcome = status === 'handed-over' ? 'failed' : 'done';
  const line: StepLine = { level: ladder, did: 'its own levels', outcome, reason: `${status}, ${reason}` };
  const ended = { ...phase.ended, [ladder]: { status, reason } };
  return { ...incident, phase: { ...phase, ended }, steps: [...steps, line] };
};

const stepLine = (event: Extract<LadderEvent, { type: 'step.ended' }>, intent: Intent | null): StepLine => ({
  level: event.level,
  did: intent === null ? 'nothing: it already held' : describeIntent(intent),
  outcome: event.outcome,
  reason: event.reason,
});

/**
 * A redeployment speaks against its release only until something else is done: what was built anew under it is empty
 * before it is deployed to, and a check that fails on that says nothing about the release.
 */
const redeployedAfter = ({ redeployed }: Incident, intent: Intent | null, { outcome }: StepEnded): string | null => {
  if (intent === null) return redeployed;
  if (intent.action !== 'redeploy') return null;
  return outcome === 'done' && intent.forCause === null ? intent.release.id : redeployed;
};

/** What took the place of what was given up is what the later levels are for. */
const carriedAfter = (
  { targets = {} }: Incident,
  intent: Intent | null,
  { became }: StepEnded,
): Pick<Incident, 'targets'> =>
  intent?.targets === undefined || became === undefined ? {} : { targets: replaced(targets, intent.targets, became) };

export type StepEnded = Extract<LadderEvent, { type: 'step.ended' }>;

export const afterStep = (incident: Incident, event: StepEnded): Incident => {
  // Nothing was done of an intent whose level turned out to hold already.
  const intent = incident.phase.name === 'acting' && event.outcome !== 'already-so' ? incident.phase.intent : null;
  return {
    ...incident,
    step: incident.step + 1,
    redeployed: redeployedAfter(incident, intent, event),
    rolledBack: incident.rolledBack || (event.outcome === 'done' && intent !== null && goesBack(intent)),
    steps: [...incident.steps, stepLine(event, intent)],
    ...carriedAfter(incident, intent, event),
    phase: { name: 'quiet', until: event.until },
  };
};
