import { type LadderConfig, type LevelConfig, revokedAtMost, type ServiceConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { staleAfterMs } from './decide.ts';
import { type KillSwitch, stoppedBy } from './kill-switch.ts';
import { freshForMs, limitFor } from './may-act.ts';
import { openRail, type Rail } from './rail.ts';
import { timeRails } from './rails-of-time.ts';
import { orderedAtMost } from './quarantine.ts';
import { rollbacksWithinMs } from './redeploy.ts';
import {
  baking,
  bakesSince,
  isRecent,
  isRefused,
  lastGood,
  lastServed,
  refusedForMs,
  releasesBack,
  releasesBackAtMost,
  rootOf,
  running,
  servedAtMostMs,
} from './releases.ts';
import type { LadderState } from './state.ts';
import { approvalsGiven, approvalsWanted, retriesAtMost, runBudgets } from './steps.ts';
import { answering, targetsNow } from './targets.ts';
import { after, msBetween, within } from './turn.ts';
import { bakeFor } from './windows.ts';

/**
 * Every guard rail of a ladder as it stands at `now`: what it is, its limit, how much is used, and when it frees. Pure.
 * Its limits are those that the deciders themselves use.
 * @param killSwitch as it was just read; null where nobody read it
 */
export const railsOf = (
  state: LadderState,
  config: LadderConfig,
  now: Instant,
  killSwitch: KillSwitch | null = null,
): Rail[] => [
  ...killSwitchRails(config, killSwitch),
  ...askedBeforeActing,
  ...budgetRails(state, config, now),
  ...(config.service === null ? [] : [rollbackRail(state, config, now)]),
  actingRail(state),
  circuitRail(state, config),
  ...incidentRails(state, config),
  ...config.levels.flatMap((level) => approvalRails(state, config, level)),
  ...config.levels.flatMap((level) => targetRails(state, config, level)),
  ...timeRails(state, config, now),
  ...(config.service === null ? [] : releaseRails(state, config, now)),
];

/** Nothing is delivered to an environment itself: it has no releases. */
const releaseRails = (state: LadderState, config: ServiceConfig, now: Instant): Rail[] => [
  suspectRail(state, config, now),
  ...goneBackRails(state, now),
  quarantineRail(state),
  revokedRail(state),
  bakeRail(state, config, now),
  ...lastGoodRails(state, now),
];

const asked = { ...openRail, unit: null, limit: null, used: null } as const;

/** What is asked anew right before each act, of what was just read: nothing of it is known before. */
const askedBeforeActing: Rail[] = [
  { ...asked, name: 'fresh-reading', is: 'the checks were just read at their source', unit: 'ms', limit: freshForMs },
  {
    ...asked,
    name: 'still-failing',
    is: 'a check still fails when an attempt begins, unless a person chose the level',
  },
  { ...asked, name: 'metric', is: 'the metric itself bears out an alarm that a drastic level is taken for' },
  { ...asked, name: 'newer-change', is: 'no newer change is on its way: it is let through first' },
  { ...asked, name: 'stage-busy', is: 'no other execution is in the stage, or the pipeline, that a level would run' },
  { ...asked, name: 'native-healing', is: 'AWS itself is not healing it already: that is waited for, not fought' },
  { ...asked, name: 'itself', is: 'it is nothing of Escalator itself: such a configuration is refused' },
  { ...asked, name: 'empty-target', is: 'there is something to act on: an empty target is refused' },
  {
    ...asked,
    name: 'overtaken',
    is: 'a redeployment still is of what runs here, and of nothing that was refused since',
  },
  { ...asked, name: 'late-alarm', is: 'an older alarm event opens nothing by itself', unit: 'ms', limit: staleAfterMs },
];

/** One row for the ladder, and one for each of its actions that the switch stops besides. */
const killSwitchRails = ({ ladder, levels }: LadderConfig, read: KillSwitch | null): Rail[] => {
  const rail = { ...asked, name: 'kill-switch', is: 'the kill switch lets act; one that cannot be read does not' };
  if (read === null) return [rail];
  const all = stoppedBy(read, ladder, '');
  if (all !== null) return [{ ...rail, about: all, closed: true }];
  const actions = [...new Set(levels.map((level) => level.do.type))];
  const stopped = actions.flatMap((action) => stoppedBy(read, ladder, action) ?? []);
  return [rail, ...stopped.map((about) => ({ ...rail, about, closed: true }))];
};

const budgetRails = (state: LadderState, config: LadderConfig, now: Instant): Rail[] =>
  runBudgets(config).map(({ per, ms, runs }) => {
    const name = `runs-${per.replace(' ', '-')}`;
    return budgetRail({ name, is: `runs ${per}`, limit: runs, at: state.runs, ms }, now);
  });

const rollbackRail = ({ rollbacks }: LadderState, { budgets }: ServiceConfig, now: Instant): Rail =>
  budgetRail(
    {
      name: 'rollbacks-a-day',
      is: 'rollbacks a day without a person',
      limit: budgets.rollbacksPerDay,
      at: rollbacks,
      ms: rollbacksWithinMs,
    },
    now,
  );

type Budget = { name: string; is: string; limit: number; at: Instant[]; ms: number };

/** Full, it frees when so many of what it counts are long enough ago that one more fits in. */
const budgetRail = ({ name, is, limit, at, ms }: Budget, now: Instant): Rail => {
  const counted = within(at, ms, now).toSorted();
  const closed = counted.length >= limit;
  const last = closed ? counted[counted.length - limit] : undefined;
  const frees = last === undefined ? null : after(last, ms);
  return { ...openRail, name, is, unit: 'times', limit, used: counted.length, closed, frees };
};

/** One act at a time, of the ladder and on what it acts on: the next waits for its end. */
const actingRail = ({ incident }: LadderState): Rail => {
  const phase = incident?.phase.name === 'acting' && incident.phase.claim !== null ? incident.phase : null;
  const rail = counted('acting', 'acts at once, of this ladder and on one target', 1, phase === null ? 0 : 1);
  return { ...rail, about: phase?.intent.target ?? null };
};

/** Runs in a row that did not converge: a person closes it, time does not. */
const circuitRail = ({ circuit }: LadderState, { budgets }: LadderConfig): Rail => {
  const is = 'runs in a row that did not converge; then none is begun until a person resumes it';
  const rail = counted('circuit', is, budgets.failedRuns, circuit.failed.length);
  return { ...rail, about: circuit.failed.at(-1) ?? null, closed: circuit.open };
};

const incidentRails = ({ incident }: LadderState, { attempts }: LadderConfig): Rail[] => [
  counted('attempts', 'attempts in one incident', attempts, incident?.attempt ?? 0),
  counted('restarts', 'a step that never began is begun again, in one incident', retriesAtMost, incident?.retries ?? 0),
  counted('rollbacks-an-incident', 'rollbacks in one incident', 1, incident?.rolledBack === true ? 1 : 0),
];

/** What is counted within an incident is over with the incident, not with time. */
const counted = (name: string, is: string, limit: number, used: number): Rail => ({
  ...openRail,
  name,
  is,
  unit: 'times',
  limit,
  used,
  closed: used >= limit,
});

/** The other way round: closed until enough people have approved. */
const approvalRails = (state: LadderState, config: LadderConfig, level: LevelConfig): Rail[] => {
  const limit = approvalsWanted(config, level);
  if (limit === 0) return [];
  const used = approvalsGiven(state, level);
  const phase = state.incident?.phase;
  const isAsked = phase?.name === 'asking' && phase.level === level.level;
  const who = level.drastic ? ', by people who neither wrote nor pushed the change' : '';
  const is = `approvals before the level is taken${who}`;
  return [{ ...openRail, name: 'approvals', is, about: level.level, unit: 'people', limit, used, closed: isAsked }];
};

/** Only of a level that is told by name what fails. */
const targetRails = (state: LadderState, config: LadderConfig, { level }: LevelConfig): Rail[] => {
  const limit = limitFor(config, level);
  if (limit === null) return [];
  const named = answering(config, level).flatMap(({ name }) => targetsNow(state, config)?.[name] ?? []);
  const used = new Set(named).size;
  const is = 'of what fails by its name, how much the level takes at once';
  return [{ ...openRail, name: 'targets', is, about: level, unit: 'targets', limit, used, closed: used > limit }];
};

/** An incident asks how old the running release was when it opened; without one it is asked of now. */
const suspectRail = (state: LadderState, config: ServiceConfig, now: Instant): Rail => {
  const current = running(state);
  const limit = config.suspectFor;
  const rail = { ...openRail, name: 'suspect-age', is: 'how old a release may be to be gone back from' } as const;
  if (current === null) return { ...rail, unit: 'ms', limit, used: null };
  const suspect = rootOf(state, current);
  const at = state.incident?.openedAt ?? now;
  const closed = !isRecent(suspect, at, config);
  const due = state.incident === null && !closed ? after(suspect.reachedAt, limit) : null;
  return { ...rail, about: suspect.commit, unit: 'ms', limit, used: msBetween(suspect.reachedAt, at), closed, due };
};

/** A row for each commit that was gone back from; one that is quarantined besides is not freed by time. */
const goneBackRails = (state: LadderState, now: Instant): Rail[] => {
  const is = 'since a commit was gone back from: before that is over it is not put there again';
  const rail = { ...openRail, name: 'gone-back-from', is, unit: 'ms', limit: refusedForMs } as const;
  const marks = new Map(state.wentBack.map(({ commit, at }) => [commit, at]));
  const rails = [...marks].flatMap(([commit, at]): Rail[] => {
    if (!isRefused(state, commit, now)) return [];
    const over = after(at, refusedForMs);
    const frees = isRefused(state, commit, over) ? null : over;
    return [{ ...rail, about: commit, used: msBetween(at, now), closed: true, frees }];
  });
  return rails.length > 0 ? rails : [{ ...rail, used: null }];
};

/** What the ladder itself quarantines has room besides. */
const quarantineRail = ({ quarantines }: LadderState): Rail => {
  const is = 'commits that people quarantined: more are not kept';
  const used = quarantines.filter(({ by }) => by !== null).length;
  return { ...counted('quarantines', is, orderedAtMost, used), unit: 'commits' };
};

/** What the configuration revokes is refused whoever wants it. */
const revokedRail = ({ revoked }: LadderState): Rail => {
  const is = 'commits that the configuration revokes: nobody goes back to them';
  const used = revoked.flatMap(({ commits }) => commits).length;
  return { ...counted('revoked', is, revokedAtMost, used), unit: 'commits', closed: used > 0 };
};

/** How long what runs has stayed with all checks passing; until it is long enough it is nothing to go back to. */
const bakeRail = (state: LadderState, config: ServiceConfig, now: Instant): Rail => {
  const is = 'how long a release stays with all checks passing before it may be gone back to';
  const rail = { ...openRail, name: 'bake', is, unit: 'ms', limit: bakeFor(state, config, config.bake) } as const;
  const current = running(state);
  if (current === null || (baking(state) === null && current.quarantined === null)) return { ...rail, used: null };
  const since = bakesSince(state, config);
  const due = since === null ? null : after(since, rail.limit);
  const used = since === null ? 0 : msBetween(since, now);
  return { ...rail, about: current.commit, used, closed: true, frees: due };
};

/** How far back the release that would be gone back to is. Where none is eligible nothing is gone back to. */
const lastGoodRails = (state: LadderState, now: Instant): Rail[] => {
  const current = running(state);
  const good = current === null ? null : lastGood(state, rootOf(state, current), now);
  const rail = { ...openRail, about: good?.commit ?? null, closed: good === null };
  const far = 'how many releases back it goes at most';
  const old = 'how long ago a release may have been replaced that it goes back to';
  const age = good === null ? null : msBetween(lastServed(state, good, now), now);
  const back = good === null ? null : releasesBack(state, good);
  return [
    { ...rail, name: 'releases-back', is: far, unit: 'releases', limit: releasesBackAtMost, used: back },
    { ...rail, name: 'last-served', is: old, unit: 'ms', limit: servedAtMostMs, used: age },
  ];
};
