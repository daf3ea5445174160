import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/**
 * Puts the key for keyed digests where `keyedDigest` reads it: on AWS it is a secret, kept on the function's own disk.
 * Does nothing where the file is there already, as on one machine.
 *
 * @throws the SDK's error when the secret cannot be read: then nothing may be recorded, for it could not be redacted
 */
export const placeDigestKey = async (environment: Environment): Promise<void> => {
  const { digestKeyFile, digestKeySecret } = environment;
  if (!digestKeySecret || existsSync(digestKeyFile)) return;
  const client = new SecretsManagerClient(clientConfig(environment));
  const answer = await client.send(new GetSecretValueCommand({ SecretId: digestKeySecret }));
  // Written aside first: a file cut short would be a key that matches nothing.
  writeFileSync(`${digestKeyFile}.new`, answer.SecretString ?? '', { mode: 0o600 });
  renameSync(`${digestKeyFile}.new`, digestKeyFile);
};
