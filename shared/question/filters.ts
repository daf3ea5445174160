import * as z from 'zod';
import { EscalatorError } from '../errors.ts';
import type { Entry } from '../trail/entry.ts';
import { whenOf } from './things.ts';

const text = z.string().min(1).max(500);
const instant = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'a time such as 2026-11-21T04:05:06Z');

/** What a list of entries can be asked for; filters combine. */
export const Filters = z.strictObject({
  change: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'a commit, at least 7 characters of it')
    .optional(),
  execution: text.optional(),
  incident: text.optional(),
  subject: text.optional(),
  kind: text.optional(),
  actor: text.optional(),
  service: text.optional(),
  environment: text.optional(),
  release: text.optional(),
  since: instant.optional(),
  until: instant.optional(),
});
export type Filters = z.infer<typeof Filters>;

export const pageSize = { usual: 50, most: 500 };

const wholeNumber = `a whole number from 1 to ${pageSize.most}`;

const Paging = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,9}$/, wholeNumber)
    .transform(Number)
    .refine((count) => count >= 1 && count <= pageSize.most, wholeNumber)
    .default(pageSize.usual),
  cursor: z.string().max(4_000).optional(),
});
export type Paging = z.infer<typeof Paging>;

/** Reads the query of a list, each parameter with all its values. Throws ESC-012, naming each that is wrong. */
export const readQuery = (query: { [name: string]: string[] }): { filters: Filters; paging: Paging } => {
  const twice = Object.keys(query).filter((name) => (query[name]?.length ?? 0) > 1);
  if (twice.length > 0)
    throw new EscalatorError('ESC-012', `${twice.join(', ')}: given more than once`, 'give it once');
  const { limit, cursor, ...rest } = Object.fromEntries(Object.entries(query).map(([name, [value]]) => [name, value]));
  const filters = Filters.safeParse(rest);
  const paging = Paging.safeParse({
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (filters.success && paging.success) return { filters: filters.data, paging: paging.data };
  const issues = [...(filters.error?.issues ?? []), ...(paging.error?.issues ?? [])];
  const said = issues.map((issue) => `${issue.path.join('.') || 'the query'}: ${issue.message}`).join('; ');
  throw new EscalatorError(
    'ESC-012',
    said,
    `filters are ${Object.keys(Filters.shape).join(', ')}; limit and cursor page`,
  );
};

/** Whether an entry happened in the time asked for. */
export const isWithin = (entry: Pick<Entry, 'occurredAt' | 'observedAt'>, { since, until }: Filters): boolean => {
  const at = Date.parse(whenOf(entry));
  return (since === undefined || at >= Date.parse(since)) && (until === undefined || at <= Date.parse(until));
};
