import { sourceOf } from '../config/checks.ts';
import type { CheckConfig, LadderConfig } from '../config/config.ts';
import { type KillSwitchPlace, settingSwitch } from '../ladder/kill-switch.ts';
import { lastGood, rootOf, running } from '../ladder/releases.ts';
import type { KeptRelease, LadderState } from '../ladder/state.ts';
import { incidentStands, releaseStands, type ReleaseStands } from '../question/ladders.ts';
import type { Move } from '../question/moves.ts';
import type { PullView } from '../question/pull-view.ts';
import type { Instant } from '../trail/entry.ts';
import { after } from '../trail/time.ts';
import { failedActionIn, type FailedAction } from './failed-action.ts';
import { alarmLink, runbookLink, type Site } from './links.ts';
import type { Message } from './message.ts';
import { cut } from './plain.ts';
import { type Suspect, suspectsOf } from './suspects.ts';

/**
 * What a message says beside what was raised, as it stood when people were told: it is looked up once for each message,
 * stands in it on the trail, and decides nothing. Where it could not be looked up, a message goes without.
 */
export type Background = {
  at: Instant;
  /** since when the first of what fails does; null where nothing fails */
  began: Instant | null;
  failing: FailingCheck[];
  /** what changed before that, likeliest first */
  suspects: Suspect[];
  /** the action that failed last, and where its log stands */
  failed: FailedAction | null;
  /** the pull request that brought the change; null where none is known */
  pull: PullInShort | null;
  running: ReleaseStands | null;
  lastGood: ReleaseStands | null;
  /** what Escalator is doing now; null where it waits */
  doing: string | null;
  /** what it does next, and when at the latest; null where no incident is open */
  next: { what: string; at: Instant | null } | null;
  /** commands that stop it, the gentlest first */
  stop: { does: string; command: string }[];
  links: Links;
};

export type Links = { page: string | null; runbook: string | null };

export type PullInShort = Pick<PullView, 'id' | 'title' | 'author' | 'approvedBy'>;

export type FailingCheck = {
  check: string;
  source: string;
  since: Instant;
  reason: string;
  /** the alarm in the console; null where it is none */
  link: string | null;
};

/** All that was read for it. */
export type Found = {
  message: Pick<Message, 'alert' | 'state'>;
  config: LadderConfig;
  state: LadderState;
  moves: Move[];
  pull: PullView | null;
  page: string | null;
  site: Site;
  killSwitch: KillSwitchPlace | null;
  own: readonly string[];
  now: Instant;
};

export const backgroundOf = (found: Found): Background => {
  const { config, state, message, now, pull, page } = found;
  const failing = failingIn(found);
  const began = [...failing.map(({ since }) => since), ...openedAt(found)].toSorted()[0] ?? null;
  const incident = incidentIn(found);
  const stands = incident === null ? null : incidentStands(state, incident, config);
  return {
    at: now,
    began: failing.length === 0 ? null : began,
    failing,
    suspects: began === null || failing.length === 0 ? [] : suspects(found, began),
    failed: message.state === 'over' ? null : failedIn(found, began),
    pull: pull && pullIn(pull),
    ...releasesIn(state, now),
    doing: stands?.doing ?? null,
    next: stands && { what: stands.next, at: stands.at },
    stop: message.state === 'over' ? [] : stopping(config.ladder, found.killSwitch),
    links: { page, runbook: runbookLink(config, message.alert.failing) },
  };
};

/** Of what is about Escalator itself, or about no ladder, there is nothing to look up. */
export const onlyLinks = (links: Links, at: Instant): Background => ({
  at,
  began: null,
  failing: [],
  suspects: [],
  failed: null,
  pull: null,
  running: null,
  lastGood: null,
  doing: null,
  next: null,
  stop: [],
  links,
});

/** Of a cause that many services share: what changed before it, wherever in the account. */
export const backgroundOfCause = (
  found: Pick<Found, 'moves' | 'own' | 'now'> & { began: Instant; links: Links },
): Background => {
  const { began, moves, own, now, links } = found;
  const suspects = suspectsOf({ config: null, began, moves, suspect: null, failing: [], own });
  return { ...onlyLinks(links, now), began, suspects };
};

/** The incident that the message is about, where it is open. */
const incidentIn = ({ state, message }: Found) =>
  state.incident?.id === message.alert.incident ? state.incident : null;

const openedAt = (found: Found): Instant[] => {
  const incident = incidentIn(found);
  return incident === null ? [] : [incident.openedAt];
};

const failedIn = (found: Found, began: Instant | null): FailedAction | null => {
  const { state, config, site, moves } = found;
  const suspect = suspectIn(found, began);
  const executions = [running(state), suspect].flatMap((release) => release?.execution ?? []);
  return failedActionIn(moves, config, placed(site, config), { executions, began });
};

/** How much later than the first failure a stage may say that it put out what fails (ms). */
const saysLateMs = 60_000;

/**
 * The release that the ladder suspects in the incident that the message is about. Of one that is closed by now, as by a
 * hand-over, it is the release of the change that the message names.
 */
const suspectIn = (found: Found, began: Instant | null): KeptRelease | null => {
  const { state, message } = found;
  const incident = incidentIn(found);
  if (incident !== null) return state.releases.find(({ id }) => id === incident.suspect) ?? null;
  const named = state.releases.findLast(({ commit }) => commit === message.alert.change?.commit) ?? null;
  return named !== null && began !== null && named.reachedAt <= after(began, saysLateMs) ? named : null;
};

/** Environments may be elsewhere: what is theirs is in the console of their Region. */
const placed = (site: Site, { elsewhere }: LadderConfig): Site => ({
  ...site,
  region: elsewhere?.region ?? site.region,
});

const failingAtMost = 20;

const failingIn = ({ config, state, site }: Found): FailingCheck[] =>
  Object.values(config.checks)
    .flatMap((check) => failingCheck(check, state, placed(site, config)))
    .toSorted((one, other) => (one.since < other.since ? -1 : 1))
    .slice(0, failingAtMost);

const failingCheck = (check: CheckConfig, { checks }: LadderState, site: Site): FailingCheck[] => {
  const known = checks[check.name];
  if (known?.value !== 'fail') return [];
  const { at, reason } = known;
  return [
    {
      check: check.name,
      source: sourceOf(check),
      since: at,
      reason: cut(reason, textAtMost),
      link: alarmLink(site, check),
    },
  ];
};

const suspects = (found: Found, began: Instant): Suspect[] => {
  const { config, state, moves, own } = found;
  const suspect = suspectIn(found, began);
  const failing = Object.keys(config.checks).filter((name) => state.checks[name]?.value === 'fail');
  const all = suspect === null ? moves : withRelease(moves, suspect, config);
  return suspectsOf({ config, began, moves: all, suspect, failing, own });
};

/** The index may be a moment behind the ladder, which knows what it suspects. */
const withRelease = (moves: Move[], release: KeptRelease, config: LadderConfig): Move[] => {
  if (moves.some((move) => move.how === 'released' && move.release === release.id)) return moves;
  const { environment, service, ladder } = config;
  const { commit, execution, id, reachedAt } = release;
  const says = `${commit.slice(0, 7)} reached ${environment}`;
  const by = { type: 'service', name: 'escalator' } as const;
  const where = { environment, service, subject: `escalator:ladder/${ladder}` };
  const about = { commit, execution, release: id, log: null };
  return [
    ...moves,
    { seq: null, kind: 'release.reached', how: 'released', at: reachedAt, says, by, ...where, ...about },
  ];
};

const releasesIn = (state: LadderState, now: Instant): Pick<Background, 'running' | 'lastGood'> => {
  const runs = running(state);
  const good = runs === null ? null : lastGood(state, rootOf(state, runs), now);
  return { running: runs && inShort(runs), lastGood: good && inShort(good) };
};

/** Other people's text may be of any length. */
const textAtMost = 300;
const brief = (text: string | null): string | null => (text === null ? null : cut(text, textAtMost));

const inShort = (release: KeptRelease): ReleaseStands => {
  const stands = releaseStands(release);
  return { ...stands, author: brief(stands.author), subject: brief(stands.subject) };
};

const pullIn = ({ id, title, author, approvedBy }: PullView): PullInShort => ({
  id: cut(id, textAtMost),
  title: brief(title),
  author: brief(author),
  approvedBy: approvedBy.map((name) => cut(name, textAtMost)),
});

const stopping = (ladder: string, killSwitch: KillSwitchPlace | null): Background['stop'] => [
  { does: 'you take over, for an hour', command: `escalator claim ${ladder} --for 1h --why TEXT` },
  { does: 'nothing is done here until somebody resumes it', command: `escalator hold ${ladder} --why TEXT` },
  ...(killSwitch === null
    ? []
    : [
        {
          does: 'nothing is done anywhere, also where Escalator itself is down',
          command: `${settingSwitch(killSwitch)} stop`,
        },
      ]),
];
