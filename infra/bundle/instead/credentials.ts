import { fromEnv } from '@aws-sdk/credential-provider-env';

/** In place of the SDK's search for credentials: on Lambda they stand in the environment, and nowhere else. */
export const defaultProvider = fromEnv;
