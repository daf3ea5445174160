import type { Environment } from './environment.ts';

/**
 * What every AWS client is made with. On one machine all calls go to one loopback endpoint with made-up
 * credentials; on AWS the SDK finds Region, addresses and credentials by itself.
 */
export const clientConfig = (environment: Environment) =>
  environment.endpoint === null
    ? { region: environment.region }
    : {
        region: environment.region,
        endpoint: environment.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      };
