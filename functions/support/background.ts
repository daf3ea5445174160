import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Background,
  backgroundOf,
  backgroundOfCause,
  type Links,
  onlyLinks,
} from '../../shared/alert/background.ts';
import { ownRunbook, pageLink } from '../../shared/alert/links.ts';
import type { Message } from '../../shared/alert/message.ts';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import { causeSince } from '../../shared/ladder/cause.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { KillSwitchPlace } from '../../shared/ladder/kill-switch.ts';
import type { Clock, Rows } from '../../shared/ports.ts';
import { type Move, movesIn, movesOf } from '../../shared/question/moves.ts';
import { pullOf, type PullView } from '../../shared/question/pull-view.ts';
import { inWords } from '../../shared/watch/failure.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import type { Environment } from './environment.ts';
import type { Ladders } from './ladders.ts';
import { log } from './log.ts';

export type BackgroundPorts = {
  ladders: Pick<Ladders, 'load'>;
  rows: Rows;
  config: Config;
  environment: Pick<Environment, 'region' | 'endpoint' | 'killSwitch'>;
  /** where the page is; null where nobody says */
  page: () => string | null;
  /** the roles that Escalator itself acts in */
  own: readonly string[];
  now: Clock;
  /** how long it may take (ms); 2 s unless told otherwise */
  waitsAtMost?: number;
};

/** A message does not wait longer for what it can go without (ms). */
const waitsAtMostMs = 2_000;

/**
 * Looks up what a message says beside what was raised: how its ladder stands, what changed lately, by which pull request
 * its change came. That is two queries, the ladder's state and one row, however long the trail is. It fails open: a message
 * without it beats none.
 */
export const lookUpBackground =
  (ports: BackgroundPorts) =>
  async (message: Message): Promise<Background | null> => {
    const late = new AbortController();
    try {
      return await Promise.race([found(ports, message), tooLate(ports.waitsAtMost ?? waitsAtMostMs, late.signal)]);
    } catch (error) {
      log('warn', { alert: message.id, error: `a message goes without its background: ${inWords(error)}` });
      return null;
    } finally {
      late.abort();
    }
  };

const tooLate = async (ms: number, signal: AbortSignal): Promise<null> => {
  await sleep(ms, undefined, { signal });
  throw new Error(`it took longer than ${ms} ms`);
};

/** Segments with something in them that changed, of one environment and of the rest of the account each. */
const rowsAtMost = 50;

const found = async (ports: BackgroundPorts, message: Message): Promise<Background> => {
  const { alert } = message;
  const now = ports.now().toISOString();
  const page = pageLink(ports.page(), alert.incident);
  const ladder = [alert.environment, alert.service].filter((name) => name !== '').join('/');
  const config = laddersOf(ports.config).find((one) => one.ladder === ladder);
  const since = causeSince(alert);
  if (since !== null) return ofCause(ports, alert, { began: since, links: { page, runbook: null }, now });
  // News of one entry say what they are of: nothing is looked for that would explain it.
  if (config === undefined || alert.news !== undefined)
    return onlyLinks({ page, runbook: ownRunbook(ports.config, alert.id) }, now);
  const [state, moves, pull] = await Promise.all([
    ports.ladders.load(ladder),
    movesAround(ports, [config.environment]),
    pullThatBrought(ports, alert.change?.commit),
  ]);
  const { own, environment } = ports;
  return backgroundOf({
    message,
    config,
    state,
    moves,
    pull,
    page,
    site: environment,
    killSwitch: switchOf(environment),
    own,
    now,
  });
};

/** Of so many environments it is looked for what changed there. */
const environmentsAtMost = 5;

/** Services of several environments may share a cause. */
const ofCause = async (
  ports: BackgroundPorts,
  { failing }: Alert,
  cause: { began: Instant; links: Links; now: Instant },
): Promise<Background> => {
  const environments = [...new Set(failing.map((ladder) => ladder.split('/')[0] ?? ''))].slice(0, environmentsAtMost);
  return backgroundOfCause({ ...cause, own: ports.own, moves: await movesAround(ports, environments) });
};

/** What changed in environments, and in the account besides. */
const movesAround = async ({ rows }: BackgroundPorts, environments: string[]): Promise<Move[]> => {
  const around = await Promise.all([...environments, null].map((one) => rows.newest(movesIn(one), rowsAtMost)));
  return movesOf(around.flat());
};

const pullThatBrought = async ({ rows }: BackgroundPorts, commit: string | undefined): Promise<PullView | null> => {
  const [row] = commit === undefined ? [] : await rows.states([pullOf(commit)]);
  return (row?.body as PullView | undefined) ?? null;
};

const switchOf = ({ killSwitch, region, endpoint }: BackgroundPorts['environment']): KillSwitchPlace | null =>
  killSwitch === '' ? null : { parameter: killSwitch, region, endpoint };
