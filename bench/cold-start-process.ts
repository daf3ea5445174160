/**
 * One cold start: reads a bundle and makes everything that its first call needs, without a network; says how long that
 * took. argv: the bundle, the configuration as functions are given it.
 */
import { pathToFileURL } from 'node:url';
import { environmentFrom, variables } from '../functions/support/environment.ts';

const [, , bundle = '', configFile = ''] = process.argv;
const environment = environmentFrom({
  ...process.env,
  [variables.account]: '000000000000',
  [variables.configFile]: configFile,
});
const before = process.cpuUsage();
const began = performance.now();
const { handlerFor } = (await import(pathToFileURL(bundle).href)) as { handlerFor: (...given: unknown[]) => unknown };
const made = handlerFor(environment, () => ({}));
const wall = performance.now() - began;
const { user, system } = process.cpuUsage(before);
if (typeof made !== 'function' && typeof made !== 'object') throw new Error(`${bundle} made nothing`);
process.stdout.write(
  JSON.stringify({ wall, cpu: (user + system) / 1_000, rss: process.memoryUsage.rss() / 1_048_576 }),
  () => process.exit(0),
);
