import { named } from '../shared/ladder/per.ts';
import type { EntryItem, IncidentAnswer, ReleaseAnswer } from '../shared/question/answers.ts';
import { short, spanOf } from './text.ts';

/** An incident as `GET /api/incidents/{id}` answers it: with its entries, oldest first. */
export type IncidentStory = IncidentAnswer & { story: EntryItem[] };

/** One thing that happened, with its receipts: the entries it stands in and was decided on. */
export type Line = { at: string; text: string; receipts: string };

export type Story = { failed: string[]; suspect: string; lines: Line[]; end: string };

/**
 * The story of an incident in sentences: what failed, which release was the suspect and why, what was decided on
 * which entries, what was done, how it ended.
 *
 * @param releases those on record, to say what the suspect is; the suspect may be older than they reach
 */
export const storyOf = (incident: IncidentStory, releases: ReleaseAnswer[], now: Date): Story => ({
  failed: failedIn(incident),
  suspect: suspectOf(incident, releases),
  lines: linesOf(incident.story),
  end: endOf(incident, now),
});

const failedIn = ({ story, failing, targets }: IncidentStory): string[] => {
  const readings = story.filter(({ kind, detail }) => kind === 'check.changed' && detail['value'] === 'fail');
  const told = readings.map(({ detail, reason, seq }) => {
    const [check, alarm] = [textOf(detail['check']), textOf(detail['alarm'])];
    const source = alarm === '-' ? textOf(detail['source']) : `alarm ${alarm}`;
    return `${named(check, { [check]: textsOf(detail['targets']) })} failed (${source}): ${reason ?? 'no reason given'} (entry ${seq})`;
  });
  if (told.length > 0) return told;
  return [
    failing.length > 0 ? `${failing.map((check) => named(check, targets)).join(', ')} failed` : 'Nothing failed.',
  ];
};

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const suspectOf = ({ suspect, openedAt, story, environment }: IncidentStory, releases: ReleaseAnswer[]): string => {
  const opened = story.find(({ kind }) => kind === 'incident.opened');
  const entry = opened === undefined ? '' : ` (entry ${opened.seq})`;
  if (suspect === null)
    return `No release is suspect: none went out lately with a failing check passing before it${entry}.`;
  const release = releases.find(({ id }) => id === suspect.release);
  const commit = release?.commit ?? suspect.commit;
  const who = `${short(commit)}${release?.subject ? ` "${release.subject}"` : ''}${release?.author ? ` by ${release.author}` : ''}`;
  const ago =
    release === undefined
      ? 'lately'
      : `${spanOf(Math.max(0, Date.parse(openedAt) - Date.parse(release.reachedAt)))} before`;
  return `The suspect is ${who}: it reached ${environment} ${ago}, and what fails now passed before it${entry}. Release ${suspect.release}.`;
};

/** What is no news to whoever asks why: bookkeeping, and what the paragraphs before have told. */
const untold = new Set([
  'ladder.decided',
  'timer.set',
  'check.changed',
  'alert.raised',
  'alert.decided',
  'alert.told',
  'alert.sent',
  'incident.opened',
  'incident.noted',
]);

const linesOf = (story: EntryItem[]): Line[] =>
  story
    .filter((entry) => !untold.has(entry.kind) && !isOneMoreReading(entry))
    .map((entry) => ({
      at: entry.occurredAt ?? entry.observedAt,
      text: entry.says,
      receipts: receiptsOf(entry, story),
    }));

/** That the checks passed once more on the way to the number of times wanted. */
const isOneMoreReading = ({ kind, detail }: EntryItem): boolean =>
  kind === 'incident.verifying' && (detail['good'] !== 0 || detail['bad'] !== 0);

/** Every decision is a group that begins with what it was decided on. */
const receiptsOf = (entry: EntryItem, story: EntryItem[]): string => {
  const decided = story.find(({ kind, factKey }) => kind === 'ladder.decided' && factKey === entry.factKey);
  return decided === undefined ? `entry ${entry.seq}` : `entry ${entry.seq}, ${decidedOn(decided)}`;
};

const decidedOn = ({ detail }: EntryItem): string => {
  const input = detail['input'];
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'decided on its own';
  if (typeof input['seq'] === 'number') return `decided on entry ${input['seq']}`;
  if (input['type'] === 'claim') return 'decided on what was read right before';
  return input['type'] === 'timer' ? 'decided when its time had come' : 'decided on a reading of the checks';
};

const endOf = ({ status, reason, openedAt, closedAt, attempts, until }: IncidentStory, now: Date): string => {
  const tries = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
  if (closedAt !== null)
    return `It ended ${status} after ${spanOf(Date.parse(closedAt) - Date.parse(openedAt))} and ${tries}: ${reason ?? 'no reason given'}.`;
  const left = until === null ? '' : `, for ${spanOf(Math.max(0, Date.parse(until) - now.getTime()))} more`;
  return `It is ${status} now${left}, after ${tries}.`;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '-');
