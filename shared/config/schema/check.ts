import * as z from 'zod';
import { alarm, count, interval, mapping, name, pipeline, stage } from './words.ts';

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

/** Where the value of a check comes from: one form for each source. */
export const check = z.union(
  [
    mapping({ alarm, level: name }, 'a mapping'),
    mapping({ probe, level: name }, 'a mapping'),
    mapping({ pipeline, stage: stage.optional(), level: name }, 'a mapping').transform((written) => ({
      ...written,
      stage: written.stage ?? null,
    })),
    mapping({ fail: pattern, pass: pattern, level: name }, 'a mapping'),
  ],
  'a check, such as { alarm: shop-smoke, level: deploy }; instead of an alarm a probe, a pipeline, or fail and pass',
);
