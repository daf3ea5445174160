import type { Config, ServiceConfig } from '../../shared/config/config.ts';
import type { Intent } from '../../shared/ladder/events.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import { type ActReadings, mayAct, type Permission } from '../../shared/ladder/may-act.ts';
import type { Reads } from '../../shared/ladder/reads.ts';
import { eventOf, versionKey } from '../../shared/ladder/record.ts';
import { rootOf, running } from '../../shared/ladder/releases.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { ActMessage, Clock, Trail } from '../../shared/ports.ts';
import type { Entry, Source } from '../../shared/trail/entry.ts';
import type { Ladders } from '../support/ladders.ts';
import type { Actions, Claim } from './actions.ts';
import { claimGroup, claimKey, resultGroup, resultKey } from './record.ts';

export type TakeStepPorts = {
  trail: Trail;
  ladders: Ladders;
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

type Step = { service: ServiceConfig; intent: Intent; incident: string };

/**
 * Carries out one intent: is it still wanted, may it act, claim it, call, put the result on record. An intent that
 * was claimed before is never called again: what became of it is read back.
 * @returns false when the message must come back later
 */
export const takeStep =
  (ports: TakeStepPorts) =>
  async (message: ActMessage): Promise<boolean> => {
    const step = await findStep(ports, message);
    if (step === null || (await ports.trail.find(resultKey(message.actKey))) !== null) return true;
    const claim = await findClaim(ports, message.actKey);
    if (claim === null) return attempt(ports, step);
    if (!ports.isAbandoned(claim)) return false;
    return settle(ports, step, await ports.actions.readBack(step.service, step.intent, claim));
  };

const findStep = async (ports: TakeStepPorts, message: ActMessage): Promise<Step | null> => {
  const service = ports.config.services.find(({ ladder }) => ladder === message.ladder);
  const place = await ports.trail.find(versionKey(message.ladder, message.version));
  if (service === undefined || place === null) return null;
  const events = (await ports.trail.read(place)).map(eventOf);
  const intended = events.find((event) => event.type === 'step.intended' && event.intent.actKey === message.actKey);
  return intended?.type === 'step.intended' ? { service, intent: intended.intent, incident: intended.incident } : null;
};

const findClaim = async (ports: TakeStepPorts, actKey: string): Promise<Claim | null> => {
  const place = await ports.trail.find(claimKey(actKey));
  const [entry]: Entry[] = place === null ? [] : await ports.trail.read(place);
  if (entry === undefined) return null;
  const { holder, readings } = entry.detail;
  return {
    holder: typeof holder === 'string' ? holder : '',
    at: entry.observedAt,
    readings: readings as unknown as ActReadings,
  };
};

const attempt = async (ports: TakeStepPorts, step: Step): Promise<boolean> => {
  const state = await ports.ladders.load(step.service.ladder);
  const readings = await read(ports, step, state);
  const permission = mayAct(state, step.intent, readings, ports.now().toISOString(), step.service);
  if (permission.may !== 'act') return settle(ports, step, withoutActing(permission));
  const [claimed] = await ports.trail.append([
    claimGroup(step, { holder: ports.holder, attempt: ports.newId(), readings }, ports.source),
  ]);
  if (claimed?.status !== 'recorded') return false;
  return settle(ports, step, await ports.actions.start(step.service, step.intent, readings));
};

const withoutActing = (permission: Exclude<Permission, { may: 'act' }>): ActResult => ({
  outcome: permission.may === 'wait' ? 'deferred' : permission.outcome,
  reason: permission.reason,
  execution: null,
  instances: [],
});

const settle = async (ports: TakeStepPorts, step: Step, result: ActResult): Promise<boolean> => {
  await ports.trail.append([resultGroup(step, result, ports.source)]);
  return true;
};

/** Everything the last question needs, read now. The alarms are read last, so that they are the freshest. */
const read = async (ports: TakeStepPorts, { service, intent }: Step, state: LadderState): Promise<ActReadings> => {
  const current = running(state);
  const root = current === null ? null : rootOf(state, current).execution;
  const redeploys = intent.action === 'redeploy';
  const traffic = redeploys ? await ports.reads.traffic(service, root) : null;
  const instances = redeploys ? null : await ports.reads.instances(intent.group);
  const released = await ports.reads.released();
  const readAt = ports.now().toISOString();
  const alarms = await ports.reads.alarms(Object.values(service.checks).map(({ alarm }) => alarm));
  return { released, alarms, readAt, traffic, instances };
};
