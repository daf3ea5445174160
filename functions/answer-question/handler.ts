import { handle } from 'hono/aws-lambda';
import type { Hono } from 'hono';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom } from '../support/environment.ts';
import { questionApi } from './answer-question.ts';

/** The API over the trail of an environment; `about` adds what only the place it runs in knows. */
export const handlerFor = (environment: Environment, about: () => { [field: string]: unknown }): Hono =>
  questionApi({ trail: createTrail(environment), rows: createRows(environment) }, about);

let api: ReturnType<typeof handle> | undefined;
export const handler: ReturnType<typeof handle> = (event, context) => {
  const environment = environmentFrom(process.env);
  const { account, region } = environment;
  api ??= handle(handlerFor(environment, () => ({ account, region })));
  return api(event, context);
};
