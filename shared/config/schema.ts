import * as z from 'zod';
import { durationForm, durationWanted, parseDuration } from './duration.ts';

/**
 * The shape of `escalator.yaml`, with every default. Strict: a name that is not known is a mistake, not a wish that
 * is silently not granted. The message of each rule says what is wanted; `parse.ts` adds where and what was found.
 */

/** A mapping of known names; for an unknown one the message lists them. */
const mapping = <Shape extends z.ZodRawShape>(shape: Shape, wanted: string) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : wanted),
  });

/** A mapping of names that the author chooses; at least one. */
const named = <Value extends z.ZodType>(name: z.ZodString, value: Value, wanted: string) =>
  z
    .record(name, value, { error: (issue) => (issue.code === 'invalid_key' ? nameOf(issue) : wanted) })
    .refine((record) => Object.keys(record).length > 0, wanted);

const nameOf = (issue: { issues?: { message: string }[] }): string => issue.issues?.[0]?.message ?? 'a name';

/** Dots and slashes are left out: they part the names in `production/shop` and `production.shop.5`. */
const nameWanted = 'a name: letters, digits, - and _, beginning with a letter or digit, at most 64';
const name = z.string(nameWanted).regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, nameWanted);

/** A topic's name becomes that of an environment variable of a Lambda function. */
const topicNameWanted = 'a name of letters, digits and _, at most 64';
const topicName = z.string(topicNameWanted).regex(/^[A-Za-z0-9][A-Za-z0-9_]{0,63}$/, topicNameWanted);

/** The name of something in AWS, by AWS's own rule. */
const awsName = (wanted: string, form: RegExp) => z.string(wanted).regex(form, wanted);
const pipeline = awsName('a pipeline name: letters, digits and . @ - _, at most 100', /^[A-Za-z0-9.@_-]{1,100}$/);
const stage = awsName('a stage name: letters, digits and . @ - _, at most 100', /^[A-Za-z0-9.@_-]{1,100}$/);
const repository = awsName('a repository name: letters, digits and . _ -, at most 100', /^[\w.-]{1,100}$/);
const alarm = awsName('the name of a CloudWatch alarm, 1 to 255 characters', /^\P{Cc}{1,255}$/u);
const group = awsName('the name of an Auto Scaling group, 1 to 255 characters', /^[^:\p{Cc}]{1,255}$/u);
const topic = awsName('the name of an SNS topic: letters, digits, - and _, at most 256', /^[A-Za-z0-9_-]{1,256}$/);

const duration = z
  .string(durationWanted)
  .regex(durationForm, { error: durationWanted, abort: true })
  .refine((text) => parseDuration(text) !== null, 'a duration of at most a year, 365d')
  .transform((text) => parseDuration(text) ?? 0);

/** How often something is done: never as fast as one can. */
const interval = z
  .string(durationWanted)
  .regex(durationForm, { error: durationWanted, abort: true })
  .refine((text) => (parseDuration(text) ?? 0) >= 100, 'a duration of at least 100ms and at most 365d')
  .transform((text) => parseDuration(text) ?? 0);

const count = (from: number, to: number) => {
  const wanted = `a whole number from ${from} to ${to}`;
  return z.int(wanted).min(from, wanted).max(to, wanted);
};

const action = z.union(
  [
    z.literal('redeploy').transform(() => ({ type: 'redeploy' }) as const),
    mapping({ 'replace-instances': group }, 'a mapping').transform(
      (written) => ({ type: 'replace-instances', group: written['replace-instances'] }) as const,
    ),
    mapping({ 'start-pipeline': pipeline }, 'a mapping').transform(
      (written) => ({ type: 'start-pipeline', pipeline: written['start-pipeline'] }) as const,
    ),
  ],
  'redeploy, { replace-instances: NAME-OF-AN-AUTO-SCALING-GROUP } or { start-pipeline: NAME-OF-A-PIPELINE }',
);

const level = mapping(
  {
    level: name,
    do: action,
    quiescence: duration.default(60_000),
    mode: z.enum(['observe', 'ask', 'act'], 'observe, ask or act').default('observe'),
    drastic: z.boolean('true or false').default(false),
  },
  'a level, such as { level: deploy, do: redeploy, quiescence: 1m, mode: observe }',
);

const check = mapping({ alarm, level: name }, 'a check, such as { alarm: shop-smoke, level: deploy }');

const verify = mapping(
  { every: interval.default(10_000), times: count(1, 20).default(3), within: duration.default(300_000) },
  'a mapping, such as { every: 10s, times: 3, within: 5m }',
);

const budgets = mapping(
  {
    'runs-per-hour': count(0, 1000).default(3),
    'runs-per-day': count(0, 10_000).default(6),
    'rollbacks-per-day': count(0, 1000).default(1),
  },
  'a mapping, such as { runs-per-hour: 3, runs-per-day: 6, rollbacks-per-day: 1 }',
);

const serviceWanted = 'a service, with pipeline, stage, checks and ladder';
const service = mapping(
  {
    pipeline,
    stage,
    repository: repository.optional(),
    checks: named(name, check, 'at least one check, such as smoke: { alarm: shop-smoke, level: deploy }'),
    ladder: z
      .array(level, 'a list of levels, most drastic first')
      .min(1, 'at least one level, such as { level: deploy, do: redeploy }'),
    quiescence: duration.default(30_000),
    settle: duration.default(30_000),
    verify: verify.prefault({}),
    bake: duration.default(3_600_000),
    'bake-when-replaced': duration.default(600_000),
    'suspect-for': duration.default(7_200_000),
    attempts: count(1, 10).default(3),
    'step-deadline': interval.default(900_000),
    poll: interval.default(60_000),
    'free-after': duration.default(1_800_000),
    'ask-for': interval.default(900_000),
    approvers: count(1, 5).default(1),
    budgets: budgets.prefault({}),
  },
  serviceWanted,
);

const environment = mapping(
  { services: named(name, service, `at least one service by its name; each is ${serviceWanted}`) },
  'an environment, with services',
);

const route = mapping(
  {
    match: z.record(z.string(), z.unknown(), 'an event pattern over the alert, such as { environment: [production] }'),
    to: topicName,
  },
  'a route, such as { match: { environment: [production] }, to: sre }',
);

const routes = z.array(route, 'a list of routes').default([]);

/** The whole file. `z.input` of it is what an author writes, `z.output` has every default. */
export const configSchema = mapping(
  {
    version: z.literal(1, '1, the only version there is'),
    environments: named(name, environment, 'at least one environment by its name, such as production'),
    alerts: mapping({ routes }, 'a mapping with routes').prefault({}),
    topics: named(
      topicName,
      mapping({ sns: topic }, 'a topic, such as { sns: escalator-sre }'),
      'at least one topic, such as sre: { sns: escalator-sre }: somebody has to be told',
    ),
  },
  'a configuration: version, environments, alerts and topics',
);

export type WrittenConfig = z.output<typeof configSchema>;
