import { SSMClient } from '@aws-sdk/client-ssm';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { Hono } from 'hono/tiny';
import type { Config } from '../../shared/config/config.ts';
import { partitionOf } from '../../shared/config/member.ts';
import { clientConfig } from '../support/aws-clients.ts';
import { silenceReader } from '../support/alert-groups.ts';
import { createLane } from '../support/dynamo-lane.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom } from '../support/environment.ts';
import { readKillSwitch } from '../support/kill-switch.ts';
import { ladderReader } from '../support/ladders.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perRequest } from '../support/per-call.ts';
import { createObjects } from '../support/s3-objects.ts';
import { archiveOf, signerOf } from '../support/seals.ts';
import { ladderApi, type LadderPorts } from './ladder.ts';
import { proofApi, type ProofPorts } from './proofs.ts';
import { reportApi } from './reports.ts';
import { silenceApi } from './silences.ts';
import { questionApi } from './answer-question.ts';

/** The API over the trail of an environment; `about` adds what only the place it runs in knows. */
export const handlerFor = (environment: Environment, about: () => { [field: string]: unknown }): Hono => {
  const asked = { trail: createTrail(environment), rows: createRows(environment) };
  const ladders = ladderPorts(environment);
  return new Hono()
    .route('/', proofApi(proofPorts(environment)))
    .route('/', ladderApi(ladders))
    .route('/', reportApi({ ...asked, config: ladders.config, now: ladders.now }))
    .route('/', silenceApi({ silences: silenceReader(asked.trail, asked.rows), now: ladders.now }))
    .route(
      '/',
      questionApi(asked, () => ({ ...about(), ...topicsOf(ladders.config(), environment) })),
    );
};

/** Where people subscribe: the ARN of each topic by the name that routes use, and which of them developers are told by. */
const topicsOf = ({ topics, developers }: Config, { account, region }: Environment) => ({
  topics: Object.fromEntries(
    Object.entries(topics).map(([name, { sns, region: at = region }]) => [
      name,
      `arn:${partitionOf(at)}:sns:${at}:${account}:${sns}`,
    ]),
  ),
  developers: developers?.to ?? null,
});

const ladderPorts = (environment: Environment): LadderPorts => {
  let config: Config | undefined;
  let parameters: SSMClient | undefined;
  return {
    stateOf: ladderReader(createTrail(environment), createRows(environment)),
    config: () => (config ??= shippedConfig(environment)),
    killSwitch: () => readKillSwitch((parameters ??= new SSMClient(clientConfig(environment))), environment.killSwitch),
    place: { parameter: environment.killSwitch, region: environment.region, endpoint: environment.endpoint },
    now: () => new Date(),
  };
};

const proofPorts = (environment: Environment): ProofPorts => ({
  lane: createLane(environment),
  archive: archiveOf(environment),
  objects: createObjects(environment),
  key: async () => (await signerOf(environment)).key,
});

const wire = (): ReturnType<typeof handle> => {
  const environment = environmentFrom(process.env);
  const { account, region } = environment;
  return handle(handlerFor(environment, () => ({ account, region })));
};

let api: ReturnType<typeof handle> | undefined;

/** The Lambda function. */
export const handler = perRequest('answer-question', (event: LambdaEvent) => (api ??= wire())(event));
