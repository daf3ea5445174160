import * as z from 'zod';
import { EscalatorError } from '../errors.ts';
import type { Entry } from '../trail/entry.ts';
import { actorName } from './rows.ts';

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
  since: instant.optional(),
  until: instant.optional(),
});
export type Filters = z.infer<typeof Filters>;

export const pageSize = { usual: 50, most: 500 };

const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageSize.most).default(pageSize.usual),
  cursor: z.string().max(4_000).optional(),
});
export type Paging = z.infer<typeof Paging>;

/** Reads the query of a list. Throws ESC-012, naming each parameter that is wrong. */
export const readQuery = (query: { [name: string]: string }): { filters: Filters; paging: Paging } => {
  const { limit, cursor, ...rest } = query;
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

/** The index's question for these filters: the most selective one; null when the whole lane is asked for. */
export const questionFor = (filters: Filters): string | null => {
  const selective = ['change', 'execution', 'incident', 'subject', 'actor', 'service', 'kind', 'environment'] as const;
  const name = selective.find((candidate) => filters[candidate] !== undefined);
  return name === undefined ? null : `${name}:${filters[name]}`;
};

/** Whether an entry answers all filters. The change is left to the index, which knows the commit of an execution. */
export const answers = (entry: Entry, filters: Filters): boolean => {
  const at = Date.parse(entry.occurredAt ?? entry.observedAt);
  const { incident } = entry.detail;
  const fields: { [filter in keyof Filters]: unknown } = {
    execution: entry.execution,
    incident,
    subject: entry.subject,
    kind: entry.kind,
    actor: actorName(entry.actor),
    service: entry.service,
    environment: entry.environment,
  };
  const wanted = Object.entries(fields) as [keyof Filters, unknown][];
  return (
    (filters.since === undefined || at >= Date.parse(filters.since)) &&
    (filters.until === undefined || at <= Date.parse(filters.until)) &&
    wanted.every(([filter, value]) => filters[filter] === undefined || filters[filter] === value)
  );
};
