import { type Config, defaultAccount, type LadderConfig, laddersOf } from '../../shared/config/config.ts';
import { decide } from '../../shared/ladder/decide.ts';
import { type ActResult, type Input, noReadings } from '../../shared/ladder/input.ts';
import { readSwitch, stoppedBy } from '../../shared/ladder/kill-switch.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import { rootOf, running } from '../../shared/ladder/releases.ts';
import type { Phase } from '../../shared/ladder/incident.ts';
import { wantedFor } from '../../shared/ladder/slots.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { ActMessage, Clock, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import type { Ladders } from '../support/ladders.ts';
import { readAbove, readAccount } from '../support/neighbours.ts';
import { readChecksOf } from '../support/read-checks.ts';
import type { SlotStreams } from '../support/slots.ts';
import type { Actions, Claim } from './actions.ts';
import { resultGroup, resultKey, type Step } from './record.ts';

export type TakeStepPorts = {
  trail: Trail;
  ladders: Ladders;
  slots: SlotStreams;
  reads: Reads;
  actions: Actions;
  config: Config;
  source: Source;
  now: Clock;
  /** who claims: this process */
  holder: string;
  /** tells one attempt from another of the same process: two claims are never alike */
  newId: () => string;
  /** whether whoever made a claim can no longer be at work */
  isAbandoned: (claim: Claim) => boolean;
};

/** Whoever loses the race for a version this often gives the message back. */
const triesAtMost = 5;

/**
 * Carries out one intent: asks the ladder for it, calls, puts the result on record. The ladder grants an act once; one
 * that was granted before is never called again: what became of it is read back.
 * @returns false when the message must come back later
 * @throws where a call had no answer: the message comes back too, and what became of the call is read back
 */
export const takeStep =
  (ports: TakeStepPorts) =>
  async (message: ActMessage): Promise<boolean> => {
    const service = laddersOf(ports.config).find(({ ladder }) => ladder === message.ladder);
    if (service === undefined) return true;
    for (let tries = 0; tries < triesAtMost; tries += 1) {
      const state = await ports.ladders.load(service.ladder);
      const phase = wanted(state, message);
      if (phase === null) return true;
      const step = { service, intent: phase.intent, incident: state.incident?.id ?? '' };
      if (phase.claim !== null) return seeThrough(ports, step, phase.claim);
      const readings = await read(ports, step, state);
      const asked = await ask(ports, step, state, readings);
      if (asked === 'granted') return settle(ports, step, await ports.actions.start(service, step.intent, readings));
      if (asked === 'refused') return true;
    }
    return false;
  };

type Acting = Extract<Phase, { name: 'acting' }>;

/** What the ladder still wants of a message: nothing, where it went on meanwhile. */
const wanted = ({ incident }: LadderState, { actKey }: ActMessage): Acting | null =>
  incident?.phase.name === 'acting' && incident.phase.intent.actKey === actKey && !incident.phase.started
    ? incident.phase
    : null;

const seeThrough = async (ports: TakeStepPorts, step: Step, claim: Claim): Promise<boolean> => {
  if ((await ports.trail.find(resultKey(step.intent.actKey))) !== null) return true;
  if (!ports.isAbandoned(claim)) return false;
  return settle(ports, step, await ports.actions.readBack(step.service, step.intent, claim));
};

/** Asks the ladder, in its own stream: granted, refused, or decided by others meanwhile. */
const ask = async (
  ports: TakeStepPorts,
  { service, intent }: Step,
  state: LadderState,
  act: ActReadings,
): Promise<'granted' | 'refused' | 'overtaken'> => {
  const input: Input = { type: 'claim', actKey: intent.actKey, holder: ports.holder, attempt: ports.newId() };
  const above = await readAbove(ports.ladders, ports.config, service);
  const readings = { ...noReadings, act, ...above, ...(await readAccount(ports.ladders, ports.config)) };
  const now = ports.now().toISOString();
  const decision = decide(state, input, readings, now, service);
  if (decision.events.length === 0) return 'refused';
  const on = { input, readings, now, config: ports.config.digest };
  if (!(await ports.ladders.record(service, state, on, decision))) return 'overtaken';
  return decision.outcome === 'step.claimed' ? 'granted' : 'refused';
};

const settle = async (ports: TakeStepPorts, step: Step, result: ActResult): Promise<boolean> => {
  await ports.trail.append([resultGroup(step, result, ports.source)]);
  return true;
};

/** A state can be set by anybody who may; before a drastic act its metric is asked too. */
const isDrastic = ({ levels }: LadderConfig, { level: name }: Intent): boolean =>
  levels.some(({ level, drastic }) => level === name && drastic);

/** Everything the last question needs, read now. The alarms are read last, so that they are the freshest. */
const read = async (ports: TakeStepPorts, { service, intent }: Step, state: LadderState): Promise<ActReadings> => {
  const current = running(state);
  const root = current === null ? null : rootOf(state, current).execution;
  const reads = ports.reads.of?.(service) ?? ports.reads;
  const before = await reads.before(service, intent, root);
  const ladders = laddersOf(ports.config).map(({ ladder }) => ladder);
  const killSwitch = readSwitch(await reads.killSwitch(), { ladders });
  const stopped = stoppedBy(killSwitch, service.ladder, intent.action);
  const full = await roomFor(ports, service, intent);
  const readAt = ports.now().toISOString();
  const checks = await readChecksOf(reads, service, isDrastic(service, intent));
  return { released: stopped === null ? true : { stopped }, ...checks, readAt, full, ...before };
};

/** Takes the slots that an act needs. Answers why there is none, or null where it has them. */
const roomFor = async (
  { slots, source, config }: TakeStepPorts,
  { ladder }: LadderConfig,
  intent: Intent,
): Promise<string | null> => {
  for (const wanted of wantedFor(intent, source, (config.account ?? defaultAccount).acting)) {
    const by = await slots.take(wanted, { ladder, actKey: intent.actKey });
    if (by !== null) return `${by.join(', ')} ${by.length === 1 ? 'acts' : 'act'} already (${wanted.of})`;
  }
  return null;
};
