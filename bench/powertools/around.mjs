import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import middy from '@middy/core';
import { z } from 'zod';

/** The usual tools around a handler, as their documentation puts them together. */
export const around = (work) => {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'idempotency' });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
  return middy(work)
    .use(captureLambdaHandler(new Tracer({ serviceName: 'escalator' })))
    .use(injectLambdaContext(new Logger({ serviceName: 'escalator' })))
    .use(logMetrics(new Metrics({ namespace: 'Escalator', serviceName: 'escalator' })))
    .use(parser({ schema: z.object({ Records: z.array(z.object({ body: z.string() })) }) }))
    .use(makeHandlerIdempotent({ persistenceStore, config }));
};
