import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/**
 * Puts the key for keyed digests where `keyedDigest` reads it: on AWS it is a secret, read through Parameter Store and
 * kept on the function's own disk. Does nothing where the file is there already, as on one machine.
 *
 * @throws the SDK's error when the parameter cannot be read: then nothing may be recorded, for it could not be redacted
 */
export const placeDigestKey = async (environment: Environment): Promise<void> => {
  const { digestKeyFile, digestKeyParameter } = environment;
  if (!digestKeyParameter || existsSync(digestKeyFile)) return;
  const client = new SSMClient(clientConfig(environment));
  const answer = await client.send(new GetParameterCommand({ Name: digestKeyParameter, WithDecryption: true }));
  // Written aside first: a file cut short would be a key that matches nothing.
  writeFileSync(`${digestKeyFile}.new`, answer.Parameter?.Value ?? '', { mode: 0o600 });
  renameSync(`${digestKeyFile}.new`, digestKeyFile);
};
