import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { tellersOf } from '../../shared/alert/route.ts';
import { laddersOf } from '../../shared/config/config.ts';
import { actorOfArn } from '../../shared/event/actor.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Actor } from '../../shared/trail/entry.ts';
import { createAlertGroups } from '../support/alert-groups.ts';
import { createDeadLetters } from '../support/dead-letters.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { createLadders } from '../support/ladders.ts';
import { shippedConfig } from '../support/shipped-config.ts';
import { perRequest } from '../support/per-call.ts';
import { commandApi } from './take-command.ts';

/** The command API of an environment. `seal` asks for a seal soon; on AWS the next minute brings one. */
export const handlerFor = (environment: Environment, options: TrailOptions & { seal?: () => void } = {}): Hono => {
  const trail = createTrail(environment, options);
  const source = sourceOf(environment);
  const config = shippedConfig(environment);
  const rows = createRows(environment);
  const groups = createAlertGroups(trail, rows, source);
  const ladders = createLadders(trail, rows, source);
  return commandApi({
    trail,
    source,
    redrive: createDeadLetters(environment),
    ladders: laddersOf(config).map(({ ladder }) => ladder),
    telling: {
      groups,
      ladders,
      config,
      configDigest: config.digest,
      tellers: tellersOf(config),
      now: () => new Date(),
    },
    actorOf: environment.endpoint === null ? signerOf : named,
    seal: options.seal ?? (() => {}),
  });
};

/** On one machine nobody vouches for a name. */
const named = (_context: Context, said: string): Actor => {
  const name = withoutSecrets(said);
  return { type: 'person', id: name, name, verified: false };
};

/** Who signed the request, as API Gateway verified it; what the request itself says of that counts for nothing. */
const signerOf = (context: Context): Actor => {
  const { event } = context.env as { event?: { requestContext?: { authorizer?: { iam?: { userArn?: string } } } } };
  return actorOfArn(event?.requestContext?.authorizer?.iam?.userArn ?? null, true);
};

let api: ((event: LambdaEvent) => Promise<unknown>) | undefined;

/** The Lambda function. */
export const handler = perRequest('take-command', (event: LambdaEvent) =>
  (api ??= handle(handlerFor(environmentFrom(process.env))))(event),
);
