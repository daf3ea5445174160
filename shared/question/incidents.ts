import { eventOf } from '../ladder/record.ts';
import type { LadderEvent } from '../ladder/events.ts';
import type { Intent } from '../ladder/intents.ts';
import type { Row } from '../ports.ts';
import type { Entry } from '../trail/entry.ts';
import { text } from '../event/fields.ts';
import { actorName } from '../trail/actor-name.ts';
import type { IncidentAnswer, NoteAnswer, StepAnswer } from './answers.ts';

/** An incident as lists show it, folded from the ladder's entries; `seq` is the last one folded in. */
export type IncidentView = IncidentAnswer & { seq: number; openedSeq: number };

/** The incident as it is told, without what only the fold needs. */
export const incidentOf = ({ body }: Pick<Row, 'body'>): IncidentAnswer => {
  const { seq: _seq, openedSeq: _openedSeq, ...incident } = body as IncidentView;
  return { ...incident, notes: notesOf(incident) };
};

/** A view that was made before there were notes has none. */
const notesOf = ({ notes }: { notes?: NoteAnswer[] }): NoteAnswer[] => notes ?? [];

/** As many notes as a view shows: the newest; all of them are on the trail. */
const notesAtMost = 20;

/** Takes one entry into the view of its incident; null where there is none and this entry opens none. */
export const evolveIncident = (view: IncidentView | null, entry: Entry): IncidentView | null => {
  const event = eventOf(entry);
  if (event.type === 'incident.opened') return view ?? opened(entry, event);
  if (view === null || entry.seq <= view.seq) return view;
  if (entry.kind === 'incident.noted')
    return { ...view, notes: [...notesOf(view), noteIn(entry)].slice(-notesAtMost), seq: entry.seq };
  return { ...fold(view, entry, event), seq: entry.seq };
};

const noteIn = ({ seq, occurredAt, observedAt, actor, detail }: Entry): NoteAnswer => ({
  at: occurredAt ?? observedAt,
  by: actorName(actor),
  cause: text(detail, 'cause') ?? '',
  preventedBy: text(detail, 'preventedBy') ?? '',
  seq,
});

const opened = (entry: Entry, event: Extract<LadderEvent, { type: 'incident.opened' }>): IncidentView => ({
  seq: entry.seq,
  openedSeq: entry.seq,
  id: event.incident,
  environment: entry.environment ?? '',
  service: entry.service ?? '',
  status: 'quiescing',
  openedAt: entry.occurredAt ?? entry.observedAt,
  closedAt: null,
  until: event.until,
  attempts: 0,
  failing: event.failing,
  ...(event.targets !== undefined && { targets: event.targets }),
  suspect: event.suspect === null ? null : { release: event.suspect, commit: null },
  reason: null,
  steps: [],
  notes: [],
});

const fold = (view: IncidentView, entry: Entry, event: LadderEvent): IncidentView => {
  const at = entry.occurredAt ?? entry.observedAt;
  switch (event.type) {
    case 'incident.joined':
      return { ...view, failing: [...new Set([...view.failing, event.check])] };
    case 'incident.waiting':
      return { ...view, status: 'held', reason: event.reason, until: event.until, steps: begun(view.steps) };
    case 'attempt.started':
      return {
        ...view,
        status: 'climbing',
        attempts: event.attempt,
        reason: event.reason,
        until: null,
        ...(event.targets !== undefined && { targets: { ...view.targets, ...event.targets } }),
      };
    case 'step.intended':
      return { ...view, status: 'climbing', until: null, steps: [...begun(view.steps), intended(event.intent, at)] };
    case 'step.started':
      return { ...view, steps: view.steps.map((step) => underWay(step, event.actKey)) };
    case 'step.ended':
      return { ...view, until: event.until, steps: ended(view.steps, event, at) };
    case 'incident.asking':
      return { ...view, status: 'asking', until: event.until, steps: begun(view.steps) };
    case 'incident.settling':
      return { ...view, status: 'settling', until: event.until };
    case 'incident.verifying':
      return { ...view, status: 'verifying', until: event.until };
    case 'incident.closed':
      return closed(view, event, at);
    default:
      return view;
  }
};

const closed = (view: IncidentView, event: Extract<LadderEvent, { type: 'incident.closed' }>, at: string) => ({
  ...view,
  status: event.status,
  reason: event.reason,
  closedAt: at,
  until: null,
  steps: view.steps.map((step) => (isBegun(step) ? step : { ...step, outcome: 'not-begun', reason: event.reason })),
});

/** What was intended and then not begun is no step: what it waited for is the incident's own reason. */
const begun = (steps: StepAnswer[]): StepAnswer[] => steps.filter(isBegun);

const isBegun = ({ outcome }: StepAnswer): boolean => outcome !== 'intended';

const underWay = (step: StepAnswer, actKey: string): StepAnswer =>
  step.actKey === actKey ? { ...step, outcome: 'under-way' } : step;

const intended = (intent: Intent, at: string): StepAnswer => ({
  actKey: intent.actKey,
  level: intent.level,
  action: intent.action,
  ...(intent.targets !== undefined && { targets: intent.targets }),
  commit: intent.action === 'redeploy' ? intent.release.commit : null,
  forCause: intent.action === 'redeploy' && intent.forCause !== null,
  outcome: 'intended',
  reason: intent.action === 'redeploy' ? (intent.forCause?.reason ?? null) : null,
  at,
});

const ended = (steps: StepAnswer[], event: Extract<LadderEvent, { type: 'step.ended' }>, at: string): StepAnswer[] => {
  const { level, outcome, reason, actKey } = event;
  if (actKey === null)
    return [...begun(steps), { actKey, level, action: null, commit: null, forCause: false, outcome, reason, at }];
  return steps.map((step) => (step.actKey === actKey ? { ...step, outcome, reason: step.reason ?? reason } : step));
};
