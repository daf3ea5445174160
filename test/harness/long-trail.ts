import { indexSegments } from '../../functions/index-trail/index-trail.ts';
import { createRows } from '../../functions/support/dynamo-rows.ts';
import { putAll, tableOf } from '../../functions/support/dynamo-table.ts';
import { type Environment, laneOf, originOf } from '../../functions/support/environment.ts';
import type { Page } from '../../shared/question/answers.ts';
import type { Draft } from '../../shared/trail/entry.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import { keys } from '../../shared/trail/keys.ts';
import { buildSegment, emptyLane, entriesOf, type Head, propose, type Segment } from '../../shared/trail/segment.ts';
import * as given from '../shared/population/given.ts';
import { type Capacity, total } from './capacity.ts';
import { draftOf } from './drafts.ts';
import { askable } from './questions.ts';
import * as story from './story.ts';

/**
 * A trail that grows to any length, ten entries at a time, straight into its table and its index; far from its ends, a
 * hundred at a time. What is asked about
 * stands in its first month, among what goes on for ever: other services, people and kinds, things told late, now and
 * then an incident of somebody else.
 */

const few = 10;
const many = 100;
/** What is asked about stands before this; and so many at the end are like those before them, however long it is. */
const usual = 1_000;
const segmentsAtOnce = 25;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const { account } = given;
const place = { account, region: 'eu-west-1' };
export const laneIn = (environment: Environment): Environment => ({ ...environment, ...place });

export type LongTrail = {
  growTo: (entries: number) => Promise<void>;
  /** when its newest entries were recorded */
  newest: () => string;
};

/** Makes a lane longer; call it with ever more entries, a multiple of a thousand. */
export const longTrail = (environment: Environment): LongTrail => {
  const table = tableOf(environment);
  const index = indexSegments(createRows(environment));
  const names = { lane: laneOf(environment), origin: originOf(environment) };
  let head: Head & { at: string } = { ...emptyLane, at: '' };
  const next = (length: number): Segment => {
    const [n, first] = [head.n + 1, head.first + head.count];
    const at = recordedAt(n);
    const core = coreIn(n, at);
    const others = Array.from({ length: Math.max(0, length - core.length) }, (_, part) => other(first + part, at));
    const drafts = [...core, ...others];
    const groups = drafts.map((draft, part) => propose({ key: `f#${first + part}`, entries: [draft] }));
    const segment = buildSegment(head, groups, { ...names, at });
    if (segment === null) throw new Error('a hundred entries do not fit into a segment');
    return (head = segment);
  };
  const some = (entries: number): Segment[] => {
    const segments: Segment[] = [];
    for (let left = entries - head.first - head.count; left > 0 && segments.length < segmentsAtOnce;) {
      const first = head.first + head.count;
      const whole = first < usual || left <= usual ? few : many;
      const segment = next(Math.min(left, whole - (first % whole)));
      left -= segment.count;
      segments.push(segment);
    }
    return segments;
  };
  const growTo = async (entries: number): Promise<void> => {
    while (head.first + head.count < entries) {
      const segments = some(entries);
      const items = segments.map(({ groups: _, ...stored }) => ({ ...keys.segment(names.lane, stored.n), ...stored }));
      await putAll(table, items);
      for (const segment of segments) await index([{ segment: segment.n, entries: entriesOf(segment) }]);
    }
  };
  return { growTo, newest: () => head.at };
};

/** The story takes an hour, six segments of it; before it and after it there is one every six hours. */
const storyFrom = 3;
const storyLength = 6;
const storyMinutes = 10;
const storyStart = Date.parse(given.at(0));

const recordedAt = (segment: number): string => {
  const n = segment - storyFrom;
  const within = Math.min(Math.max(n + 1, 0), storyLength);
  const outside = n < 0 ? n : Math.max(0, n + 1 - storyLength);
  return new Date(storyStart + within * storyMinutes * minuteMs + outside * 6 * hourMs).toISOString();
};

const coreIn = (segment: number, at: string): Draft[] => [
  ...storyIn(segment - storyFrom),
  ...museumIn(segment - storyFrom - storyLength, at),
];

const wholeStory = story.wholeStory();

const storyIn = (window: number): Draft[] =>
  wholeStory.filter(({ occurredAt }) => {
    const minutes = (Date.parse(occurredAt ?? given.at(59)) - storyStart) / minuteMs;
    return Math.floor(minutes / storyMinutes) === window;
  });

const museumLength = 25;

/** A service that is gone: what a person of its own did there, and what everybody did. */
const museumIn = (n: number, occurredAt: string): Draft[] =>
  Array.from({ length: n >= 0 && n < museumLength ? 5 : 0 }, (_, part) =>
    draftOf({
      kind: part === 0 ? 'stack-drift.checked' : part === 4 ? 'call' : 'image.scanned',
      occurredAt,
      actor: person(part < 2 ? 'wanda' : 'person-1'),
      subject: `arn:aws:ecr:eu-west-1:${account}:repository/museum`,
      environment: part === 3 ? 'archive' : 'production',
      service: part === 4 ? 'cart' : 'museum',
    }),
  );

const person = (name: string): Draft['actor'] => ({ type: 'person', id: given.user(name), name, verified: true });
const robot: Draft['actor'] = { type: 'role-session', id: given.session('ci'), role: 'ci', session: 'ci' };

const kinds = ['image.scanned', 'task.stopped', 'config-item.changed', 'task.running', 'call'];
const services = ['shop', 'cart', 'mail', 'search'];
const subjectOf = (service: string): string => `arn:aws:ecs:eu-west-1:${account}:service/${service}`;

/** What goes on for ever, the same every five hundred entries. Of a hundred three are told late, by hours or days. */
const other = (n: number, at: string): Draft => {
  const kind = kinds[n % kinds.length] ?? '';
  const service = kind === 'call' ? 'mail' : (services[Math.floor(n / 5) % services.length] ?? '');
  const where = { environment: Math.floor(n / 4) % 5 === 0 ? 'staging' : 'production', service };
  if (n % 500 === 499) return incidentOf(n, at, { ...where, service: 'search' });
  const late = n % 100 < 3 ? (1 + (n % 5) * 9) * hourMs : 1_000 * (n % few);
  const delivery = Math.floor(n / 10);
  return draftOf({
    ...where,
    kind,
    occurredAt: new Date(Date.parse(at) - late).toISOString(),
    actor: n % 2 === 0 ? person(`person-${Math.floor(n / 2) % 5}`) : robot,
    subject: subjectOf(service),
    change: { repository: service, commit: commitOf(delivery) },
    detail: { note: 'x'.repeat(200) },
  });
};

const commitOf = (delivery: number): string => (0xf00_0000 + delivery).toString(16).padEnd(40, '0');

const incidentOf = (n: number, at: string, where: { environment: string; service: string }): Draft =>
  draftOf({
    ...where,
    kind: 'incident.opened',
    occurredAt: at,
    source: { name: 'escalator', ...place, id: null, digest: null },
    detail: {
      version: 1,
      incident: `${where.environment}.${where.service}.${n}`,
      failing: ['smoke'],
      suspect: null,
      until: at,
    },
  });

const { merge, source, build, release, incident } = story;
const asked = (query: string): string => `/api/entries?limit=25&${query}`;
const then = 'since=2026-11-19&until=2026-11-27';
const subject = (name: string): string => `subject=${encodeURIComponent(name)}`;

/** Asks for the page after the first. */
const pageAfter = '&page-after';
const nextPage = async (text: (path: string) => Promise<string>, path: string): Promise<string> =>
  `${path}&cursor=${(JSON.parse(await text(path)) as Page<unknown>).next}`;

/** By what is asked: the answer stands in the first month, and stays the same for ever. */
export const oldQuestions: { [question: string]: string } = {
  'a change, end to end': `/api/changes/${merge}`,
  'a change, by the other commit of its pull request': `/api/changes/${source}`,
  'the entries of a change': asked(`change=${merge}`),
  'an execution': asked('execution=x-2'),
  'a release': asked(`release=${encodeURIComponent(release)}`),
  'an incident, with its story': `/api/incidents/${incident}`,
  'incidents of a service': '/api/incidents?limit=25&service=shop&environment=production',
  'releases of a service': '/api/releases?limit=25&service=shop',
  'a subject': asked(subject(build)),
  'an actor': asked('actor=wanda'),
  'a kind': asked('kind=stack-drift.checked'),
  'a service': asked('service=museum'),
  'a service in an environment': asked('service=museum&environment=production'),
  'an environment': asked('environment=archive'),
  'one entry': '/api/entries/123',
  'a time': asked(then),
  'a time, the page after': asked(`${then}${pageAfter}`),
  'a kind in an environment in a time, the page after': `/api/entries?limit=7&kind=call&environment=production&${then}${pageAfter}`,
  'until a time': asked('until=2026-11-27'),
  'a kind, in a time': asked(`kind=call&${then}`),
  'an actor, in a time': asked(`actor=ci&${then}`),
  'a subject, in a time': asked(`${subject(subjectOf('cart'))}&${then}`),
  'a service in an environment, in a time': asked(`service=shop&environment=production&${then}`),
  'a kind, by somebody': asked('kind=stack-drift.checked&actor=wanda'),
  'a common kind, in a service that is gone': asked('kind=image.scanned&service=museum'),
  'a kind that only came up then, in a common service': asked('kind=alarm.changed&service=shop'),
  'a common kind, in a common service that had it only then': asked('kind=call&service=cart&environment=production'),
  'a common kind, where it never was': asked('kind=call&service=search&environment=production'),
  'a common person, in a place they left': asked('actor=person-1&environment=archive'),
  'three filters and a time': asked(`change=${merge}&kind=call&actor=ada&${then}`),
  'four filters and a time': asked(`kind=image.scanned&actor=person-1&service=museum&environment=production&${then}`),
};

/** By what is asked: the answer is at the end of the trail, and as large however long that is. */
export const newestQuestions = (entries: number, newest: string): { [question: string]: string } => {
  const lately = new Date(Date.parse(newest) - 50 * hourMs).toISOString();
  return {
    'the newest': asked(''),
    'the newest of a kind': asked('kind=call'),
    'the newest of a service': asked('service=cart'),
    'the newest of an actor': asked('actor=ci'),
    'the newest of a subject': asked(subject(subjectOf('cart'))),
    'the newest of a kind by somebody': asked('kind=task.stopped&actor=ci'),
    'the newest of a kind in a service in an environment': asked('kind=call&service=mail&environment=production'),
    'the last two days': asked(`since=${lately}`),
    'the last two days of a service': asked(`since=${lately}&service=shop`),
    'a change of today': `/api/changes/${commitOf(entries / 10 - 2)}`,
    'the newest incidents': '/api/incidents?limit=2',
  };
};

/** `answer` is a digest of the answer. */
export type Cost = { items: number; units: number; answer: string };

/** What it takes to answer: items that are read, and read units, as DynamoDB itself counts them. */
export const costsOf = async (
  environment: Environment,
  capacity: Capacity,
  questions: { [question: string]: string },
): Promise<{ [question: string]: Cost }> => {
  const { text } = askable(environment);
  const read = () => ({ items: total(capacity.items), units: total(capacity.read) });
  const costs: { [question: string]: Cost } = {};
  for (const [question, asked] of Object.entries(questions)) {
    const path = asked.endsWith(pageAfter) ? await nextPage(text, asked.slice(0, -pageAfter.length)) : asked;
    const before = read();
    const answer = await text(path);
    if (answer.startsWith('{"error"')) throw new Error(`${path}: ${answer}`);
    const after = read();
    costs[question] = { items: after.items - before.items, units: after.units - before.units, answer: sha256(answer) };
  }
  return costs;
};
