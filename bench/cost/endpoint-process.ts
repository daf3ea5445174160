import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import type { Environment } from '../../functions/support/environment.ts';
import { loadConfig } from '../../local/load-config.ts';
import { shipConfig } from '../../local/ship-config.ts';
import { baseEnvironment, startAws } from '../../local/aws.ts';
import { openDataDir } from '../../local/runtime/data-dir.ts';
import { provision } from '../../local/runtime/provision.ts';
import { startMeter } from './meter.ts';

/**
 * The AWS endpoint of one machine behind a meter, in a process of its own, so that its CPU time is not that of the
 * functions. Says where it is; answers each message with what was asked since the last.
 *
 * argv: the data directory, the configuration
 */
const [, , dir = '', file = ''] = process.argv;
const config = loadConfig(file);
const example = fileURLToPath(new URL('../../examples/shop', import.meta.url));
const data = openDataDir(dir);
const aws = await startAws({
  dir: data.dir,
  example,
  ports: { gitPort: 0, awsPort: 0 },
  admit: () => Promise.resolve({ admitted: true }),
  log: () => {},
});
const made = await provision(
  baseEnvironment({
    endpoint: aws.url,
    configFile: shipConfig(config, data.dir),
    digestKeyFile: data.digestKeyFile,
    archive: { dir: '', bucket: 'escalator-archive' },
    sealKey: { file: join(dir, 'seal.key'), kms: '' },
  }),
  config,
);
const s3 = new S3Client({ ...clientConfig(made), forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: 'escalator-archive' }));
const meter = await startMeter(aws.url);
const { terminal: _terminal, ...rest } = made;
const environment = JSON.parse(JSON.stringify(rest).replaceAll(aws.url, meter.url)) as Environment;
meter.read();
process.on('message', () => process.send?.(meter.read()));
process.on('disconnect', () => process.exit(0));
process.send?.(environment);
