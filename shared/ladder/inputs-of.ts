import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';
import { isOf, membersOf } from '../config/member.ts';
import { instant } from '../event/instant.ts';
import { reconciledAs } from '../event/reconciled.ts';
import { isReplayed } from '../event/replay.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import { type AlarmSays, meaningOf } from './alarms.ts';
import { writtenInputs } from './by-hand.ts';
import { asksWhoPushed } from './hands.ts';
import { isOfLadder, neighbourInputs } from './neighbours.ts';
import { toldOf, type ToldLadder } from './told.ts';
import type { ActResult, Input, Order, Told } from './input.ts';

/** An input and the ladder it is for. */
export type Addressed = { service: LadderConfig; input: Input };

/**
 * Says which ladders an entry of the trail concerns, and as what. Only what the service itself said counts: an
 * event of another source that calls itself an alarm is on record, and decides nothing; so is one of another account,
 * and one that was replayed: it happened at some other time.
 */
export const inputsOf = (entry: Entry, config: Config, own: readonly string[] = []): Addressed[] => {
  if (isReplayed(entry)) return [];
  const said = inputsAnywhere(entry, config, own);
  if (said.length === 0) return said;
  const concerns = concernedBy(entry, config);
  return said.filter(({ service }) => concerns(service));
};

const inputsAnywhere = (entry: Entry, config: Config, own: readonly string[]): Addressed[] => {
  if (reconciledAs(entry) !== null) return reconciledInputs(entry, config, own);
  const at = knownBy(entry, entry.occurredAt);
  return withTold(addressedBy(entry, config, own), entry, toldOf(entry, config, at), config);
};

/** A ladder takes in an entry once, with all that it says. */
const withTold = (addressed: Addressed[], { seq }: Entry, told: ToldLadder[], config: Config): Addressed[] => {
  if (told.length === 0) return addressed;
  const toldTo = (ladder: string) => told.find((one) => one.ladder === ladder)?.told;
  const others = told.filter(({ ladder }) => !addressed.some(({ service }) => service.ladder === ladder));
  return [
    ...addressed.map(({ service, input }): Addressed => {
      const checks = toldTo(service.ladder);
      return { service, input: checks === undefined ? input : { ...input, told: checks } };
    }),
    ...laddersOf(config)
      .filter(({ ladder }) => others.some((one) => one.ladder === ladder))
      .map((service): Addressed => ({ service, input: { type: 'told', seq, told: toldTo(service.ladder) ?? [] } })),
  ];
};

/**
 * What was found late is no news: a release that came takes its place among the others, what is on its way is known by
 * its commit, somebody's hand keeps ladders from beginning anything, and what a check was told is doubt. Of the time
 * before Escalator only releases count.
 */
const reconciledInputs = (entry: Entry, config: Config, own: readonly string[]): Addressed[] => {
  if (entry.kind === 'stage.succeeded' && entry.source.name === 'aws.codepipeline')
    return stageInputs(entry, config).flatMap(({ service, input }) => recoveredInput(service, input));
  if (reconciledAs(entry) === 'backfilled') return [];
  const at = knownBy(entry, entry.occurredAt);
  const told = toldOf(entry, config, at).map((one) => ({ ...one, told: one.told.map(asLate) }));
  return withTold(lateInputs(entry, config, own, at), entry, told, config);
};

const lateInputs = (entry: Entry, config: Config, own: readonly string[], at: Instant): Addressed[] => {
  if (entry.kind === 'call') return writtenInputs(entry, config, own, at);
  const isSource = entry.kind === 'action.succeeded' && entry.source.name === 'aws.codepipeline';
  return isSource ? sourceInputs(entry, config) : [];
};

const asLate = (told: Told): Told => ({ ...told, late: true });

const recoveredInput = (service: LadderConfig, input: Input): Addressed[] => {
  if (input.type !== 'stage') return [];
  const { seq, execution, startedAt, at } = input;
  return [{ service, input: { type: 'recovered', seq, execution, startedAt, at } }];
};

const addressedBy = (entry: Entry, config: Config, own: readonly string[]): Addressed[] => {
  if (entry.kind === 'alarm.changed' && entry.source.name === 'aws.cloudwatch') return alarmInputs(entry, config);
  if (entry.kind === 'alarm-contributor.changed' && entry.source.name === 'aws.cloudwatch')
    return seriesInputs(entry, config);
  if (entry.kind === 'action.succeeded' && entry.source.name === 'aws.codepipeline') return sourceInputs(entry, config);
  if (entry.kind.startsWith('stage.') && entry.source.name === 'aws.codepipeline') return stageInputs(entry, config);
  if (entry.kind === 'step.result' && entry.source.name === 'escalator') return resultInputs(entry, config);
  if (entry.kind === 'order.given' && entry.source.name === 'escalator') return orderInputs(entry, config);
  if (entry.kind === 'gameday.asked' && entry.source.name === 'escalator') return gamedayInputs(entry, config);
  if (isOfLadder(entry)) return neighbourInputs(entry, config);
  if (entry.kind === 'reader.skipped' && entry.source.name === 'escalator') return skippedInputs(entry, config);
  if (/^reference\.(?:created|updated)$/.test(entry.kind)) return pushedInputs(entry, config);
  if (entry.kind === 'call') return writtenInputs(entry, config, own, knownBy(entry, entry.occurredAt));
  return [];
};

const pushedInputs = ({ seq, source, change, actor }: Entry, config: Config): Addressed[] => {
  if (source.name !== 'aws.codecommit' || change === null) return [];
  const input: Input = { type: 'pushed', seq, commit: change.commit, who: actor };
  return config.services.filter((one) => asksWhoPushed(one, change)).map((service) => ({ service, input }));
};

const orderInputs = (entry: Entry, config: Config): Addressed[] => {
  const order = entry.detail['order'] as unknown as Order;
  const input: Input = { type: 'order', seq: entry.seq, order, who: entry.actor, why: entry.reason ?? '' };
  return laddersOf(config)
    .filter(({ ladder }) => ladder === entry.detail['ladder'])
    .map((service) => ({ service, input }));
};

const gamedayInputs = ({ seq, actor, reason, detail }: Entry, config: Config): Addressed[] => {
  const { check, mode, steps } = detail as unknown as Pick<
    Extract<Input, { type: 'gameday' }>,
    'check' | 'mode' | 'steps'
  >;
  const input: Input = { type: 'gameday', seq, check, mode, steps, who: actor, why: reason ?? '' };
  return laddersOf(config)
    .filter(({ ladder }) => ladder === detail['ladder'])
    .map((service) => ({ service, input }));
};

/** An entry that this reader could not take in: the ladder it is about may have missed something that matters. */
const skippedInputs = (entry: Entry, config: Config): Addressed[] => {
  const reason = `entry ${Number(entry.detail['seq'])} could not be taken in: ${entry.reason ?? 'no reason given'}`;
  return laddersOf(config)
    .filter(({ environment, service }) => environment === entry.environment && service === entry.service)
    .map((service) => ({ service, input: { type: 'skipped', seq: entry.seq, reason } }));
};

/**
 * Which ladders an entry can be about, by where it happened: two accounts may have pipelines and alarms of one name. What
 * Escalator itself did is about whichever it says. The lane's origin is `escalator/<account>/<region>`.
 */
const concernedBy = ({ source, origin }: Entry, config: Config): ((ladder: LadderConfig) => boolean) => {
  const [, account = '', region = ''] = origin.split('/');
  const home = { account, region };
  if (source.name === 'escalator') return () => source.account === account;
  const members = membersOf(config, home);
  return (ladder) => isOf(source, ladder, { home, members });
};

const alarmInputs = (entry: Entry, config: Config): Addressed[] => {
  const input = alarmInput(entry);
  if (input === null) return [];
  const bySeries = seriesInputs(entry, config);
  return [
    ...bySeries,
    ...laddersOf(config)
      .filter(({ checks }) => Object.values(checks).some((check) => check.alarm === input.alarm))
      .filter(({ ladder }) => !bySeries.some(({ service }) => service.ladder === ladder))
      .map((service) => ({ service, input })),
  ];
};

/**
 * An alarm that tells one by one what fails, or one series of it: what else fails of it is nothing that the event says, so
 * that it is read. Nor can an event that is late or out of order say anything wrong then.
 */
const seriesInputs = ({ seq, detail: { alarm } }: Entry, config: Config): Addressed[] => {
  if (typeof alarm !== 'string') return [];
  return laddersOf(config)
    .filter(({ checks }) => Object.values(checks).some((check) => 'per' in check && check.alarms.includes(alarm)))
    .map((service) => ({ service, input: { type: 'series', seq, alarm } }));
};

/** What an entry of CloudWatch says of an alarm, whoever has a check on it; null where it names none. */
export const alarmInput = (entry: Entry): Extract<Input, { type: 'alarm' }> | null => {
  const { alarm, at } = entry.detail;
  if (typeof alarm !== 'string') return null;
  return {
    type: 'alarm',
    seq: entry.seq,
    alarm,
    at: knownBy(entry, typeof at === 'string' ? at : entry.occurredAt),
    ...meaningOf(toldBy(entry)),
  };
};

const toldBy = ({ detail, reason }: Entry): AlarmSays => {
  const said = (field: string): string | null => (typeof detail[field] === 'string' ? detail[field] : null);
  return {
    state: detail['value'] ?? null,
    reason: reason ?? '',
    suppressedBy: said('suppressedBy'),
    suppressedReason: said('suppressedReason'),
    mutedBy: said('mutedBy'),
    mutedUntil: said('mutedUntil'),
    evaluation: said('evaluation'),
  };
};

const sourceInputs = (entry: Entry, config: Config): Addressed[] => {
  if (entry.detail['category'] !== 'Source' || entry.change === null || entry.execution === null) return [];
  const input: Input = { type: 'sourced', seq: entry.seq, execution: entry.execution, commit: entry.change.commit };
  return config.services
    .filter(({ pipeline }) => pipeline === entry.detail['pipeline'])
    .map((service) => ({ service, input }));
};

const stageInputs = (entry: Entry, config: Config): Addressed[] => {
  if (entry.execution === null) return [];
  const at = knownBy(entry, entry.occurredAt);
  const input: Input = {
    type: 'stage',
    seq: entry.seq,
    execution: entry.execution,
    outcome: entry.kind.slice('stage.'.length),
    startedAt: knownBy(entry, startTime(entry) ?? at),
    at,
    reason: entry.reason ?? '',
  };
  return config.services
    .filter(({ pipeline, stage }) => pipeline === entry.detail['pipeline'] && stage === entry.detail['stage'])
    .map((service) => ({ service, input }));
};

/** CodePipeline's `start-time` of the stage, where the event carries one (older events do not). */
const startTime = (entry: Entry): string | null => {
  const { event } = entry.detail;
  const isObject = typeof event === 'object' && event !== null && !Array.isArray(event);
  return isObject ? instant(event['start-time']) : null;
};

/**
 * Nothing is observed before it happened. A time to come, as by a clock that is wrong, would otherwise be newer than all
 * that is read later, and be believed until it has come.
 */
const knownBy = ({ observedAt }: Entry, at: Instant | null): Instant =>
  at === null || at > observedAt ? observedAt : at;

const resultInputs = (entry: Entry, config: Config): Addressed[] => {
  const { ladder, actKey, result } = entry.detail;
  const service = laddersOf(config).find((candidate) => candidate.ladder === ladder);
  if (service === undefined || typeof actKey !== 'string') return [];
  return [{ service, input: { type: 'result', seq: entry.seq, actKey, result: result as unknown as ActResult } }];
};
