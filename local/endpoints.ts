import { fileURLToPath } from 'node:url';
import type { Environment } from '../functions/support/environment.ts';
import type { Config } from '../shared/config/config.ts';
import { account, type Aws, region, startAws } from './aws.ts';
import { loadConfig } from './load-config.ts';
import { type DataDir, openDataDir } from './runtime/data-dir.ts';
import { provision } from './runtime/provision.ts';
import { shipConfig } from './ship-config.ts';

/** The folder that seeds the example's repository. */
export const example = fileURLToPath(new URL('../examples/shop', import.meta.url));

/** Makes what functions use on this machine, where it is not there yet; answers what every function is told of it. */
export const environmentOn = (
  { url: endpoint }: Aws,
  data: DataDir,
  config: Config,
): Promise<Environment & { terminal: string }> =>
  provision(
    {
      account,
      region,
      endpoint,
      configFile: shipConfig(config, data.dir),
      digestKeyFile: data.digestKeyFile,
      archive: { dir: data.archiveDir, bucket: '' },
      sealKey: { file: data.sealKeyFile, kms: '' },
      table: 'escalator-trail',
      bucket: 'escalator-details',
      killSwitch: '/escalator/kill-switch',
      queues: { urgent: '', bulk: '', describe: '', acts: '', alerts: '', timers: '' },
      topics: {},
    },
    config,
  );

/** The endpoints of one machine by themselves: nothing flows between them, and no function is called. */
export type Endpoints = { environment: Environment; stop: () => Promise<void> };

/**
 * @param file the configuration
 * @throws EscalatorError ESC-002 while another process has the data directory
 */
export const startEndpoints = async (dir: string, file: string): Promise<Endpoints> => {
  const data = openDataDir(dir);
  const aws = await startAws({
    dir: data.dir,
    example,
    ports: { gitPort: 0, awsPort: 0 },
    admit: () => Promise.resolve({ admitted: true }),
    log: () => {},
  });
  const stop = async (): Promise<void> => {
    await aws.stop();
    data.close();
  };
  try {
    return { environment: await environmentOn(aws, data, loadConfig(file)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
