import { Socket } from 'node:net';
import { isMainThread, Worker } from 'node:worker_threads';

/**
 * Loaded into a release's process before its own code. File descriptor 3 is a pipe from the product: when the product
 * ends, however it ends, the pipe closes and the release goes with it. So a `kill -9` of the product leaves no process
 * behind that holds a port. A thread of its own watches, because the release's own may hang.
 */
const watch = (): void => {
  const line = new Socket({ fd: 3, readable: true, writable: false });
  line.on('error', () => undefined);
  line.on('close', () => process.kill(-process.pid, 'SIGKILL')); // it leads a process group: what it started goes too
  line.resume();
};

if (isMainThread) new Worker(new URL(import.meta.url), { execArgv: [] }).unref();
else watch();
