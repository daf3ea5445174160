import { sourceOf } from '../config/checks.ts';
import type { ActionConfig, LadderConfig, LevelConfig, Mode } from '../config/config.ts';
import { describeIntent, targetOf } from '../ladder/actions.ts';
import { divergedBy } from '../ladder/aside.ts';
import type { Check } from '../ladder/check.ts';
import { circuitReason } from '../ladder/circuit.ts';
import { adoption } from '../ladder/adopted.ts';
import type { CheckValue, IncidentStatus, Targets } from '../ladder/events.ts';
import { type Incident, statusOf, type StepLine } from '../ladder/incident.ts';
import type { KillSwitch, KillSwitchPlace } from '../ladder/kill-switch.ts';
import type { Rail } from '../ladder/rail.ts';
import { railsOf } from '../ladder/rails.ts';
import { lastGood, reasonsAgainst, refusal, rootOf, running } from '../ladder/releases.ts';
import type { KeptRelease, LadderState } from '../ladder/state.ts';
import { approvalsWanted, stopReason } from '../ladder/steps.ts';
import { freeAt } from '../ladder/decide.ts';
import { targetsNow } from '../ladder/targets.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Instant } from '../trail/entry.ts';

/** A ladder as it is shown: what it may do, how it stands, and everything that keeps it from acting. */
export type LadderAnswer = {
  ladder: string;
  environment: string;
  /** null for the levels that an environment's services share */
  service: string | null;
  /** the last version it decided; 0 where it never took anything in */
  version: number;
  status: 'at-rest' | 'held' | 'claimed' | 'adopted' | 'handed-over' | IncidentStatus;
  /** one sentence: why it stands so, where there is something to say */
  reason: string | null;
  /** until when, where that is known */
  until: Instant | null;
  levels: LevelAnswer[];
  checks: CheckAnswer[];
  incident: IncidentStands | null;
  /** a person's hold or claim */
  stop: { by: 'hold' | 'claim'; who: string; why: string; until: Instant | null } | null;
  /** left by a hand-over or by an observed incident; `until` is null while a check does not pass */
  hold: { reason: string; until: Instant | null } | null;
  running: ReleaseStands | null;
  /** what was done around the pipeline since then, so that something else may run; null where the pipeline agrees */
  diverged: { at: Instant; by: string } | null;
  lastGood: ReleaseStands | null;
  /** every other release that is remembered, and every reason why it is not gone back to */
  ineligible: (ReleaseStands & { reasons: string[] })[];
  quarantined: { commit: string; reason: string }[];
  rails: Rail[];
};

/** `does` is the action and what it is done to; `quiescence` in ms; `approvals` is how many people must approve it. */
export type LevelAnswer = {
  level: string;
  mode: Mode;
  drastic: boolean;
  approvals: number;
  does: string;
  quiescence: number;
  checks: string[];
};

/** `since` is when we learned of the value; null where the check was never read. */
export type CheckAnswer = {
  check: string;
  /** where its value comes from, in words */
  source: string;
  level: string;
  value: CheckValue;
  /** what fails, where the check says so by name */
  targets: string[];
  since: Instant | null;
  reason: string | null;
};

export type IncidentStands = {
  id: string;
  status: IncidentStatus;
  openedAt: Instant;
  failing: string[];
  /** by the name of the check, what this attempt takes for failing where that is known by name */
  targets: Targets;
  attempt: number;
  plan: string[];
  /** the level whose turn it is; null before the first and after the last */
  level: string | null;
  /** what is being done now, in words */
  doing: string | null;
  steps: StepLine[];
  /** what comes next, and when at the latest */
  next: string;
  at: Instant | null;
};

export type ReleaseStands = {
  id: string;
  commit: string;
  author: string | null;
  subject: string | null;
  execution: string;
  since: Instant;
  byRollback: boolean;
};

/** The kill switch as it was just read: where it is, its text, and what the text means. */
export type KillSwitchAnswer = KillSwitchPlace & { text: string | null } & KillSwitch;

const divergedStands = (state: LadderState): LadderAnswer['diverged'] => {
  const aside = divergedBy(state);
  return aside === null ? null : { at: aside.at, by: aside.did };
};

/** How a ladder stands at `now`. Pure. */
export const ladderAnswer = (
  state: LadderState,
  config: LadderConfig,
  now: Instant,
  killSwitch: KillSwitch,
): LadderAnswer => {
  const current = running(state);
  const suspect = current === null ? null : rootOf(state, current);
  const good = suspect === null ? null : lastGood(state, suspect, now);
  return {
    ladder: config.ladder,
    environment: config.environment,
    service: config.service,
    version: state.version,
    ...standsOf(state, config),
    levels: config.levels.map((level) => levelAnswer(config, level)),
    checks: Object.keys(config.checks).map((name) => checkAnswer(config, name, state.checks[name])),
    incident: state.incident === null ? null : incidentStands(state, state.incident, config),
    stop: state.stop === null ? null : { ...state.stop, who: whoItWas(state.stop.who) },
    hold: state.hold === null ? null : { reason: state.hold.reason, until: freeAt(state, config) },
    running: current === null ? null : releaseStands(current),
    diverged: divergedStands(state),
    lastGood: good === null ? null : releaseStands(good),
    ineligible: state.releases
      .filter(({ id }) => id !== good?.id && id !== current?.id)
      .map((release) => ({ ...releaseStands(release), reasons: reasonsAgainst(state, release, suspect, now) })),
    quarantined: quarantinedOf(state, now),
    rails: railsOf(state, config, now, killSwitch),
  };
};

/** What a person said comes first; then the incident; then what an incident left behind. */
const standsOf = (state: LadderState, config: LadderConfig): Pick<LadderAnswer, 'status' | 'reason' | 'until'> => {
  const { stop, incident, hold } = state;
  if (stop !== null)
    return { status: stop.by === 'hold' ? 'held' : 'claimed', reason: stopReason({ state }), until: stop.until };
  const adopted = adoption({ state });
  if (adopted !== null) return { status: 'adopted', reason: adopted, until: null };
  if (incident !== null) {
    const { text, at } = nextOf(incident, state, config);
    return { status: statusOf(incident), reason: text, until: at };
  }
  const circuit = circuitReason(state);
  if (circuit !== null) return { status: 'handed-over', reason: circuit, until: null };
  if (hold === null) return { status: 'at-rest', reason: null, until: null };
  const status = hold.freeAfter === 'pause' ? 'handed-over' : 'observed';
  return { status, reason: hold.reason, until: freeAt(state, config) };
};

const levelAnswer = (config: LadderConfig, level: LevelConfig): LevelAnswer => ({
  level: level.level,
  mode: level.mode,
  drastic: level.drastic,
  approvals: approvalsWanted(config, level),
  does: describeAction(level.do, config),
  quiescence: level.quiescence,
  checks: Object.values(config.checks)
    .filter((check) => check.level === level.level)
    .map(({ name }) => name),
});

/** An action and its target, by the names of the configuration: `replace-instances shop-asg`. */
export const describeAction = (action: ActionConfig, config: LadderConfig): string =>
  [action.type, targetOf(action, config) ?? []].flat().join(' ');

const sourceIn = ({ checks }: LadderConfig, name: string): string => {
  const check = checks[name];
  return check === undefined ? '' : sourceOf(check);
};

const checkAnswer = (config: LadderConfig, name: string, check: Check | undefined): CheckAnswer => ({
  check: name,
  source: sourceIn(config, name),
  level: config.checks[name]?.level ?? '',
  value: check?.value ?? 'unknown',
  targets: check?.targets ?? [],
  since: check?.since ?? null,
  reason: check?.reason ?? null,
});

/** An incident as it stands: what is being done, and what comes next if nothing else happens before. */
export const incidentStands = (state: LadderState, incident: Incident, config: LadderConfig): IncidentStands => {
  const { text, at } = nextOf(incident, state, config);
  const { id, openedAt, failing, attempt, plan, phase, steps } = incident;
  return {
    id,
    status: statusOf(incident),
    openedAt,
    failing,
    targets: incident.targets ?? targetsNow(state, config) ?? {},
    attempt,
    plan,
    level: plan[incident.step] ?? null,
    doing: phase.name === 'acting' ? describeIntent(phase.intent) : null,
    steps,
    next: text,
    at,
  };
};

type Next = { text: string; at: Instant | null };

const notEnded = (config: LadderConfig, ended: { [ladder: string]: unknown }): string =>
  config.service === null ? config.below.filter((ladder) => ended[ladder] === undefined).join(', ') : '';

/** What comes next of an incident, if nothing else happens before. */
const nextOf = ({ phase, plan, step }: Incident, { timer, stop }: LadderState, config: LadderConfig): Next => {
  if (stop !== null) return { text: 'nothing, until it goes on', at: stop.until };
  switch (phase.name) {
    case 'quiescing':
      return { text: 'the most drastic level that a failing check asks for', at: phase.until };
    case 'waiting':
      return { text: `look again: ${phase.reason}`, at: phase.until };
    case 'asking':
      return { text: `called off, unless level ${phase.level} is approved: a person takes over`, at: phase.until };
    case 'acting':
      return { text: phase.started ? 'look what came of it' : 'begin it', at: timer?.due ?? phase.intent.deadline };
    case 'quiet':
      return { text: plan[step] === undefined ? 'settle, then verify' : `level ${plan[step]}`, at: phase.until };
    case 'calling':
      return { text: `settle, when these have ended: ${notEnded(config, phase.ended)}`, at: phase.until };
    case 'settling':
      return { text: 'verify that it is healthy', at: phase.until };
    case 'verifying':
      return { text: `read the checks again: ${phase.good} of ${config.verify.times} good`, at: timer?.due ?? null };
  }
};

/** A release as it is shown. */
export const releaseStands = (release: KeptRelease): ReleaseStands => ({
  id: release.id,
  commit: release.commit,
  author: release.author,
  subject: release.subject,
  execution: release.execution,
  since: release.reachedAt,
  byRollback: release.byRollback,
});

/** Whatever is refused here, by whomever: each commit once. */
const quarantinedOf = (state: LadderState, now: Instant): LadderAnswer['quarantined'] => {
  const kept = [state.quarantines, state.releases, state.wentBack].flat().map(({ commit }) => commit);
  const known = [...kept, ...state.revoked.flatMap(({ commits }) => commits)];
  return [...new Set(known)].flatMap((commit) => {
    const reason = refusal(state, commit, now);
    return reason === null ? [] : [{ commit, reason }];
  });
};
