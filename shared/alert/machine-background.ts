import type { ReleaseStands } from '../question/ladders.ts';
import type { Instant } from '../trail/entry.ts';
import type { Background, FailingCheck, Links, PullInShort } from './background.ts';
import type { FailedAction } from './failed-action.ts';
import { plain } from './plain.ts';
import type { Suspect } from './suspects.ts';

/** A release, as machines are told of it. */
export type MachineRelease = Pick<ReleaseStands, 'id' | 'commit' | 'author' | 'subject' | 'since'>;

/** What was looked up for a message, for machines: empty, or null, where nothing was. */
export type MachineBackground = {
  /** since when the first of what fails does (RFC 3339, UTC) */
  began: Instant | null;
  checks: FailingCheck[];
  /** likeliest first */
  suspects: Suspect[];
  failedAction: FailedAction | null;
  pullRequest: PullInShort | null;
  running: MachineRelease | null;
  lastGood: MachineRelease | null;
  doing: string | null;
  nextAt: Instant | null;
  stop: Background['stop'];
  links: Links;
};

export const machineBackground = (background: Background | undefined): MachineBackground =>
  background === undefined ? nothingFound : toldOf(background);

const nothingFound: MachineBackground = {
  began: null,
  checks: [],
  suspects: [],
  failedAction: null,
  pullRequest: null,
  running: null,
  lastGood: null,
  doing: null,
  nextAt: null,
  stop: [],
  links: { page: null, runbook: null },
};

const toldOf = (background: Background): MachineBackground => {
  const { began, failing, suspects, failed, pull, running, lastGood, doing, next, stop, links } = background;
  return {
    began,
    checks: failing.map((one) => ({ ...one, reason: plain(one.reason) })),
    suspects: suspects.map((one) => ({ ...one, what: plain(one.what), by: orNull(one.by), why: plain(one.why) })),
    failedAction: failed && { ...failed, what: plain(failed.what) },
    pullRequest: pull && {
      id: plain(pull.id),
      title: orNull(pull.title),
      author: orNull(pull.author),
      approvedBy: pull.approvedBy.map(plain),
    },
    running: releaseIn(running),
    lastGood: releaseIn(lastGood),
    doing: orNull(doing),
    nextAt: next?.at ?? null,
    stop,
    links,
  };
};

const orNull = (text: string | null): string | null => (text === null ? null : plain(text));

const releaseIn = (release: ReleaseStands | null): MachineRelease | null =>
  release && {
    id: release.id,
    commit: release.commit,
    author: orNull(release.author),
    subject: orNull(release.subject),
    since: release.since,
  };
