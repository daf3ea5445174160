import { element } from './dom.js';
import { code, countdown, lasted, named, pill, short, signOf, standingOf, timeElement } from './words.js';

const phases = ['quiescing', 'climbing', 'settling', 'verifying'];

/** One incident: how it stands, what was done, and for how long it waits now. */
export const incidentElement = (incident) =>
  element(
    `li.card.incident.${standingOf(incident.status)}`,
    {},
    element(
      'div.card-head',
      {},
      element('h3', {}, element('a', { href: `#incident=${encodeURIComponent(incident.id)}` }, incident.id)),
      pill(incident.status),
    ),
    element('p', {}, ...summaryOf(incident)),
    incident.closedAt === null && phasesElement(incident),
    incident.reason && element('p.reason', {}, incident.reason),
    stepsElement(incident.steps),
  );

const summaryOf = ({ failing, targets, suspect, attempts, openedAt, closedAt }) => [
  element('strong', {}, failing.map((check) => named(check, targets?.[check] ?? [])).join(' and ') || 'a check'),
  closedAt ? ' failed at ' : ' has been failing since ',
  timeElement(openedAt),
  suspect ? ', suspect is ' : ', no release is suspect',
  suspect && code(suspect.commit ?? suspect.release),
  attempts > 0 && `, ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}`,
  closedAt && `, over after ${lasted(openedAt, closedAt)}`,
  '.',
];

/** Where an open incident is on its way, and how long that lasts. */
const phasesElement = ({ status, until }) =>
  element(
    'ol.phases',
    { 'aria-label': 'phases' },
    ...[...phases, ...(phases.includes(status) ? [] : [status])].map((phase) =>
      element(
        'li',
        { 'aria-current': phase === status ? 'step' : null },
        phase,
        phase === status && ' ',
        phase === status && countdown(until),
      ),
    ),
  );

const stepsElement = (steps) =>
  steps.length === 0 ? null : element('ol.steps', { 'aria-label': 'steps' }, ...steps.map(stepElement));

const stepElement = (step) =>
  element(
    'li',
    {},
    element(`span.sign.${standingOf(step.outcome)}`, { 'aria-hidden': 'true' }, signOf(step.outcome)),
    element('span', {}, element('strong', {}, step.level), ' ', deedOf(step), ': ', step.outcome.replaceAll('-', ' ')),
    timeElement(step.at),
    step.reason && element('span.quiet', {}, step.reason),
  );

const deedOf = ({ action, targets = [], commit, forCause }) => {
  if (action === null) return 'nothing to do';
  if (action !== 'redeploy') return named(action.replaceAll('-', ' '), targets);
  return forCause ? `rolled back to ${short(commit)}` : `redeploy of ${short(commit)}`;
};

/** Kinds that tell how the robot keeps its books: there for who wants them, not in the way of who does not. */
const bookkeeping = new Set(['ladder.decided', 'timer.set', 'alert.decided', 'alert.raised', 'alert.sent']);

/** The whole story of one incident, entry by entry. */
export const storyElements = (incident) => [
  element('p', {}, element('a', { href: '#' }, '← everything')),
  element('div.card-head', {}, element('h2.title', {}, incident.id), pill(incident.status)),
  element('p.lead', {}, ...summaryOf(incident)),
  incident.closedAt === null && phasesElement(incident),
  incident.reason && element('p.reason', {}, incident.reason),
  element('h3.part', {}, 'What was done'),
  stepsElement(incident.steps) ?? element('p.empty', {}, 'Nothing so far.'),
  incident.notes.length > 0 && element('h3.part', {}, 'What people found'),
  notesElement(incident.notes),
  element('h3.part', {}, 'Entry by entry'),
  element('ol.record', {}, ...incident.story.map((entry) => entryElement(entry, bookkeeping.has(entry.kind)))),
];

/** An address that somebody wrote is text: it is not for this page to lead there. */
const notesElement = (notes) =>
  notes.length > 0 &&
  element(
    'ul.notes',
    { 'aria-label': 'notes' },
    ...notes.map(({ cause, preventedBy, by, at }) =>
      element(
        'li',
        {},
        cause,
        '; prevented by ',
        element('code', {}, preventedBy),
        ', says ',
        by,
        ' at ',
        timeElement(at),
      ),
    ),
  );

/** One entry of the record: its place, its time, and what it says. */
export const entryElement = (entry, faint = false) =>
  element(
    faint ? 'li.faint' : 'li',
    {},
    element('a.seq', { href: `/api/entries/${entry.seq}`, title: 'the whole entry' }, String(entry.seq)),
    timeElement(entry.occurredAt ?? entry.observedAt),
    element('span.kind', {}, entry.kind),
    element('span.says', {}, entry.says),
  );
