import type { LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { handsOffUntil, saysWritten } from './by-hand.ts';
import { passingSince } from './checks.ts';
import { freeAt } from './decide.ts';
import type { Incident, Phase } from './incident.ts';
import { openRail, type Rail } from './rail.ts';
import type { LadderState } from './state.ts';
import { running } from './releases.ts';
import { stopReason, waitAtMostMs } from './steps.ts';
import { after, msBetween } from './turn.ts';
import { unseenUntil } from './unseen.ts';
import { quietFor, slowestWindow, verifyFor } from './windows.ts';

/** The guard rails that are about how long something lasts. */
export const timeRails = (state: LadderState, config: LadderConfig, now: Instant): Rail[] => {
  const incident = state.incident;
  return [
    quiescenceRail(state, config, now),
    waitingRail(state, now),
    deadlineRail(
      'step-deadline',
      'until the outcome of a step must be known',
      config.stepDeadline,
      actsUntil,
      incident,
      now,
    ),
    deadlineRail('ask-for', 'until people must have answered', config.askFor, untilOf('asking'), incident, now),
    deadlineRail(
      'verify-within',
      'until all checks must pass',
      verifyFor(state, config),
      untilOf('verifying'),
      incident,
      now,
    ),
    stopRail(state),
    handRail(state, config, now),
    unseenRail(state, config, now),
    freeRail(state, config, now),
  ];
};

const msRail = { ...openRail, unit: 'ms', used: null } as const;

/** Nothing is done in a quiescence, whatever arrives: that of the incident, then that of each step. */
const quiescenceRail = (state: LadderState, config: LadderConfig, now: Instant): Rail => {
  const { incident } = state;
  const rail = { ...msRail, name: 'quiescence', is: 'nothing is done while it lasts', limit: config.quiescence };
  const phase = incident?.phase;
  if (phase?.name !== 'quiescing' && phase?.name !== 'quiet') return rail;
  const taken = incident?.plan[incident.step - 1];
  const limit = phase.name === 'quiet' ? quietFor(state, config, taken ?? '') : config.quiescence;
  const closed = now < phase.until;
  const about = phase.name === 'quiet' ? (taken ?? null) : null;
  return { ...rail, about, limit, used: usedOf(limit, phase.until, now), closed, frees: closed ? phase.until : null };
};

/** What a person stopped waits as long as the person wants; anything else not so long. */
const waitingRail = ({ incident, stop }: LadderState, now: Instant): Rail => {
  const rail = { ...msRail, name: 'waiting', is: 'how long it waits before a person is called', limit: waitAtMostMs };
  const since = incident?.waitingSince ?? null;
  if (since === null || stop !== null) return rail;
  const used = msBetween(since, now);
  return { ...rail, used, closed: used > waitAtMostMs, due: after(since, waitAtMostMs) };
};

type Until = (phase: Phase) => Instant | null;

const actsUntil: Until = (phase) => (phase.name === 'acting' ? phase.intent.deadline : null);

const untilOf =
  (name: 'asking' | 'verifying'): Until =>
  (phase) =>
    phase.name === name ? phase.until : null;

const deadlineRail = (
  name: string,
  is: string,
  limit: number,
  until: Until,
  incident: Incident | null,
  now: Instant,
): Rail => {
  const due = incident === null ? null : until(incident.phase);
  if (due === null) return { ...msRail, name, is, limit };
  return { ...msRail, name, is, limit, used: usedOf(limit, due, now), closed: now >= due, due };
};

/** How much of a time is gone that ends at `until`. */
const usedOf = (limit: number, until: Instant, now: Instant): number =>
  Math.min(limit, Math.max(0, limit - msBetween(now, until)));

/** A hold is over when somebody resumes it, a claim also when its time is. */
const stopRail = (state: LadderState): Rail => {
  const is = 'nothing is done while a person holds or claims it';
  const { stop } = state;
  const about = state.stop === null ? null : stopReason({ state });
  const frees = stop?.until ?? null;
  return { ...openRail, name: 'person', is, unit: null, limit: null, used: null, about, closed: stop !== null, frees };
};

/** Somebody is at work on what it acts on. */
const handRail = (state: LadderState, config: LadderConfig, now: Instant): Rail => {
  const is = 'nothing is begun after somebody changed by hand what it acts on, not through the pipeline';
  const rail = { ...msRail, name: 'hands-off', is, limit: config.handsOff };
  const frees = handsOffUntil(state, config, now);
  if (frees === null || state.written === null) return rail;
  const used = Math.max(0, msBetween(state.written.at, now));
  return { ...rail, about: saysWritten(state.written), used, closed: true, frees };
};

/** What just came may be the fix: the alarms that fail have to come round first. */
const unseenRail = (state: LadderState, config: LadderConfig, now: Instant): Rail => {
  const is = 'nothing is begun over a release that came after what fails, until the slowest alarm can have seen it';
  const limit = slowestWindow(state, config);
  const rail = { ...msRail, name: 'new-release', is, limit };
  const frees = state.incident === null ? null : unseenUntil(state, config, now);
  if (frees === null) return rail;
  const about = running(state)?.commit ?? null;
  return { ...rail, about, used: usedOf(limit, frees, now), closed: true, frees };
};

/** How long all checks pass, of how long they must before a ladder that called a person begins anything again. */
const freeRail = (state: LadderState, config: LadderConfig, now: Instant): Rail => {
  const is = 'nothing is begun after a hand-over until all checks pass for so long, or a person resumes it';
  const rail = { ...msRail, name: 'hand-over', is, limit: config.freeAfter };
  if (state.hold === null) return rail;
  const since = passingSince(state, config);
  const limit = state.hold.freeAfter === 'pause' ? config.freeAfter : 0;
  const used = since === null ? 0 : Math.min(limit, msBetween(since, now));
  return { ...rail, about: state.hold.reason, limit, used, closed: true, frees: freeAt(state, config) };
};
