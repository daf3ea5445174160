import type { LadderConfig } from '../config/config.ts';
import type { Move } from '../question/moves.ts';
import type { Instant } from '../trail/entry.ts';
import { linkOf } from './link.ts';
import { executionLink, type Site } from './links.ts';

/** An action, a build or a deployment of a service that failed. */
export type FailedAction = {
  /** in one sentence, its reason among it */
  what: string;
  at: Instant;
  execution: string | null;
  /** where its log stands, or else its execution; null where neither is known */
  log: string | null;
};

/** What an action is looked for by: the executions that matter, and since when any other one does. */
export type Wanted = { executions: string[]; began: Instant | null };

/**
 * The action of a service's own delivery that failed last: of the release that runs or is suspect, or since the failure
 * began. Where several tell of one failure, the one that has a log.
 */
export const failedActionIn = (
  moves: Move[],
  config: LadderConfig,
  site: Site,
  wanted: Wanted,
): FailedAction | null => {
  const failed = moves
    .filter(
      ({ how, environment, service }) =>
        how === 'failed' && environment === config.environment && service === config.service,
    )
    .filter(
      ({ execution, at }) =>
        (execution !== null && wanted.executions.includes(execution)) || (wanted.began !== null && at >= wanted.began),
    )
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const [last] = failed;
  if (last === undefined) return null;
  const same = failed.filter(({ execution }) => execution === last.execution);
  const told = same.find(({ kind }) => kind === 'action.failed') ?? last;
  const log = same.map((move) => linkOf(move.log)).find((link) => link !== null) ?? null;
  const { says, at, execution } = told;
  return { what: says, at, execution, log: log ?? executionOf(told, config, site) };
};

const executionOf = ({ execution }: Move, config: LadderConfig, site: Site): string | null =>
  execution === null || config.service === null ? null : executionLink(site, config.pipeline, execution);
