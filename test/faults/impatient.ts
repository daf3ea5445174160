import type { SQSClient } from '@aws-sdk/client-sqs';

/** A client that lets what failed come back at once: with the growing waits between, five tries take half a minute. */
export const impatient = (client: SQSClient): SQSClient => {
  client.middlewareStack.add(
    (next) => (args) => {
      if ('VisibilityTimeout' in args.input) (args.input as { VisibilityTimeout: number }).VisibilityTimeout = 0;
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
};
