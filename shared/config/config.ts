import type { Severity } from '../alert/notice.ts';
import type { Timing } from '../alert/timing.ts';

/**
 * The configuration as the product uses it: what `escalator.yaml` says, with every default filled in and every
 * duration in milliseconds. `parse.ts` makes it from text; nothing else does.
 */
export type Config = {
  /** SHA-256 (hex) of the file's bytes: it stands in every decision */
  digest: string;
  /** the file's text, for the record */
  text: string;
  /** what holds across all ladders of the account; absent: the defaults */
  account?: AccountConfig;
  /** those that declare shared levels, each with a ladder of its own */
  environments: EnvironmentConfig[];
  services: ServiceConfig[];
  routes: Route[];
  /** how developers hear of their own changes; absent where they do not */
  developers?: DevelopersConfig;
  /** which entries people are told of for themselves; absent: of none */
  news?: NewsConfig[];
  /** when people are told, and how often; absent: the defaults */
  timing?: Timing;
  /** topic name by what routes call it, e.g. `sre` -> `escalator-sre` */
  topics: { [name: string]: TopicConfig };
  /** where the page is, for links in messages; absent where nobody says */
  page?: string;
  /** where `docs/runbook.md` can be read; absent: in the repository */
  runbook?: string;
  /** how the archive on AWS is locked; absent where nobody has said, and then nothing is deployed */
  archive?: ArchiveLock;
};

export type TopicConfig = {
  /** its name in SNS */
  sns: string;
  /** subscribers over HTTPS are a chat application */
  chat?: boolean;
  /** another topic, by the name that routes use, for what this one does not take */
  second?: string;
  /** where it is, if not where Escalator is: somebody else makes it there */
  region?: string;
};

/**
 * S3 Object Lock of the archive: nobody can delete or replace what is in it for so many days, in `compliance` not even
 * the account's root (Amazon S3 User Guide, "Locking objects with Object Lock").
 */
export type ArchiveLock = { lock: 'none' } | { lock: 'governance' | 'compliance'; days: number };

/** What holds across all ladders of the account. */
export type AccountConfig = {
  /** how many ladders may act at once (default 3) */
  acting: number;
  /** which share of the services (%, default 40), and at least how many (default 3), fail together for one cause */
  share: number;
  least: number;
  /** how near to each other they begin to fail then (ms; default 60 s) */
  within: number;
};

export const defaultAccount: AccountConfig = { acting: 3, share: 40, least: 3, within: 60_000 };

/** An account, and a Region; null where it is the one that Escalator is in. */
export type Place = { account: string | null; region: string | null };

/** What every ladder has, whether it is a service's or an environment's. */
type LadderBase = {
  environment: string;
  /** where it is, if not where Escalator is */
  elsewhere?: Place;
  /** `<environment>/<service>`, or `<environment>` for its shared levels: the ladder's id on the trail */
  ladder: string;
  /** what the person who is called reads next: an address; absent where nobody says */
  runbook?: string;
  checks: { [name: string]: CheckConfig };
  /** most drastic first */
  levels: LevelConfig[];
  /** once engaged, how long to wait before the first decision (ms; default 30 s) */
  quiescence: number;
  /** after the last step, before verifying (ms; default 30 s) */
  settle: number;
  /** how checks are read again before `converged`: every, times in a row, and for how long at most (ms) */
  verify: { every: number; times: number; within: number };
  /** attempts within one incident (default 3) */
  attempts: number;
  /** how long a step may take before its outcome counts as unknown (ms; default 15 min) */
  stepDeadline: number;
  /** how often every check's source is read again, events or not (ms; default 1 min) */
  poll: number;
  /** after a hand-over the ladder is free again when all checks passed for this long (ms; default 30 min) */
  freeAfter: number;
  /** how long an incident waits for an approval before it is handed over (ms; default 15 min) */
  askFor: number;
  /** how many people must approve a drastic level (default 1) */
  approvers: number;
  /** how long nothing is begun after somebody changed by hand what a level acts on (ms; default 15 min) */
  handsOff: number;
  /** `failedRuns` is how many runs in a row may not converge before no more is begun (default 2) */
  budgets: { runsPerHour: number; runsPerDay: number; failedRuns: number };
};

/** As many commits of a repository as may be revoked: each of its ladders keeps them. */
export const revokedAtMost = 200;

/** Commits of a repository that nobody may go back to, and why. */
export type Revoked = { commits: string[]; why: string };

/** A service in one environment: what is delivered there, and the levels that bring it back. */
export type ServiceConfig = LadderBase & {
  service: string;
  /** the ladder of its environment's shared levels; null where there are none */
  above: string | null;
  pipeline: string;
  /** success of this stage puts a release here */
  stage: string;
  repository: string;
  /** CloudFormation stacks that are its own; absent where none is named */
  stacks?: string[];
  /** what is never put there again, whoever wants it: a release that is known to be vulnerable */
  revoked: Revoked[];
  /** how long a release must stay with all checks passing to become a last good (ms; default 60 min) */
  bake: number;
  /** a release that was replaced counts as baked after this long (ms; default 10 min) */
  bakeWhenReplaced: number;
  /** how long ago a release may have gone out and still be the suspect (ms; default 2 h) */
  suspectFor: number;
  budgets: { rollbacksPerDay: number };
};

/** The levels that the services of an environment share. Nothing is delivered to it: it has no pipeline and no releases. */
export type EnvironmentConfig = LadderBase & {
  service: null;
  /** the ladders of its services, which follow its own levels */
  below: string[];
};

export type LadderConfig = ServiceConfig | EnvironmentConfig;

/** Every ladder there is, those that are shared before those that follow them. */
export const laddersOf = ({ environments, services }: Pick<Config, 'environments' | 'services'>): LadderConfig[] => [
  ...environments,
  ...services,
];

/** What must be true, and the level that restores it. */
export type CheckConfig = { name: string; level: string; runbook?: string } & CheckSource;

/** Where the value of a check comes from. One without a source of its own keeps what it was last told by an event. */
export type CheckSource =
  | { alarm: string }
  | PerDimension
  | { alarm?: undefined; probe: ProbeConfig }
  | { alarm?: undefined; pipeline: string; stage: string | null }
  | { alarm?: undefined; fail: EventPattern; pass: EventPattern };

/**
 * What fails by its name: alarms of which each looks at one value of a dimension, or one alarm whose query has a series for
 * each value (Metrics Insights, `GROUP BY`).
 */
export type PerDimension = { alarm?: undefined; alarms: string[]; per: string };

/** As many of what fails as one act may take at most, whatever the configuration says. */
export const limitAtMost = 50;

/** An answer over HTTP. */
export type ProbeConfig = {
  url: string;
  /** how long an answer may take (ms; default 5 s) */
  timeout: number;
  /** after so many tries in a row without the right answer it fails (default 3) */
  failures: number;
  /** the statuses that are right: `200`, or `2xx` for all of a hundred */
  expect: string[];
  /** what the body must be like, with `*` for any characters; null where any body will do */
  body: string | null;
};

/** A pattern in the EventBridge pattern language over an event as EventBridge delivers it. */
export type EventPattern = { [field: string]: unknown };

export type Mode = 'observe' | 'ask' | 'act';

/** A `drastic` level needs people to approve it who did not write the change, whatever its mode. */
export type LevelConfig = {
  level: string;
  do: ActionConfig;
  quiescence: number;
  mode: Mode;
  drastic: boolean;
  /** of what fails by its name (checks `per` a dimension), how many it may take at once (default 1) */
  limit: number;
};

/** What a level does, and to what: `shared/ladder/actions` has a file for each. */
export type ActionConfig =
  | { type: 'redeploy' }
  | { type: 'replace-instances' | 'refresh-instances'; group: string }
  | { type: 'retry-stage' }
  | { type: 'start-pipeline'; pipeline: string }
  | { type: 'stop-execution'; abandon: boolean }
  | {
      type: 'restart-service' | 'previous-task-definition' | 'stop-service-deployment';
      cluster: string;
      service: string;
    }
  | { type: 'stop-deployment'; application: string; group: string }
  | { type: 'previous-version'; function: string; alias: string }
  | {
      type: 'run-automation';
      document: string;
      /** the ARN of the role that the document runs as; null where it has its own */
      role: string | null;
      parameters: { [name: string]: string[] };
      /** the parameter that is given what fails, and the dimension whose values those are; absent where none is */
      failing?: { parameter: string; per: string };
    };

/** By a topic, by the name that routes use, or by comments on the commit or its pull request, or both. */
export type DevelopersConfig = { to: string | null; comments: boolean };

/** `match` is a pattern in the EventBridge pattern language over the alert's fields. */
export type Route = {
  match: { [field: string]: unknown };
  to: string;
  /** who else is told of a page that nobody acknowledged for so long (ms) */
  escalate?: { to: string; after: number }[];
};

/** Entries of the trail that people are told of for themselves, whatever ladders say. */
export type NewsConfig = {
  /** a set that is built in, or a name of the author's own */
  name: string;
  /** over the entry; of a set, what is left of it; null for all of it */
  match: EventPattern | null;
  /** absent: as the set says, else `info` */
  severity?: Severity;
  /** topics, by the names that routes use */
  to: string[];
  /** fields of the entry: what says the same in all of them is told together; absent: kind, environment, service */
  by?: string[];
  escalate: { to: string; after: number }[];
};
