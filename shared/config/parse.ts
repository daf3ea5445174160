import { defaultTiming, type Timing } from '../alert/timing.ts';
import { createHash } from 'node:crypto';
import type { ArchiveLock, Config, EnvironmentConfig, LadderConfig, NewsConfig, ServiceConfig } from './config.ts';
import { readDocument, type ReadDocument } from './document.ts';
import { findingsOf } from './findings.ts';
import { type Finding, type Mistake, sayFound } from './mistake.ts';
import { crossFindings } from './rules.ts';
import { configSchema, type WrittenConfig } from './schema.ts';

/** A configuration stands whole in an entry of the trail; fifty services take about 30 KB. */
const maxBytes = 256 * 1024;

/**
 * Reads `escalator.yaml`: YAML 1.2, strict, every default filled in, durations in milliseconds.
 *
 * @param text the file's text
 * @param file its name, for the mistakes
 * @returns the configuration, or every mistake in it in one run, in the order of the text. Only where the text itself
 * is broken nothing is said of what comes after the break.
 */
export const parseConfig = (text: string, file: string): { config: Config } | { mistakes: Mistake[] } => {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return { mistakes: [whole(file, `${bytes} bytes`, `at most ${maxBytes}`, 'make it smaller')] };
  const document = readDocument(text);
  if (document.mistakes.length === 0 && isNothing(document.value)) return { mistakes: [empty(file)] };
  const parsed = configSchema.safeParse(document.value);
  const mistakes = mistakesOf(
    document,
    [...findingsOf(parsed.error?.issues ?? [], document.value), ...crossFindings(document.value)],
    file,
  );
  if (mistakes.length > 0 || !parsed.success) return { mistakes };
  return { config: configOf(parsed.data, text) };
};

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const whole = (file: string, found: string, wanted: string, todo: string): Mistake => ({
  file,
  line: 1,
  column: 1,
  path: '',
  found,
  wanted,
  todo,
});

const empty = (file: string): Mistake =>
  whole(file, 'an empty file', 'a configuration', 'begin with the example in examples/shop/escalator.yaml');

const mistakesOf = (document: ReadDocument, findings: Finding[], file: string): Mistake[] => {
  const inContent = findings
    .map((finding) => ({ ...finding, offset: document.offsetOf(finding.path, finding.at) }))
    .filter((finding) => isCertain(finding, document));
  return [...document.mistakes, ...inContent]
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ path, offset, found, wanted, todo }) => {
      return { file, ...document.positionOf(offset), path: path.join('.'), found, wanted, todo };
    });
};

/** Behind a break in the text everything may be misread, and what seems missing may only not have been reached. */
const isCertain = (
  { offset, found }: { offset: number; found: string },
  { value, readableTo }: ReadDocument,
): boolean =>
  value !== undefined && (readableTo === Infinity || (offset < readableTo && found !== sayFound(undefined)));

const configOf = (written: WrittenConfig, text: string): Config => {
  const environments = Object.entries(written.environments);
  return {
    digest: createHash('sha256').update(text).digest('hex'),
    text,
    account: written.account,
    environments: environments.flatMap(([name, environment]) => environmentOf(name, environment)),
    services: environments.flatMap(([name, environment]) =>
      Object.entries(environment.services).map(([service, one]) =>
        serviceOf(name, service, one, { ...environment, revoked: written.revoked }),
      ),
    ),
    routes: written.alerts.routes,
    ...developersOf(written.alerts),
    ...(written.alerts.news && { news: Object.entries(written.alerts.news).map(newsOf) }),
    ...linksOf(written.alerts),
    timing: timingOf(written.alerts),
    topics: written.topics,
    ...(written.archive && { archive: lockOf(written.archive) }),
  };
};

const developersOf = ({ developers }: WrittenConfig['alerts']): Pick<Config, 'developers'> =>
  developers === undefined ? {} : { developers: { to: developers.to ?? null, comments: developers.comments } };
const newsOf = ([name, { match, severity, by, ...of }]: [string, WrittenNews]): NewsConfig => ({
  name,
  match: match ?? null,
  ...of,
  ...(severity && { severity }),
  ...(by && { by }),
});

type WrittenNews = NonNullable<WrittenConfig['alerts']['news']>[string];

const linksOf = ({ page, runbook }: WrittenConfig['alerts']): Pick<Config, 'page' | 'runbook'> => ({
  ...(page !== undefined && { page }),
  ...(runbook !== undefined && { runbook }),
});

const timingOf = ({ wait, interval, repeat }: WrittenConfig['alerts']): Timing => ({
  ...defaultTiming,
  wait,
  interval,
  repeat,
});

const lockOf = ({ lock, days = 0 }: NonNullable<WrittenConfig['archive']>): ArchiveLock =>
  lock === 'none' ? { lock } : { lock, days };

type WrittenEnvironment = WrittenConfig['environments'][string];
type WrittenService = WrittenEnvironment['services'][string];

/** An environment without levels to share has no ladder. */
const environmentOf = (environment: string, written: WrittenEnvironment): EnvironmentConfig[] => {
  const { checks, ladder, services } = written;
  if (checks === undefined || ladder === undefined) return [];
  return [
    {
      ...ladderOf(environment, { ...written, checks, ladder }),
      ...elsewhereOf(written),
      ladder: environment,
      service: null,
      below: Object.keys(services).map((service) => `${environment}/${service}`),
    },
  ];
};

const serviceOf = (
  environment: string,
  service: string,
  written: WrittenService,
  of: WrittenEnvironment & Pick<WrittenConfig, 'revoked'>,
): ServiceConfig => {
  const { ladder, revoked } = of;
  const repository = written.repository ?? written.pipeline;
  const runbook = written.runbook ?? of.runbook;
  const base = { ...ladderOf(environment, { ...written, runbook }), ...elsewhereOf(of) };
  return {
    ...base,
    ladder: `${environment}/${service}`,
    service,
    above: ladder === undefined ? null : environment,
    pipeline: written.pipeline,
    stage: written.stage,
    repository,
    ...(written.stacks.length > 0 && { stacks: written.stacks }),
    revoked: revoked.flatMap(({ repository: of, commits, why }) => (of === repository ? [{ commits, why }] : [])),
    bake: written.bake,
    bakeWhenReplaced: written['bake-when-replaced'],
    suspectFor: written['suspect-for'],
    budgets: { ...base.budgets, rollbacksPerDay: written.budgets['rollbacks-per-day'] },
  };
};

const elsewhereOf = ({ account, region }: WrittenEnvironment): Pick<LadderConfig, 'elsewhere'> =>
  account === undefined && region === undefined
    ? {}
    : { elsewhere: { account: account ?? null, region: region ?? null } };

type WrittenLadder = Required<Pick<WrittenEnvironment, 'checks' | 'ladder'>> &
  Omit<WrittenEnvironment, 'checks' | 'ladder' | 'services' | 'account' | 'region'>;

/** What a ladder is told wherever it stands. */
const ladderOf = (
  environment: string,
  written: WrittenLadder,
): Omit<EnvironmentConfig, 'service' | 'ladder' | 'below'> => ({
  environment,
  ...(written.runbook !== undefined && { runbook: written.runbook }),
  checks: Object.fromEntries(Object.entries(written.checks).map(([name, check]) => [name, { name, ...check }])),
  levels: written.ladder,
  quiescence: written.quiescence,
  settle: written.settle,
  verify: written.verify,
  attempts: written.attempts,
  stepDeadline: written['step-deadline'],
  poll: written.poll,
  freeAfter: written['free-after'],
  askFor: written['ask-for'],
  approvers: written.approvers,
  handsOff: written['hands-off'],
  budgets: {
    runsPerHour: written.budgets['runs-per-hour'],
    runsPerDay: written.budgets['runs-per-day'],
    failedRuns: written.budgets['failed-runs'],
  },
});
