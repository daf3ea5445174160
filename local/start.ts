import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { createRows } from '../functions/support/dynamo-rows.ts';
import { createTrail } from '../functions/support/dynamo-trail.ts';
import { type Environment, sourceOf } from '../functions/support/environment.ts';
import { createLadders } from '../functions/support/ladders.ts';
import { logTo } from '../functions/support/log.ts';
import { alarmsOf } from '../shared/config/checks.ts';
import { laddersOf } from '../shared/config/config.ts';
import { admit, type Admission } from '../shared/ladder/admit.ts';
import { startAws } from './aws.ts';
import { startConsole } from './console.ts';
import { environmentOn, example } from './endpoints.ts';
import { createPipeline, untilServed, untilWatched } from './first-start.ts';
import { runFunctions } from './functions.ts';
import { requireGit } from './git/git.ts';
import { loadConfig } from './load-config.ts';
import { inboxRoutes } from './page/inbox.ts';
import type { Options } from './options.ts';
import { openDataDir } from './runtime/data-dir.ts';

/** What runs, and where it can be reached. */
export type Running = Addresses & { data: string; stop: () => Promise<void> };

type Addresses = { console: string; git: string; aws: string; services: { [service: string]: string } };

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Starts the whole product in this process, on loopback. Throws EscalatorError, with one line for the person who
 * meets it, when something it needs is missing or taken; nothing is damaged then.
 *
 * @param log takes one line for the terminal: what people should know, and the alerts
 */
export const start = async (options: Options, log: (line: string) => void): Promise<Running> => {
  await requireGit();
  const config = loadConfig(options.config);
  const data = openDataDir(options.data);
  // A terminal is for people: only what went wrong is said.
  logTo((line) => line.error !== undefined && log(`${line.function}: ${line.error}`));
  const aws = await startAws({
    dir: data.dir,
    example,
    ...alarmsBeside(options.config),
    ports: options,
    admit: (release) => isAdmitted(release),
    log,
  });
  const environment = await environmentOn(aws, data, config);
  const isAdmitted = admission(environment);
  const about = () => ({
    version,
    ...addresses,
    account: environment.account,
    region: environment.region,
    queues: environment.queues,
  });
  let page: string | null = null;
  const functions = runFunctions({ environment, config, boot: randomUUID(), about, page: () => page, show: log, log });
  const api = new Hono().route('/', inboxRoutes(aws.topics.store)).route('/', functions.api);
  const web = await startConsole({ port: options.port, api });
  page = web.url;
  const services = aws.services.urls();
  const addresses: Addresses = { console: web.url, git: aws.git.url('shop'), aws: aws.url, services };
  aws.run();
  if (await createPipeline(environment, join(example, 'pipeline.json'))) {
    await untilServed(services);
    await untilWatched(environment, laddersOf(config).flatMap(alarmsOf));
  }
  return {
    ...addresses,
    data: data.dir,
    stop: async () => {
      await web.close();
      await functions.stop();
      await aws.stop();
      data.close();
    },
  };
};

/** A configuration may have alarms of its own, in the same folder; else they are those of the example. */
const alarmsBeside = (config: string): { alarmsFile?: string } => {
  const alarmsFile = join(dirname(config), 'alarms.json');
  return existsSync(alarmsFile) ? { alarmsFile } : {};
};

/** Asks the ladder: a release that was rolled back for cause may not come again. */
const admission = (environment: Environment) => {
  const ladders = createLadders(createTrail(environment), createRows(environment), sourceOf(environment));
  return async (release: { environment: string; service: string; commit: string }): Promise<Admission> => {
    const state = await ladders.load(`${release.environment}/${release.service}`);
    return admit(state, release.commit, new Date().toISOString());
  };
};
