import type { Message } from '../alert/message.ts';
import type { Silence } from '../alert/silences.ts';
import type { Alert, IncidentStatus, Targets } from '../ladder/events.ts';
import type { Entry, Instant } from '../trail/entry.ts';

/** The shapes the query API answers with. Lists are pages: `next` is the cursor of the page after, or null. */
export type Page<Item> = { items: Item[]; next: string | null };

/** An entry without what only a verifier needs, and told in one sentence. */
export type EntryItem = Omit<Entry, 'v' | 'prev'> & { says: string };

export type IncidentAnswer = {
  id: string;
  environment: string;
  service: string;
  status: IncidentStatus;
  openedAt: Instant;
  closedAt: Instant | null;
  /** until when the present state lasts, where it says */
  until: Instant | null;
  attempts: number;
  failing: string[];
  /** by the name of the check, what failed of its dimension at last; absent where no check said */
  targets?: Targets;
  suspect: { release: string; commit: string | null } | null;
  reason: string | null;
  steps: StepAnswer[];
  /** what people found out about it, oldest first */
  notes: NoteAnswer[];
};

export type NoteAnswer = { at: Instant; by: string; cause: string; preventedBy: string; seq: number };

export type StepAnswer = {
  actKey: string | null;
  level: string;
  action: string | null;
  /** what of its target it is done to; absent where it is all of it */
  targets?: string[];
  commit: string | null;
  forCause: boolean;
  outcome: string;
  reason: string | null;
  at: Instant;
};

export type ReleaseAnswer = {
  id: string;
  environment: string;
  service: string;
  commit: string;
  author: string | null;
  subject: string | null;
  execution: string;
  reachedAt: Instant;
  status: 'running' | 'replaced' | 'quarantined';
  /** it stayed with all checks passing for the bake time */
  good: boolean;
  /** the newest release that may be gone back to */
  lastGood: boolean;
  byRollback: boolean;
  rebuiltFrom: string | null;
  reason: string | null;
  /** whose word quarantined it; null where the ladder went back from it, and where it is not quarantined */
  quarantinedBy: string | null;
  /** it is what runs there now; a quarantined one may */
  running: boolean;
  /** every reason why it may not be gone back to from what runs there now; none where it may */
  whyNot: string[];
};

/** A commit that is refused in an environment, whether or not it ever came there. `by` is null where the ladder found it bad. */
export type QuarantineAnswer = {
  environment: string;
  service: string;
  commit: string;
  by: string | null;
  reason: string;
  since: Instant;
};

export type ReleasesAnswer = Page<ReleaseAnswer> & { quarantined: QuarantineAnswer[] };

/** What people were told, and which topics took it when. */
export type AlertAnswer = Omit<Alert, 'severity'> & Omit<Message, 'alert'> & { seq: number; at: Instant; sent: Sent[] };

/** A topic that took it; `insteadOf` which other one, where it is that one's second route. */
export type Sent = { topic: string; at: Instant; insteadOf?: string };

export type SilencesAnswer = { items: Silence[] };

export type ChangeAnswer = {
  commit: string;
  repository: string | null;
  status: 'live' | 'on-its-way' | 'stopped' | 'rolled-back' | 'superseded' | 'unknown';
  /** why it stopped, where it did */
  reason: string | null;
  pushedAt: Instant | null;
  pusher: string | null;
  author: string | null;
  message: string | null;
  pulls: PullAnswer[];
  executions: ExecutionAnswer[];
  builds: WorkAnswer[];
  deployments: WorkAnswer[];
  stacks: WorkAnswer[];
  /** the environments it reached, and what it is there now */
  releases: ReleaseAnswer[];
  /** where something older took its place again */
  rolledBack: RolledBackAnswer[];
  incidents: IncidentAnswer[];
  /** alarms of a service in the two hours after the change had reached it; what came later has other causes */
  alarms: AlarmAnswer[];
  /** what was done about it, each act once, oldest first */
  acts: ActAnswer[];
  /** what whoever made it was told of it, oldest first */
  told: ToldAnswer[];
  /** false where more is on record about it than was looked at */
  complete: boolean;
};

/** `outcome` is what came of a comment; null for a message, which each of its topics takes by itself. */
export type ToldAnswer = {
  at: Instant;
  by: 'message' | 'comment' | 'comment on the pull request';
  says: string;
  outcome: string | null;
  reason: string | null;
  entries: number[];
};

/** `entries` are receipts: the seqs of the entries that say so. */
export type ActAnswer = {
  kind: string;
  at: Instant;
  by: string;
  says: string;
  comment: string | null;
  entries: number[];
};

export type PullAnswer = {
  id: string;
  repository: string | null;
  title: string | null;
  author: string | null;
  status: 'open' | 'merged' | 'closed';
  openedAt: Instant | null;
  endedAt: Instant | null;
  /** the newest commit of its branch */
  source: string | null;
  mergeCommit: string | null;
  approvals: { by: string; at: Instant; commit: string | null; revoked: boolean; entries: number[] }[];
  entries: number[];
};

/** A build, a deployment, or a change of a stack. */
export type WorkAnswer = Phase & { id: string; execution: string | null; entries: number[] };

export type RolledBackAnswer = { environment: string; service: string; at: Instant; to: string; release: string };

export type AlarmAnswer = {
  alarm: string;
  environment: string;
  service: string;
  at: Instant;
  reason: string | null;
  seq: number;
};

export type ExecutionAnswer = Phase & { execution: string; pipeline: string | null; stages: StageAnswer[] };
export type StageAnswer = Phase & { name: string; actions: (Phase & { name: string })[] };

/** Something that starts, ends and comes to an outcome; still under way when `endedAt` is null. */
export type Phase = { outcome: string; startedAt: Instant | null; endedAt: Instant | null; reason: string | null };
