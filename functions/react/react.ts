import { isOfChanges } from '../../shared/alert/change/inputs-of.ts';
import { type LadderConfig, laddersOf } from '../../shared/config/config.ts';
import { inputsOf } from '../../shared/ladder/inputs-of.ts';
import { withdrawnLadder } from '../../shared/ladder/withdrawn.ts';
import type { Timer, Trail } from '../../shared/ports.ts';
import type { Entry, Instant } from '../../shared/trail/entry.ts';
import { msBetween } from '../../shared/trail/time.ts';
import { atOnce } from '../support/at-once.ts';
import { advance, type Advancing } from './advance.ts';
import { alertTimer, type Effects, sendTimer, startEffects } from './effects.ts';
import { readAhead } from './read-ahead.ts';
import { take, type TellPorts } from '../support/tell.ts';
import { takeChange } from './tell-change.ts';
import { tellSkipped } from './tell-skipped.ts';
import { tellOf } from './tell.ts';

/** `read` answers what stands at a place of the trail. `own`: the roles that Escalator itself acts in, whose calls are nobody's. */
export type ReactPorts = Advancing &
  TellPorts & {
    effects: Effects;
    read: Trail['read'];
    own?: readonly string[];
    /** lets so many milliseconds pass */
    wait(ms: number): Promise<void>;
  };

/** Timers found overdue at once by the sweeper, at most. */
const sweptAtOnce = 100;

/** Takes one entry of the lane: starts what it asks for, and lets the ladders it concerns take it in. */
export const reactTo =
  (ports: ReactPorts) =>
  async (entry: Entry): Promise<void> => {
    await startEffects(ports.effects, entry, ports.now().toISOString());
    for (const { service, input } of inputsOf(entry, ports.config, ports.own)) await advance(ports, service, input);
    await tellOf(ports, entry);
    await tellSkipped(ports, entry);
  };

/** A queue delays by whole seconds. The rest of one is waited for: sent again, a timer would come up to a second late. */
const waitsAtMostMs = 1_000;

/**
 * A ladder that whoever takes its timer does not know may be one that a newer configuration has: who was begun with an older
 * one lives for so long (ms). After that it was taken out.
 */
export const unknownAtMostMs = 15 * 60_000;

/** A timer came: by its delayed message, or found overdue by the sweeper. One that comes too early is sent again. */
export const onTimer =
  (ports: ReactPorts) =>
  async (timer: Timer): Promise<void> => {
    const early = Date.parse(timer.due) - ports.now().getTime();
    if (early > 0 && early <= waitsAtMostMs) await ports.wait(early);
    const now = ports.now().toISOString();
    if (now < timer.due) return sendTimer(ports.effects.timers, timer, now);
    const isTaken = await takeTimer(ports, timer, now);
    if (isTaken) await ports.effects.timerRows.clear(timer);
  };

/** Gives a timer to whom it is for: a group of alerts, or a ladder. False where it is to be found again. */
const takeTimer = async (ports: ReactPorts, timer: Timer, now: Instant): Promise<boolean> => {
  const { name, ladder, version, due } = timer;
  const input = { type: 'timer', version, due } as const;
  if (name === alertTimer) {
    await (isOfChanges(ladder) ? takeChange : take)(ports, ladder, input);
    return true;
  }
  const service = laddersOf(ports.config).find((one) => one.ladder === ladder);
  if (service !== undefined) await advance(ports, service, input);
  else if (msBetween(due, now) < unknownAtMostMs) return false;
  else await advance(ports, withdrawnLadder(ladder), { type: 'withdrawn' });
  return true;
};

/** Finds timers whose message was lost. */
export const sweepTimers = (ports: ReactPorts) => async (): Promise<void> => {
  const overdue = await ports.effects.timerRows.due(ports.now().toISOString(), sweptAtOnce);
  for (const timer of overdue) await onTimer(ports)(timer);
};

/** Ladders that take note of a reading at once. */
const laddersAtOnce = 10;

/** Reads every check from its source, events or not, and lets the ladders take note, those of environments first. */
export const readChecks = (ports: ReactPorts) => async (): Promise<void> => {
  const { environments, services } = ports.config;
  const reads = await readAhead(ports.reads, [...environments, ...services], ports.now);
  const take = (ladder: LadderConfig) => advance({ ...ports, reads }, ladder, { type: 'read' });
  await atOnce(laddersAtOnce, environments, take);
  await atOnce(laddersAtOnce, services, take);
};
