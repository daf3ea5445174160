import type { Environment } from './environment.ts';

/** How long one try of a call may take (ms), and how long it may take to be connected. A function outlives three of them. */
const tryAtMostMs = 15_000;
const connectAtMostMs = 3_000;

/**
 * What every AWS client is made with. On one machine all calls go to one loopback endpoint with made-up
 * credentials; on AWS the SDK finds Region, addresses and credentials by itself.
 *
 * A call that nobody answers fails, rather than use up the time of its function: without a limit the SDK waits for
 * ever. It is tried three times in all, with the SDK's own waits between; who must not call twice says `maxAttempts: 1`.
 */
export const clientConfig = (environment: Environment) => ({
  region: environment.region,
  retryMode: 'standard' as const,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: connectAtMostMs, requestTimeout: tryAtMostMs, throwOnRequestTimeout: true },
  ...(environment.endpoint !== null && {
    endpoint: environment.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
});

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date };

/** The same of whoever calls, wherever it calls: with its own credentials, or in a role that it was let into. */
export type ClientConfig = Omit<ReturnType<typeof clientConfig>, 'credentials'> & {
  credentials?: Credentials | (() => Promise<Credentials>);
};
