import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import type { Environment } from '../../functions/support/environment.ts';
import { startEndpoints } from '../../local/endpoints.ts';
import { startMeter } from './meter.ts';

/**
 * The AWS endpoint of one machine behind a meter, in a process of its own, so that its CPU time is not that of the
 * functions. Says where it is; answers each message with what was asked since the last.
 *
 * argv: the data directory, the configuration, and `bare` where nothing is to be counted
 */
const [, , dir = '', file = '', how = ''] = process.argv;
const bucket = 'escalator-archive';
const { environment: made } = await startEndpoints(dir, file);
await new S3Client({ ...clientConfig(made), forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
const there = made.endpoint ?? '';
const meter = how === 'bare' ? { url: there, read: () => ({}) } : await startMeter(there);
const here = JSON.stringify({ ...made, archive: { dir: '', bucket } }).replaceAll(there, meter.url);
process.on('message', () => process.send?.(meter.read()));
process.on('disconnect', () => process.exit(0));
process.send?.(JSON.parse(here) as Environment);
