import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { resultKey } from '../../functions/take-step/record.ts';
import { type Config, type LadderConfig, laddersOf, type ServiceConfig } from '../../shared/config/config.ts';
import { decide } from '../../shared/ladder/decide.ts';
import type { LadderEvent } from '../../shared/ladder/events.ts';
import { type DecidedOn, eventOf, foldVersion } from '../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../shared/ladder/state.ts';
import { withdrawnLadder } from '../../shared/ladder/withdrawn.ts';
import type { ActMessage, AlertMessage } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { watchAlerts } from './alert-invariants.ts';
import { watchBudgets } from './budget-invariants.ts';
import { watchClaims } from './claim-invariants.ts';
import { commitPut, isAct, isNone, newerStopped } from './calls.ts';
import { type Memory, newMemory } from './memory-of-invariants.ts';
import { wronglyGiven } from './target-invariants.ts';
import type { Invocation } from './process.ts';
import { isStopped } from './stops.ts';
import type { World } from './world.ts';

/** Configurations by their digests: each decision names the one it was made by. */
export type Configs = { now(): Config; of(digest: string): Config };

/** What must hold after every step of a run (numbered as in docs/explanation/invariants.md), and at its end. */
export type Invariants = {
  calls(by: Invocation, command: object, act: ActMessage | null): void;
  answered(by: Invocation, command: object, act: ActMessage | null): void;
  published(message: AlertMessage, topic: string): void;
  unheard(message: AlertMessage, topic: string): void;
  superseded(older: { trigger: string; id: string }, by: { trigger: string; id: string }): void;
  /** looks at the entries that came since the last look */
  step(): void;
  end(pending: number): void;
  /** every ladder, folded from what is on record */
  states: Map<string, LadderState>;
  /** whether any ladder has an open incident */
  isOpen(): boolean;
  violations: string[];
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** @param memory what was seen so far; it is gone on with */
export const watchInvariants = (
  world: World,
  configs: Configs,
  entries: () => Entry[],
  memory: Memory = newMemory(configs.now()),
): Invariants => {
  const violations: string[] = [];
  const broken = (number: string, what: string): void => void violations.push(`${number} ${what}`);
  const { ladders, acting, failedRuns, intents, acted, good, quarantined } = memory;
  const alerts = watchAlerts(memory, broken);
  const budgetsKept = watchBudgets(memory, broken);
  const lastRead = new WeakMap<Invocation, { alarms: number; killSwitch: string | null }>();

  /** As it is configured now, or was by the configuration of a digest. */
  const serviceOf = (ladder: string, digest?: string): LadderConfig =>
    laddersOf(digest === undefined ? configs.now() : configs.of(digest)).find((service) => service.ladder === ladder) ??
    withdrawnLadder(ladder);
  const claims = watchClaims(memory, broken);

  const approvedOf = (ladder: string, level: string): number =>
    ladders.get(ladder)?.incident?.approvals.filter((given) => given.level === level).length ?? 0;

  const readsOf = (by: Invocation) => {
    const reads = lastRead.get(by) ?? { alarms: Number.NEGATIVE_INFINITY, killSwitch: null };
    lastRead.set(by, reads);
    return reads;
  };

  const acts = (by: Invocation, command: object, act: ActMessage | null): void => {
    if (act === null) return broken('I3', `${by.name} called ${command.constructor.name} without an intent`);
    const { actKey } = act;
    const intent = intents.get(actKey);
    if (intent === undefined) return broken('I3', `${actKey} was never intended`);
    if (!intent.claimed) broken('I3', `${actKey} acts without its claim`);
    if (intent.mode === 'observe') broken('I8', `${actKey} acts in mode observe`);
    if (intent.approvals > approvedOf(act.ladder, intent.level)) broken('I8', `${actKey} acts unapproved`);
    const reads = readsOf(by);
    if (isStopped(reads.killSwitch ?? '', act.ladder, intent.action))
      broken('I8', `${actKey} acts although the kill switch is ${reads.killSwitch}`);
    if (world.time.now() - reads.alarms > 30_000) broken('I10', `${actKey} acts on an old reading`);
    const done = acted.get(actKey) ?? [];
    if (isNone(command) && done.includes(command.constructor.name))
      broken('I5', `${actKey} calls ${command.constructor.name} twice`);
    neverAgain(act, command, ladders.get(act.ladder) ?? initialState);
    const wrong = wronglyGiven(command, act, memory.given, {
      state: ladders.get(act.ladder) ?? initialState,
      configOf: (digest) => serviceOf(act.ladder, digest),
      entries: entries(),
    });
    if (wrong !== null) broken('I18', `${actKey} ${wrong}`);
    const others = [...intents].filter(
      ([key, other]) => key !== actKey && key.startsWith(`${act.ladder}#`) && other.claimed && !other.ended,
    );
    if (others.length > 0) broken('I6', `${actKey} acts while ${others.map(([key]) => key).join(', ')} runs`);
  };

  /** A call that was answered did what it says; one that was refused did nothing. */
  const answered = (by: Invocation, command: object, act: ActMessage | null): void => {
    if (!isAct(command) || act === null) return;
    const done = acted.get(act.actKey) ?? [];
    acted.set(act.actKey, [...done, command.constructor.name]);
    const goesBack = intents.get(act.actKey)?.forCause === true && done.length === 0;
    if (goesBack) budgetsKept.wentBack(serviceOf(act.ladder) as ServiceConfig, by.now().toISOString());
  };

  /** What is put there was not gone back from; what is stopped is no newer change, but where somebody chose that. */
  const neverAgain = (act: ActMessage, command: object, state: LadderState): void => {
    const own = serviceOf(act.ladder);
    if (own.service === null) return;
    const pipeline = world.pipeline(own.pipeline);
    const isLeft = (commit: string | undefined): boolean =>
      state.wentBack.some((mark) => mark.commit === commit && Date.parse(mark.at) > world.time.now() - dayMs);
    const commit = commitPut(pipeline, command);
    if (isLeft(commit)) broken('I12', `${act.actKey} puts ${commit} there, which it went back from`);
    const newer = newerStopped(pipeline, command);
    if (newer === null || isLeft(newer.commit) || quarantined.has(`${act.ladder} ${newer.commit}`)) return;
    if (approvedOf(act.ladder, intents.get(act.actKey)?.level ?? '') === 0)
      broken('I20', `${act.actKey} stops ${newer.id}, a newer change, which nobody chose`);
  };

  const decided = (entries: Entry[]): void => {
    const [first] = entries;
    const ladder = String(first?.detail['ladder']);
    const before = ladders.get(ladder);
    if (first === undefined || before === undefined) return broken('I16', `a version of ${ladder}, which there is not`);
    const { input, readings, now, outcome, config } = first.detail as unknown as DecidedOn & { outcome: string };
    const again = decide(before, input, readings, now, serviceOf(ladder, config));
    const said = entries.slice(1).map(eventOf);
    const recorded = JSON.stringify({ outcome, events: said.map(withoutIncident(again.events)) });
    if (recorded !== JSON.stringify({ outcome: again.outcome, events: again.events }))
      broken('I16', `${ladder}#${before.version + 1} is decided otherwise in the replay`);
    const letGo = said.findIndex(({ type }) => type === 'ladder.let-go');
    // What the environment's ladder said is heeded first, in the same version.
    const free = { ...before, above: { ...before.above, by: null } };
    for (const [at, event] of said.entries())
      follows(serviceOf(ladder, config), letGo !== -1 && at > letGo ? free : before, event, now);
    ladders.set(ladder, foldVersion(before, entries));
  };

  const follows = (service: LadderConfig, before: LadderState, event: LadderEvent, now: string): void => {
    const { ladder } = service;
    if (event.type === 'attempt.started') {
      const from = service.levels.findIndex(({ level }) => level === event.from);
      const wanted = service.levels.slice(from).map(({ level }) => level);
      if (from < 0 || JSON.stringify(wanted) !== JSON.stringify(event.levels))
        broken('I7', `${ladder} attempts ${event.levels.join(', ')}`);
      if (event.attempt === 1 && before.incident?.attempt === 0) {
        budgetsKept.runBegan(service, now);
      }
    }
    if (event.type === 'step.intended') {
      const phase = before.incident?.phase;
      if ((phase?.name === 'quiescing' || phase?.name === 'quiet') && now < phase.until)
        broken('I19', `${event.intent.actKey} is intended while its ladder is ${phase.name} until ${phase.until}`);
      const level = service.levels.find((one) => one.level === event.intent.level);
      const approvals = level?.drastic === true ? service.approvers : level?.mode === 'ask' ? 1 : 0;
      const forCause = event.intent.action === 'redeploy' && event.intent.forCause !== null;
      intents.set(event.intent.actKey, {
        claimed: false,
        ended: false,
        mode: level?.mode ?? '',
        level: event.intent.level,
        action: event.intent.action,
        target: event.intent.target,
        approvals,
        forCause,
      });
    }
    if (event.type === 'release.good') good.add(event.release);
    if (event.type === 'release.quarantined' || event.type === 'quarantine.ordered')
      quarantined.add(`${ladder} ${event.commit}`);
    if (event.type === 'quarantine.lifted') quarantined.delete(`${ladder} ${event.commit}`);
    if (event.type === 'step.claimed') {
      acting.add(ladder);
      claims.took(event, before, service, now);
    }
    if (event.type === 'incident.waiting' && before.incident?.phase.name === 'acting')
      ends(before.incident.phase.intent.actKey);
    if (event.type === 'step.ended' && event.actKey !== null) ends(event.actKey);
    if (event.type === 'circuit.closed') failedRuns.delete(ladder);
    if (event.type === 'incident.closed') {
      if (event.status === 'converged' && acting.has(ladder)) failedRuns.delete(ladder);
      else if (acting.has(ladder)) failedRuns.set(ladder, (failedRuns.get(ladder) ?? 0) + 1);
      acting.delete(ladder);
      for (const [key, intent] of intents) if (key.startsWith(`${ladder}#`)) intent.ended = true;
    }
  };

  const ends = (actKey: string): void => {
    const intent = intents.get(actKey);
    if (intent !== undefined) intent.ended = true;
  };

  const took = (entry: Entry): void => {
    const actKey = String(entry.detail['actKey']);
    if (entry.kind !== 'step.result') return;
    if (['not-started', 'deferred', 'refused', 'failed'].includes(entry.outcome ?? '')) ends(actKey);
  };

  const look = (): void => {
    const all = entries();
    for (; memory.looked < all.length; memory.looked += 1) {
      const entry = all[memory.looked] as Entry;
      if (entry.kind === 'ladder.decided') decided(all.slice(memory.looked, memory.looked + entry.part.of));
      else took(entry);
      alerts.took(entry);
    }
  };

  return {
    violations,
    states: ladders,
    calls: (by, command, act) => {
      look();
      const reads = readsOf(by);
      if (command instanceof DescribeAlarmsCommand) reads.alarms = world.time.now();
      if (command instanceof GetParameterCommand) reads.killSwitch = world.killSwitch;
      if (isAct(command)) acts(by, command, act);
    },
    answered,
    published: alerts.published,
    unheard: alerts.unheard,
    superseded: (older, by) => {
      if (by.trigger === 'start' && older.trigger === 'push')
        broken('I20', `${older.id}, a newer change, was superseded by ${by.id}, which the robot started`);
    },
    step: look,
    isOpen: () => [...ladders.values()].some(({ incident }) => incident !== null),
    end: (pending) => {
      look();
      const all = entries();
      for (const [ladder, state] of ladders) {
        if (state.incident !== null)
          broken('I15', `${ladder} still has an open incident: ${state.incident.phase.name}`);
      }
      for (const [actKey, intent] of intents) if (!intent.ended) broken('I4', `${actKey} never ended`);
      if (pending > 0) broken('I15', `${pending} messages are still under way`);
      alerts.end(
        all,
        configs.now().routes.map(({ to }) => to),
        world.time.now(),
      );
      for (const entry of all) {
        if (entry.kind === 'step.result' && entry.factKey !== resultKey(String(entry.detail['actKey'])))
          broken('I3', `${entry.factKey} is a result of something else`);
      }
    },
  };
};

/** Each entry carries the incident it belongs to, also where the event itself does not. */
const withoutIncident =
  (events: readonly LadderEvent[]) =>
  (event: LadderEvent, index: number): LadderEvent => {
    const wanted = events[index];
    if (wanted === undefined || 'incident' in wanted) return event;
    const { incident: _incident, ...rest } = event as LadderEvent & { incident?: unknown };
    return rest as LadderEvent;
  };
