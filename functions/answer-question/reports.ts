import { Hono } from 'hono/tiny';
import { type Config, type LadderConfig, laddersOf } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { type Asking, type Filters, pageSize, readQuery } from '../../shared/question/filters.ts';
import { type LadderReport, reportedKinds, reportOf } from '../../shared/question/reports.ts';
import { answerError } from '../support/http-errors.ts';
import { listEntries, type QuestionPorts } from './entries.ts';

export type ReportPorts = QuestionPorts & { config: () => Config; now: Clock };

const asking: Asking = { filters: ['environment', 'service', 'since', 'until'], usual: pageSize.usual };

/** How far back a report goes where nobody says (ms). */
const usualMs = 30 * 86_400_000;
/** Pages of entries read for one kind and ladder, at most: what a report costs does not grow with the trail. */
const pagesAtMost = 4;

/** Answers what ladders did in a time: all of them, those of an environment, or those of a service. */
export const reportApi = (ports: ReportPorts): Hono => {
  const api = new Hono();
  api.get('/api/reports', async (context) => {
    const { filters } = readQuery(context.req.queries(), asking);
    const items: LadderReport[] = [];
    for (const ladder of askedOf(ports.config(), filters)) items.push(await oneReport(ports, ladder, filters));
    const page: Page<LadderReport> = { items, next: null };
    return context.json(page);
  });
  api.onError(answerError('answer-question'));
  return api;
};

const askedOf = (config: Config, { environment, service }: Filters): LadderConfig[] => {
  const ladders = laddersOf(config);
  const asked = ladders.filter(
    (one) =>
      (environment === undefined || one.environment === environment) &&
      (service === undefined || one.service === service),
  );
  if (asked.length > 0) return asked;
  const named = [environment, service].filter((name) => name !== undefined).join('/');
  const known = ladders.map(({ ladder }) => ladder).join(', ');
  throw new EscalatorError('ESC-011', `there is no ladder ${JSON.stringify(named)}`, `there are ${known}`);
};

const oneReport = async (ports: ReportPorts, config: LadderConfig, asked: Filters): Promise<LadderReport> => {
  const now = ports.now();
  const since = asked.since ?? new Date(now.getTime() - usualMs).toISOString();
  const until = asked.until ?? now.toISOString();
  const { environment, service } = config;
  const place = { environment, ...(service !== null && { service }), since, until };
  const entries: EntryItem[] = [];
  let complete = true;
  for (const kind of reportedKinds) {
    const { found, ended } = await allOf(ports, { ...place, kind });
    entries.push(...found);
    complete &&= ended;
  }
  return reportOf(config, entries, { since, until, complete });
};

const allOf = async (ports: QuestionPorts, filters: Filters): Promise<{ found: EntryItem[]; ended: boolean }> => {
  const found: EntryItem[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const { items, next } = await listEntries(ports, filters, { limit: pageSize.most, cursor });
    found.push(...items);
    if (next === null) return { found, ended: true };
    cursor = next;
  }
  return { found, ended: false };
};
