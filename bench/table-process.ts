import dynalite from 'dynalite';
import type { AddressInfo } from 'node:net';

/** A table store in a process of its own, on disk; says where it listens, and on demand what CPU time it has used. */
const server = dynalite({ path: process.argv[2] ?? '', createTableMs: 0 });
server.listen(0, '127.0.0.1', () => {
  process.send?.({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
