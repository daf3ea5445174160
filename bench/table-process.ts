import { startEndpoint } from '../local/endpoint/endpoint.ts';
import { noOperations } from '../test/local/endpoint/harness.ts';

/** The AWS endpoint of one machine in a process of its own, on disk; says where it listens, and on demand what CPU time it has used. */
const { url } = await startEndpoint({
  dataDir: process.argv[2] ?? '',
  port: 0,
  account: '000000000000',
  region: 'us-east-1',
  operations: noOperations,
  log: console.error,
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
process.send?.({ endpoint: url });
