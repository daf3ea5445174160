import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { existsSync, readFileSync } from 'node:fs';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { type Environment, environmentFrom, variables } from '../../functions/support/environment.ts';
import { archiveOf } from '../../functions/support/seals.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { actingAllowed } from '../../shared/ladder/kill-switch.ts';
import { readKey, type VerifierKey } from '../../shared/proof/note.ts';
import { startEndpoints } from '../endpoints.ts';
import type { Options } from '../options.ts';
import { refused } from './read-archive.ts';
import { type Restored, type RestoreOptions, restoreTrail } from './restore.ts';

/** What a restore is told, wherever it is: the key from outside the archive, and who does it. */
export type Told = Pick<RestoreOptions, 'by' | 'now' | 'progress'> & { keyFile: string };

/** What stops all acting. */
const stop = 'stop';

/**
 * Restores the trail of a product on one machine that is stopped, from `archive` in its data directory. Nothing acts
 * when it is started again: the kill switch is thrown.
 *
 * @throws EscalatorError ESC-002 while it runs; ESC-006, ESC-051
 */
export const restoreOneMachine = async (
  told: Told,
  { data: dir, config: file }: Pick<Options, 'data' | 'config'>,
): Promise<Restored> => {
  const key = keyIn(told.keyFile);
  const { environment, stop: stopAll } = await startEndpoints(dir, file);
  try {
    await throwSwitch(environment);
    return await restoreTrail({ ...told, environment, archive: archiveOf(environment), key });
  } finally {
    await stopAll();
  }
};

/** Where the trail of an account is restored from, and to. */
export type OnAws = { account: string; region: string; bucket: string; table: string; killSwitch: string };

/**
 * Restores the trail of an account and Region from its archive into a table, with the credentials of the AWS SDK.
 *
 * @throws EscalatorError ESC-051 where Escalator may act meanwhile: nothing may, while its record is not whole
 */
export const restoreOnAws = async (told: Told, place: OnAws): Promise<Restored> => {
  const key = keyIn(told.keyFile);
  const { account, region, table } = place;
  const environment: Environment = {
    ...environmentFrom({ [variables.archiveBucket]: place.bucket, [variables.killSwitch]: place.killSwitch }),
    account,
    region,
    table,
  };
  await mustBeThrown(environment);
  return restoreTrail({ ...told, environment, archive: archiveOf(environment), key });
};

const throwSwitch = async (environment: Environment): Promise<void> => {
  const client = new SSMClient(clientConfig(environment));
  await client.send(
    new PutParameterCommand({ Name: environment.killSwitch, Value: stop, Type: 'String', Overwrite: true }),
  );
};

const mustBeThrown = async (environment: Environment): Promise<void> => {
  const client = new SSMClient(clientConfig(environment));
  const { Parameter } = await client.send(new GetParameterCommand({ Name: environment.killSwitch }));
  if (Parameter?.Value !== undefined && !Parameter.Value.trim().startsWith(actingAllowed)) return;
  throw refused(
    'Escalator may act',
    `throw the kill switch first: aws ssm put-parameter --name ${environment.killSwitch} --overwrite --value ${stop}`,
  );
};

const keyIn = (file: string): VerifierKey => {
  const key = existsSync(file) ? readKey(readFileSync(file, 'utf8')) : null;
  if (key !== null) return key;
  throw new EscalatorError('ESC-006', `${file} holds no public key`, 'give the one that escalator key once printed');
};
