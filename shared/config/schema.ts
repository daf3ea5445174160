import * as z from 'zod';
import { defaultTiming } from '../alert/timing.ts';
import { check } from './schema/check.ts';
import { level } from './schema/level.ts';
import { newsItem } from './schema/news.ts';
import {
  count,
  duration,
  interval,
  link,
  mapping,
  name,
  named,
  pipeline,
  repository,
  stack,
  stage,
  topic,
  topicName,
} from './schema/words.ts';

/**
 * The shape of `escalator.yaml`, with every default. Strict: a name that is not known is a mistake, not a wish that
 * is silently not granted. The message of each rule says what is wanted; `parse.ts` adds where and what was found.
 */

const verify = mapping(
  { every: interval.default(10_000), times: count(1, 20).default(3), within: duration.default(300_000) },
  'a mapping, such as { every: 10s, times: 3, within: 5m }',
);

/** What a ladder may be told, whether it is a service's or an environment's. */
const ofEachLadder = {
  runbook: link.optional(),
  quiescence: duration.default(30_000),
  settle: duration.default(30_000),
  verify: verify.prefault({}),
  attempts: count(1, 10).default(3),
  'step-deadline': interval.default(900_000),
  poll: interval.default(60_000),
  'free-after': duration.default(1_800_000),
  'ask-for': interval.default(900_000),
  approvers: count(1, 5).default(1),
  'hands-off': duration.default(900_000),
};

const runBudgets = {
  'runs-per-hour': count(0, 1000).default(3),
  'runs-per-day': count(0, 10_000).default(6),
  'failed-runs': count(1, 100).default(2),
};

const budgets = mapping(
  { ...runBudgets, 'rollbacks-per-day': count(0, 1000).default(1) },
  'a mapping, such as { runs-per-hour: 3, runs-per-day: 6, rollbacks-per-day: 1 }',
);

const serviceWanted = 'a service, with pipeline, stage, checks and ladder';
const service = mapping(
  {
    pipeline,
    stage,
    repository: repository.optional(),
    stacks: z.array(stack, 'a list of stacks, such as [shop]').max(20, 'at most 20 stacks').default([]),
    checks: named(name, check, 'at least one check, such as smoke: { alarm: shop-smoke, level: deploy }'),
    ladder: z
      .array(level, 'a list of levels, most drastic first')
      .min(1, 'at least one level, such as { level: deploy, do: redeploy }'),
    ...ofEachLadder,
    bake: duration.default(3_600_000),
    'bake-when-replaced': duration.default(600_000),
    'suspect-for': duration.default(7_200_000),
    budgets: budgets.prefault({}),
  },
  serviceWanted,
);

const sharedBudgets = mapping(runBudgets, 'a mapping, such as { runs-per-hour: 3, runs-per-day: 6 }');

const accountWanted = 'the 12 digits of an account, in quotes';
const regionWanted = 'a Region, such as eu-west-1';
const regionName = z.string(regionWanted).regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, regionWanted);

const environment = mapping(
  {
    account: z
      .string(accountWanted)
      .regex(/^\d{12}$/, accountWanted)
      .optional(),
    region: regionName.optional(),
    checks: named(
      name,
      check,
      'at least one check, such as provider: { alarm: az-reachable, level: network }',
    ).optional(),
    ladder: z
      .array(level, 'a list of levels that its services share, most drastic first')
      .min(1, 'at least one level, such as { level: network, do: { start-pipeline: network } }')
      .optional(),
    ...ofEachLadder,
    budgets: sharedBudgets.prefault({}),
    services: named(name, service, `at least one service by its name; each is ${serviceWanted}`),
  },
  'an environment, with services',
);

const account = mapping(
  {
    acting: count(1, 100).default(3),
    share: count(1, 100).default(40),
    least: count(2, 1000).default(3),
    within: duration.default(60_000),
  },
  'a mapping, such as { acting: 3, share: 40, least: 3, within: 60s }',
);

const contact = mapping({ to: topicName, after: duration }, 'a contact, such as { to: lead, after: 15m }');

const contacts = z.array(contact, 'a list, such as [{ to: lead, after: 15m }]').max(10, 'at most 10').default([]);
const pattern = (wanted: string) => z.record(z.string(), z.unknown(), wanted);

const route = mapping(
  {
    match: pattern('an event pattern over the alert, such as { environment: [production] }'),
    to: topicName,
    escalate: contacts,
  },
  'a route, such as { match: { environment: [production] }, to: sre }',
);

const developersWanted = 'a mapping, such as { to: developers } or { to: developers, comments: true }';
const developers = mapping(
  { to: topicName.optional(), comments: z.boolean('true or false').default(false) },
  developersWanted,
).refine(({ to, comments }) => to !== undefined || comments, {
  error: `${developersWanted}: by one of both they have to be told`,
});
const news = named(name, newsItem(contacts), 'news by name, such as security: { to: sec }').optional();

const routes = z.array(route, 'a list of routes').default([]);

/** Whoever locks says for how long: an object locked in compliance stays until then, whatever anybody wants. */
const archiveWanted = 'a mapping, such as { lock: none } or { lock: governance, days: 2555 }';
const archive = mapping(
  {
    lock: z.enum(['none', 'governance', 'compliance'], 'none, governance or compliance'),
    days: count(1, 36_500).optional(),
  },
  archiveWanted,
).refine(({ lock, days }) => (lock === 'none') === (days === undefined), {
  error: `${archiveWanted}: days where something is locked, and only there`,
});

/** In full: what is revoked is what nobody may be mistaken about. */
const commitWanted = 'a commit in full: 40 or 64 of 0-9 and a-f, in quotes where it has digits only';
const revokedWanted = 'a list, such as [{ repository: shop, commits: [a1b2...], why: CVE-2026-1234 }]';
const commit = z.string(commitWanted).regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, commitWanted);
const why = z.string('a text: why').trim().min(1, 'a text: why').max(200, 'a text of at most 200 characters');
const revoked = z
  .array(
    mapping(
      { repository, commits: z.array(commit, 'a list of commits').min(1, 'at least one commit'), why },
      'a repository, commits and why',
    ),
    revokedWanted,
  )
  .default([]);

/** The whole file. `z.input` of it is what an author writes, `z.output` has every default. */
export const configSchema = mapping(
  {
    version: z.literal(1, '1, the only version there is'),
    environments: named(name, environment, 'at least one environment by its name, such as production'),
    revoked,
    account: account.prefault({}),
    alerts: mapping(
      {
        routes,
        developers: developers.optional(),
        news,
        page: link.optional(),
        runbook: link.optional(),
        wait: duration.default(defaultTiming.wait),
        interval: duration.default(defaultTiming.interval),
        repeat: duration.refine((ms) => ms >= 60_000, 'a duration of at least 1m').default(defaultTiming.repeat),
      },
      'a mapping with routes',
    ).prefault({}),
    archive: archive.optional(),
    topics: named(
      topicName,
      mapping(
        {
          sns: topic,
          chat: z.boolean('true or false').optional(),
          second: topicName.optional(),
          region: regionName.optional(),
        },
        'a topic, such as { sns: escalator-sre }',
      ),
      'at least one topic, such as sre: { sns: escalator-sre }: somebody has to be told',
    ),
  },
  'a configuration: version, environments, alerts and topics',
);

export type WrittenConfig = z.output<typeof configSchema>;
