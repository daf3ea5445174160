import { type CheckConfig, type Config, type EventPattern, laddersOf } from '../config/config.ts';
import type { Entry, Instant, Json } from '../trail/entry.ts';
import { compilePattern, type Matcher, matches } from '../pattern/pattern.ts';
import type { CheckValue } from './events.ts';
import type { Told } from './input.ts';

/** What an entry says of a ladder's checks that are no alarms. */
export type ToldLadder = { ladder: string; told: Told[] };

/**
 * Says which checks an entry tells of: results of pipelines, as CodePipeline itself tells them, and whatever matches the
 * patterns of a check. Pure.
 *
 * @param at when it was, as the ladders take it
 */
export const toldOf = (entry: Entry, config: Config, at: Instant): ToldLadder[] =>
  laddersOf(config).flatMap(({ ladder, checks }) => {
    const told = Object.values(checks).flatMap((check): Told[] => {
      const value = valueFor(check, entry);
      return value === null ? [] : [{ check: check.name, value, at, reason: reasonOf(entry) }];
    });
    return told.length === 0 ? [] : [{ ladder, told }];
  });

/** Most events give no reason: then what it was, and who said so. */
const reasonOf = ({ reason, detail, source }: Entry): string => {
  const said = typeof detail['detailType'] === 'string' ? `event ${JSON.stringify(detail['detailType'])}` : 'an event';
  return `${said} of ${source.name}${reason === null ? '' : `: ${reason}`}`;
};

const valueFor = (check: CheckConfig, entry: Entry): CheckValue | null => {
  if ('fail' in check) return valueByPattern(check, entry);
  return 'pipeline' in check ? valueByResult(check, entry) : null;
};

/** What is neither succeeded nor failed (begun, stopped, overtaken by a newer one) says nothing. */
const valueByResult = ({ pipeline, stage }: { pipeline: string; stage: string | null }, entry: Entry) => {
  const { kind, source, detail } = entry;
  if (source.name !== 'aws.codepipeline' || detail['pipeline'] !== pipeline) return null;
  const what = stage === null ? 'pipeline' : 'stage';
  if (stage !== null && detail['stage'] !== stage) return null;
  if (kind === `${what}.succeeded`) return 'pass';
  return kind === `${what}.failed` ? 'fail' : null;
};

/** An event that both patterns match says two things at once, and so nothing that can be relied on. */
const valueByPattern = ({ fail, pass }: { fail: EventPattern; pass: EventPattern }, entry: Entry) => {
  if (!('event' in entry.detail)) return null;
  const event = deliveredAs(entry);
  const [fails, passes] = [matches(matcherOf(fail), event), matches(matcherOf(pass), event)];
  if (fails && passes) return 'unknown';
  return fails ? 'fail' : passes ? 'pass' : null;
};

/** The event as EventBridge delivered it, of what an entry keeps of it: all but its secrets. */
const deliveredAs = ({ source, detail, occurredAt }: Entry): { [field: string]: Json } => ({
  version: '0',
  id: source.id,
  'detail-type': detail['detailType'] ?? '',
  source: source.name,
  account: source.account,
  time: detail['claimedTime'] ?? occurredAt,
  region: source.region,
  resources: detail['resources'] ?? [],
  detail: detail['event'] ?? {},
});

/** Patterns are checked with the configuration, and made ready once. */
const matcherOf = (pattern: EventPattern): Matcher => {
  const known = matchers.get(pattern) ?? compilePattern(pattern);
  matchers.set(pattern, known);
  return known;
};

const matchers = new WeakMap<EventPattern, Matcher>();
