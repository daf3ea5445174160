import * as z from 'zod';
import type { PerDimension } from '../config.ts';
import { alarm, count, dimension, interval, link, mapping, name, pipeline, stage } from './words.ts';

const urlWanted =
  'an address that begins with http:// or https://, without a user and a fragment, at most 2,000 characters';
const url = z
  .string(urlWanted)
  .max(2000, urlWanted)
  .refine((text) => isAddress(text), urlWanted);

/** What is in an address goes on record: no password does. */
const isAddress = (text: string): boolean => {
  const read = URL.parse(text);
  return (
    read !== null && ['http:', 'https:'].includes(read.protocol) && read.username + read.password + read.hash === ''
  );
};

const statusWanted = 'a status such as 200, or 2xx for all of a hundred';
const status = z
  .union([z.int().min(100).max(599), z.string().regex(/^[1-5]([0-9]{2}|xx)$/)], statusWanted)
  .transform(String);

const bodyWanted = 'what the body must be like, such as "*ready*": 1 to 500 characters, * stands for any';
const probe = mapping(
  {
    url,
    timeout: interval.default(5_000),
    failures: count(1, 10).default(3),
    expect: z
      .union([status.transform((one) => [one]), z.array(status, statusWanted).min(1, statusWanted)], statusWanted)
      .default(['2xx']),
    body: z.string(bodyWanted).min(1, bodyWanted).max(500, bodyWanted).optional(),
  },
  'a probe, such as { url: https://shop.example.com/health }',
).transform((written) => ({ ...written, body: written.body ?? null }));

const pattern = z.record(
  z.string(),
  z.unknown(),
  'an event pattern, such as { source: [my.tests], detail: { state: [failed] } }',
);

const alarmsWanted = 'a list of 1 to 50 alarms, each of one value of the dimension';
const alarms = z
  .array(alarm, alarmsWanted)
  .min(1, alarmsWanted)
  .max(50, alarmsWanted)
  .refine((names) => new Set(names).size === names.length, 'a list of alarms, each once');

/** What is said of every check: the level that restores it, and what whoever is called reads next. */
const ofEach = { level: name, runbook: link.optional() };
type Each = { level: string; runbook?: string | undefined };

/** Where the value of a check comes from: one form for each source. */
export const check = z.union(
  [
    mapping({ alarm, per: dimension.optional(), ...ofEach }, 'a mapping').transform(
      ({ alarm: one, per, ...each }): Each & ({ alarm: string } | PerDimension) =>
        per === undefined ? { ...each, alarm: one } : { ...each, alarms: [one], per },
    ),
    mapping({ alarms, per: dimension, ...ofEach }, 'a mapping'),
    mapping({ probe, ...ofEach }, 'a mapping'),
    mapping({ pipeline, stage: stage.optional(), ...ofEach }, 'a mapping').transform((written) => ({
      ...written,
      stage: written.stage ?? null,
    })),
    mapping({ fail: pattern, pass: pattern, ...ofEach }, 'a mapping'),
  ],
  'a check, such as { alarm: shop-smoke, level: deploy }; instead of an alarm a probe, a pipeline, or fail and pass',
);
