import { setTimeout as pause } from 'node:timers/promises';
import type { ActionJob, ActionProvider, ActionResult } from '../pipeline/provider.ts';
import { ask, type HttpAnswer } from './ask.ts';
import type { Service } from './service.ts';

/** Whether a release may go into its environment; the reason is for the person whose release may not. */
export type Admit = (release: {
  service: string;
  environment: string;
  commit: string;
  execution: string;
}) => Promise<{ admitted: true } | { admitted: false; reason: string }>;

export type ProviderOptions = { services: Map<string, Service>; admit: Admit };

type Work = (service: Service, job: ActionJob) => Promise<ActionResult>;

/** Finds the service and asks whether the release is admitted, before anything is done to it. */
const admitted =
  ({ services, admit }: ProviderOptions, work: Work): ActionProvider =>
  async (job) => {
    const service = services.get(job.configuration['Service'] ?? '');
    if (service === undefined) return failed(unknownService(job, services), 'ConfigurationError');
    const { name, environment } = service;
    const { commit, execution } = job;
    const admission = await admit({ service: name, environment, commit, execution });
    // of the failure types a custom action has, this is the one that says: not allowed
    if (!admission.admitted) return failed(admission.reason, 'PermissionError');
    return work(service, job);
  };

const failed = (summary: string, errorCode = 'JobFailed'): ActionResult => ({ status: 'Failed', summary, errorCode });

const unknownService = ({ configuration }: ActionJob, services: Map<string, Service>): string =>
  `Service is "${configuration['Service'] ?? ''}" in the action's configuration; wanted: ${[...services.keys()].join(', ')}`;

const short = (commit: string): string => commit.slice(0, 7);

/** A number in an action's configuration, where everything is text. */
const numberIn = (job: ActionJob, key: string, otherwise: number, most: number): number => {
  const value = Number(job.configuration[key] ?? otherwise);
  return Number.isFinite(value) && value > 0 ? Math.min(value, most) : otherwise;
};

/**
 * `EscalatorDeploy`: starts the release as a process beside the one that runs, switches traffic to it when it answers
 * anything over HTTP, and only then stops the other. One that does not answer within DeadlineSeconds (10) is stopped,
 * the other goes on, and the action fails. Harmless when the same run of the action comes again.
 */
export const deployProvider = (options: ProviderOptions): ActionProvider =>
  admitted(options, async (service, job) => {
    const { execution, actionExecution, commit, inputDir: from, signal } = job;
    const deadlineMs = numberIn(job, 'DeadlineSeconds', 10, 600) * 1_000;
    const trouble = await service.deploy({ execution, actionExecution, commit, from, deadlineMs, signal });
    if (trouble !== null) return failed(`${short(commit)} was not deployed: ${trouble}`);
    return {
      status: 'Succeeded',
      summary: `${short(commit)} runs in ${service.environment}`,
      externalId: `${service.environment}/${service.name}@${execution}`,
      url: service.url,
    };
  });

/**
 * `EscalatorSmoke`: asks what now serves by GET on Path (/health), as its users do. It wants ExpectStatus (200) and,
 * where the answer is JSON with a `commit`, the commit that is being released; Attempts (3), IntervalSeconds (1) apart.
 */
export const smokeProvider = (options: ProviderOptions): ActionProvider =>
  admitted(options, async (service, job) => {
    const attempts = Math.round(numberIn(job, 'Attempts', 3, 60));
    const wanted = numberIn(job, 'ExpectStatus', 200, 599);
    const path = pathIn(job);
    let found = '';
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await pause(numberIn(job, 'IntervalSeconds', 1, 60) * 1_000, undefined, { signal: job.signal });
      const answer = await ask(`${service.url}${path}`, 5_000, job.signal);
      found = wordsFor(answer);
      if (isWanted(answer, wanted, job.commit)) return passed(service, `GET ${path}: ${found}`);
    }
    return failed(`GET ${path}: found ${found}; wanted ${wanted} by ${short(job.commit)} (asked ${times(attempts)})`);
  });

const passed = (service: Service, summary: string): ActionResult => ({
  status: 'Succeeded',
  summary,
  url: service.url,
});

/** A path on the service itself, whatever stands in the configuration. */
const pathIn = ({ configuration }: ActionJob): string => `/${(configuration['Path'] ?? '/health').replace(/^\/+/, '')}`;

const isWanted = (answer: HttpAnswer | string, status: number, commit: string): boolean => {
  if (typeof answer === 'string' || answer.status !== status) return false;
  const served = commitIn(answer.body);
  return served === null || served === commit;
};

const wordsFor = (answer: HttpAnswer | string): string => {
  if (typeof answer === 'string') return answer;
  const served = commitIn(answer.body);
  return served === null ? `${answer.status}` : `${answer.status} by ${short(served)}`;
};

const commitIn = (body: string): string | null => {
  try {
    const { commit } = JSON.parse(body) as { commit?: unknown };
    return typeof commit === 'string' ? commit : null;
  } catch {
    return null;
  }
};

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);
